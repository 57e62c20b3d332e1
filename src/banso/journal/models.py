"""One row for each thing that happened; rows are added, never changed."""

from typing import Any, ClassVar

from django.db import models


class Unalterable(Exception):
    """What was written into the journal stays as it was written."""


class EntryQuerySet(models.QuerySet["Entry"]):
    def update(self, **_fields: Any) -> int:
        raise Unalterable

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Unalterable


class Entry(models.Model):
    """Who did what to which account, when; plain ids and labels, as a journal outlives what it tells of."""

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

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account_id", "-at", "-id"], name="entry_by_account"),
            models.Index(fields=["verb", "-at"], name="entry_by_verb"),
            models.Index(fields=["-at", "-id"], name="entry_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise Unalterable
        super().save(**options)

    def delete(self, *_args: Any, **_options: Any) -> tuple[int, dict[str, int]]:
        raise Unalterable
