"""One row for each thing that happened; rows are added, never changed."""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """Who did what to which account, when. Plain ids and labels, no foreign keys: a journal outlives what it tells of."""

    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    account_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account_id", "-at", "-id"], name="entry_by_account"),
            models.Index(fields=["verb", "-at"], name="entry_by_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"
