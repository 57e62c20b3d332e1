"""Say what an event's name stands for: a feature, a moment, a meter, nothing; or the same as another name."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from banso.journal import actions as journal
from banso.people.access import Actor
from banso.usage.models import EventKind, EventName


class NoSuchEvent(LookupError):
    """No event ever came with this name."""


class NoSuchKind(ValueError):
    """The kind is none of feature, moment, meter, ignored."""


class CannotMerge(ValueError):
    """A name cannot count as itself, as one that counts as another, or while others count as it."""


@transaction.atomic
def classify_event(name: str, *, kind: str, by: Actor, now: datetime, label: str | None = None) -> bool:
    """Change what a name stands for, and its label where one is given; return whether it counts in another way now.

    Until the next roll-up, which counts everything anew then, measures count by the old meaning.
    """
    if kind not in EventKind.values:
        raise NoSuchKind(kind)
    event = _found(name)
    before, label_before = event.kind, event.label
    event.kind = EventKind(kind)
    event.label = event.label if label is None else label.strip()[:200]
    event.save(update_fields=["kind", "label"])
    if before != kind:
        _tell("usage.event_classified", event, {"from": str(before), "to": kind}, by=by, now=now)
    if event.label != label_before and label_before:
        _tell("usage.event_renamed", event, {"name": [label_before, event.label]}, by=by, now=now)
    return before != kind


@transaction.atomic
def merge_event(name: str, *, into: str | None, by: Actor, now: datetime) -> bool:
    """Let events of a name count as those of another from the next roll-up on, past ones too; None: for themselves.

    The lake keeps both names, so that it can be undone. Raises NoSuchEvent, CannotMerge. Return whether it changed.
    """
    event = _found(name)
    other = _found(into) if into else None
    if other is not None and (other == event or other.counts_as_id or event.merged.exists()):
        raise CannotMerge(name)
    if event.counts_as_id == (other.pk if other else None):
        return False
    before = event.counts_as.name if event.counts_as else ""
    event.counts_as = other
    event.save(update_fields=["counts_as"])
    _tell("usage.event_merged", event, {"counts_as": [before, other.name if other else ""]}, by=by, now=now)
    return True


def _found(name: str) -> EventName:
    event = EventName.objects.select_for_update().filter(name=name).first()
    if event is None:
        raise NoSuchEvent(name)
    return event


def _tell(verb: str, event: EventName, details: Mapping[str, object], *, by: Actor, now: datetime) -> None:
    news = journal.News(verb, subject_kind="event_name", subject_id=event.pk, subject_label=event.name, details=details)
    journal.write(news, by=by, now=now)
