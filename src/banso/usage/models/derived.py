"""Events that measures tell apart by their properties: declared once, and counted by the roll-ups from then on."""

from typing import ClassVar

from django.db import models


class DerivedEvent(models.Model):
    """Events of a name (none: all product use) that meet all conditions; a property may be their value."""

    key = models.CharField(max_length=50, unique=True)
    event = models.CharField(max_length=200, blank=True)
    where = models.JSONField(default=list)  # of texts, as `shared.conditions.condition_of` reads them
    value_of = models.CharField(max_length=200, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(key__startswith="derived:"), name="derived_event_has_its_key"),
        ]

    def __str__(self) -> str:
        return f"{self.event or '*'}: {self.where} {self.value_of}"
