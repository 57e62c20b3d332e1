"""What the API remembers between calls: answers given under an idempotency key, and how often each key asked."""

from typing import ClassVar

from django.db import models


class Reply(models.Model):
    """The answer to a call that named an Idempotency-Key; without a status while the call is still at work."""

    key_id = models.BigIntegerField()
    route = models.CharField(max_length=300)
    name = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    claimed_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key_id", "route", "name"], name="reply_is_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.name}"


class Tally(models.Model):
    """How many calls a key made in its latest minute; one row for each key, so that nothing needs clearing away."""

    key_id = models.BigIntegerField(primary_key=True)
    minute = models.BigIntegerField()
    calls = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key_id}: {self.calls}"
