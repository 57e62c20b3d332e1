"""What health is made of: versions of measures and of scorecards."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class MeasureVersion(models.Model):
    """One version of a measure. The newest is in force, unless it retires the measure; a version never changes."""

    key = models.CharField(max_length=50)
    version = models.PositiveIntegerField()
    definition = models.JSONField()  # health.rules.Count as plain JSON, without the key
    is_retired = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    defined_at = models.DateTimeField()
    defined_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="measure_version_is_unique"),
            models.CheckConstraint(condition=~models.Q(key=""), name="measure_key_is_given"),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class Scorecard(models.Model):
    """One version of the definition of health. The newest published one is in force; a version never changes."""

    name = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    definition = models.JSONField()  # health.rules.Definition as plain JSON
    note = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version"], name="scorecard_version_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
