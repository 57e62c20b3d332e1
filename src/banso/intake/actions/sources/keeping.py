"""Add, change, pause, resume and remove sources, and say what is read from them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from banso.intake.models import Feed, Kind, Source, SourceKind
from banso.intake.queries.connectors import folder
from banso.journal import actions as journal
from banso.people.access import Actor


class NameTaken(Exception):
    """Another source has this name."""


@transaction.atomic
def add(*, kind: str, name: str, settings: Mapping[str, Any], every_minutes: int, by: Actor, now: datetime) -> Source:
    """Add a source, to be read as soon as something of it is confirmed; raises SourceProblem, NameTaken."""
    _check(settings)
    source = Source(
        kind=SourceKind(kind),
        name=name,
        settings=dict(settings),
        every_minutes=every_minutes,
        due_at=now,
        made_at=now,
        made_by=by.label[:200],
    )
    _save(source)
    _tell("source.added", source, {"kind": kind}, by=by, now=now)
    return source


@transaction.atomic
def change(
    *, source_id: int, name: str, settings: Mapping[str, Any], every_minutes: int, by: Actor, now: datetime
) -> None:
    """Change a source; a new rhythm counts from its last time. Raises SourceProblem, NameTaken."""
    _check(settings)
    source = _locked(source_id).get()
    before = {"name": source.name, "every_minutes": source.every_minutes, **source.settings}
    due_at = source.due_at + timedelta(minutes=every_minutes - source.every_minutes)
    source.name, source.settings, source.every_minutes, source.due_at = name, dict(settings), every_minutes, due_at
    _save(source)
    after = {"name": name, "every_minutes": every_minutes, **settings}
    changed = {key: [before.get(key), value] for key, value in after.items() if before.get(key) != value}
    if changed:
        _tell("source.changed", source, changed, by=by, now=now)


@transaction.atomic
def pause(*, source_id: int, by: Actor, now: datetime) -> None:
    """Let a source not be read by itself until it is resumed; pausing it again changes nothing."""
    source = _locked(source_id).get()
    if source.paused_at is None:
        source.paused_at, source.paused_by = now, by.label[:200]
        source.save(update_fields=["paused_at", "paused_by"])
        _tell("source.paused", source, {}, by=by, now=now)


@transaction.atomic
def resume(*, source_id: int, by: Actor, now: datetime) -> None:
    """Let a paused source be read again; what it missed is read at once."""
    source = _locked(source_id).get()
    if source.paused_at is not None:
        source.paused_at, source.paused_by = None, ""
        source.save(update_fields=["paused_at", "paused_by"])
        _tell("source.resumed", source, {}, by=by, now=now)


@transaction.atomic
def remove(*, source_id: int, by: Actor, now: datetime) -> None:
    """Remove a source with what is known of its runs; what it brought in stays."""
    source = _locked(source_id).get()
    _tell("source.removed", source, {"kind": source.kind}, by=by, now=now)
    source.delete()


@transaction.atomic
def add_feed(*, source_id: int, kind: str, what: str, by: Actor, now: datetime) -> Feed:
    """Say what is read from a source, and as what; it is read once somebody has confirmed its columns."""
    source = _locked(source_id).get()
    feed = Feed.objects.create(source=source, kind=Kind(kind), what=what, made_at=now)
    _tell("source.changed", source, {"kind": kind, "to": what}, by=by, now=now)
    return feed


@transaction.atomic
def remove_feed(*, feed_id: int, by: Actor, now: datetime) -> None:
    """Let something be read from a source no longer; what it brought in stays."""
    feed = Feed.objects.select_related("source").get(pk=feed_id)
    _tell("source.changed", feed.source, {"kind": feed.kind, "removed": feed.what}, by=by, now=now)
    feed.delete()


def _check(settings: Mapping[str, Any]) -> None:
    folder.check(settings["folder"])


def _save(source: Source) -> None:
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError as error:
        raise NameTaken(source.name) from error


def _locked(source_id: int) -> QuerySet[Source]:
    return Source.objects.select_for_update().filter(pk=source_id)


def _tell(verb: str, source: Source, details: Mapping[str, Any], *, by: Actor, now: datetime) -> None:
    news = journal.News(
        verb, subject_kind="source", subject_id=source.pk, subject_label=source.name, details=dict(details)
    )
    journal.write(news, by=by, now=now)
