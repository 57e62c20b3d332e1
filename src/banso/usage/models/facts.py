"""What is known of the events of each name, as it was counted last."""

from typing import ClassVar

from django.db import models


class EventFacts(models.Model):
    """How often a name came, by whom, when, and with which properties; made anew by the describing job."""

    event = models.OneToOneField("usage.EventName", on_delete=models.CASCADE, primary_key=True, related_name="facts")
    n = models.BigIntegerField(default=0)
    n_recent = models.BigIntegerField(default=0)  # in the last 30 days, as people and accounts are
    people = models.BigIntegerField(default=0)
    accounts = models.BigIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    days = models.JSONField(default=list)  # how many on each of the last 30 days, the oldest first
    # {name, types: {type: count}, examples: [...], low, high} of a sample of the newest; nothing that tells of people.
    properties = models.JSONField(default=list)
    described_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-n_recent", "event"], name="facts_by_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.n}"
