"""What the relational side knows of usage: event names and files taken in. The events themselves live in the lake."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from banso.usage.models.derived import DerivedEvent
from banso.usage.models.facts import EventFacts
from banso.usage.models.identity import Alias, Attachment, Membership, SetAside

__all__ = ["Alias", "Attachment", "DerivedEvent", "EventFacts", "EventKind", "EventName", "Membership", "SetAside"]


class EventKind(models.TextChoices):
    FEATURE = "feature", _("Feature")
    MOMENT = "moment", _("Moment")  # shown on the timeline, not counted as product use: a ticket, a departure
    METER = "meter", _("Meter")  # its values are summed against a contract's limit
    IGNORED = "ignored", _("Ignored")


class EventName(models.Model):
    """A name that events came with, and what it stands for."""

    name = models.CharField(max_length=200, unique=True)
    label = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=EventKind, default=EventKind.FEATURE)
    # The bit of this name in the feature masks of the user-day roll-up; given once, never reused.
    bit = models.PositiveIntegerField(unique=True)
    first_seen_at = models.DateTimeField()
    # Two names of one thing: events of this one count as those of the other, whatever kind it has.
    counts_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=EventKind.values), name="event_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(counts_as=None) | ~models.Q(counts_as=models.F("id")),
                name="event_counts_as_another",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.name


class Release(models.Model):
    """A version of our product, or a day on which something new came."""

    name = models.CharField(max_length=100, unique=True)
    released_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="release_name_is_given"),
        ]

    def __str__(self) -> str:
        return self.name


class ReleasedFeature(models.Model):
    """A feature that came with a release, and the plans and options it is part of; none named, all have it."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="features")
    event = models.OneToOneField(EventName, on_delete=models.CASCADE, related_name="+")
    included_in = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.release_id}: {self.event_id}"
