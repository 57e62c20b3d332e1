"""Say what an event's name stands for."""

from datetime import datetime

from django.db import transaction

from banso.journal import actions as journal
from banso.people.access import Actor
from banso.usage.models import EventKind, EventName


class NoSuchEvent(LookupError):
    """No event ever came with this name."""


class NoSuchKind(ValueError):
    """The kind is none of feature, moment, meter, ignored."""


@transaction.atomic
def classify_event(name: str, *, kind: str, by: Actor, now: datetime, label: str | None = None) -> bool:
    """Change what a name stands for, and its label where one is given; return whether the roll-ups must be made anew.

    The caller then queues `jobs.roll_up_usage`; until it has run, measures count by the old meaning.
    """
    if kind not in EventKind.values:
        raise NoSuchKind(kind)
    event = EventName.objects.select_for_update().filter(name=name).first()
    if event is None:
        raise NoSuchEvent(name)
    before = event.kind
    event.kind = EventKind(kind)
    event.label = event.label if label is None else label
    event.save(update_fields=["kind", "label"])
    if before != kind:
        journal.write(
            journal.News(
                "usage.event_classified",
                subject_kind="event_name",
                subject_id=event.pk,
                subject_label=name,
                details={"from": str(before), "to": kind},
            ),
            by=by,
            now=now,
        )
    return before != kind
