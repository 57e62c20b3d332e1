"""Add, change, pause, resume and remove sources, and say what is read from them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings as django
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from banso.intake.actions.sources.parts import secrets_of
from banso.intake.models import Feed, Kind, Source, SourceKind
from banso.intake.queries.connectors import addresses, folder, web
from banso.intake.rules import crm, sealing
from banso.intake.rules.sourcing import SourceProblem
from banso.journal import actions as journal
from banso.people.access import Actor

# Where secrets go, in whose name, and how: for another place they must be given anew.
SECRETS_GO_TO: Final = ("host", "port", "user", "tls", "address", "client_id")


class NameTaken(Exception):
    """Another source has this name."""


@transaction.atomic
def add(
    *,
    kind: str,
    name: str,
    settings: Mapping[str, Any],
    every_minutes: int,
    by: Actor,
    now: datetime,
    secrets: Mapping[str, str] | None = None,
) -> Source:
    """Add a source, to be read as soon as something of it is confirmed; raises SourceProblem, NameTaken."""
    _check(kind, settings)
    source = Source(
        kind=SourceKind(kind),
        name=name,
        settings=dict(settings),
        sealed=_sealed(secrets or {}),
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
    *,
    source_id: int,
    name: str,
    settings: Mapping[str, Any],
    every_minutes: int,
    by: Actor,
    now: datetime,
    secrets: Mapping[str, str] | None = None,
) -> None:
    """Change a source; a new rhythm counts from its last time, and secrets that are not given stay.

    Where it lies elsewhere now, its secrets must be given anew: nobody sends what they do not know to a place of their
    choice. Raises SourceProblem, NameTaken.
    """
    source = _locked(source_id).get()
    _check(source.kind, settings)
    secrets = secrets or {}
    kept = _kept(source, given=bool(secrets)) if secrets_stay(source.settings, settings) else {}
    before = {"name": source.name, "every_minutes": source.every_minutes, **source.settings}
    after = {"name": name, "every_minutes": every_minutes, **settings}
    changed: dict[str, Any] = {key: [before.get(key), new] for key, new in after.items() if before.get(key) != new}
    source.due_at += timedelta(minutes=every_minutes - source.every_minutes)
    source.name, source.settings, source.every_minutes = name, dict(settings), every_minutes
    source.sealed = _sealed({**kept, **secrets})
    _save(source)
    if secrets:
        changed["secrets"] = sorted(secrets)  # their names, never themselves
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
def add_feed(
    *,
    source_id: int,
    kind: str,
    what: str,
    cursor_column: str = "",
    starts_at: str = "",
    by: Actor,
    now: datetime,
) -> Feed:
    """Say what is read from a source, and as what; it is read once somebody has confirmed its columns."""
    source = _locked(source_id).get()
    if source.kind in crm.OBJECTS:
        cursor_column = crm.OBJECTS[source.kind][what].cursor
    feed = Feed.objects.create(
        source=source, kind=Kind(kind), what=what, cursor_column=cursor_column, starts_at=starts_at, made_at=now
    )
    _tell("source.changed", source, {"kind": kind, "to": what[:300]}, by=by, now=now)
    return feed


@transaction.atomic
def start_over(*, feed_id: int, by: Actor, now: datetime) -> None:
    """Let a feed be read from its beginning the next time; what is there already stays as it is."""
    feed = Feed.objects.select_related("source").get(pk=feed_id)
    Feed.objects.filter(pk=feed_id).update(cursor="")
    _tell("source.started_over", feed.source, {"kind": feed.kind, "from": feed.cursor}, by=by, now=now)


@transaction.atomic
def remove_feed(*, feed_id: int, by: Actor, now: datetime) -> None:
    """Let something be read from a source no longer; what it brought in stays."""
    feed = Feed.objects.select_related("source").get(pk=feed_id)
    _tell("source.changed", feed.source, {"kind": feed.kind, "removed": feed.what[:300]}, by=by, now=now)
    feed.delete()


def secrets_stay(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Return whether a source keeps its secrets with new settings: they go to the same place, for the same name."""
    return all(before.get(key) == after.get(key) for key in SECRETS_GO_TO)


def _check(kind: str, settings: Mapping[str, Any]) -> None:
    if kind == SourceKind.FOLDER:
        folder.check(settings["folder"])
    elif settings.get("host"):
        addresses.checked(settings["host"], int(settings["port"]))
    elif settings.get("address"):
        web.check(settings["address"])


def _kept(source: Source, *, given: bool) -> Mapping[str, str]:
    """Return the secrets of a source; those that nobody can open any more do not hinder that new ones are given."""
    try:
        return secrets_of(source)
    except SourceProblem:
        if given:
            return {}
        raise


def _sealed(secrets: Mapping[str, str]) -> str:
    return sealing.seal({name: value for name, value in secrets.items() if value}, django.SECRETS_KEYS)


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
