"""Scorecards that are being worked on: nothing of them counts until one is published."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from banso.health.models.definitions import Scorecard


class Draft(models.Model):
    """A scorecard that somebody works on, from a version on; open until it is published or discarded."""

    based_on = models.ForeignKey(Scorecard, null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    discarded_at = models.DateTimeField(null=True)
    discarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_as = models.ForeignKey(Scorecard, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(discarded_at__isnull=True) | models.Q(published_as__isnull=True),
                name="draft_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class DraftRevision(models.Model):
    """What a draft said after one save; the newest counts, and a revision never changes."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()  # health.rules.Definition as plain JSON
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "number"], name="draft_revision_is_unique"),
        ]

    def __str__(self) -> str:
        return f"draft {self.draft_id} r{self.number}"
