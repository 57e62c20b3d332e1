"""The door for reading the journal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Value

from banso.journal.models import Entry
from banso.people import queries as people


@dataclass(frozen=True)
class Row:
    """One thing that happened, as pages and followers of the journal see it."""

    id: int
    at: datetime
    verb: str
    account_id: int | None
    actor: str
    actor_kind: str
    subject_kind: str
    subject_id: int | None
    subject_label: str
    details: dict[str, Any]
    actor_id: int | None = None


@dataclass(frozen=True)
class Sought:
    """What somebody looks for in the audit; what is empty does not narrow it."""

    verb: str = ""  # whole ("user.added") or its area ("user.")
    who: str = ""  # part of an author's name
    account_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class AuditPage:
    """Some of the rows that were found, newest first, and how many there are in all."""

    rows: list[Row]
    total: int


def timeline(account_ids: Iterable[int], *, before: tuple[datetime, int] | None = None, limit: int = 50) -> list[Row]:
    """Return the newest entries of some accounts, newest first; `before` is (at, id) of the last row already seen."""
    entries = Entry.objects.filter(account_id__in=list(account_ids))
    if before is not None:
        at, last = before
        entries = entries.filter(Q(at__lt=at) | Q(at=at, pk__lt=last))
    return [_row(entry) for entry in entries.order_by("-at", "-pk")[:limit]]


def since(cursor: int, *, verbs: Iterable[str] | None = None, limit: int = 1000) -> list[Row]:
    """Return entries written after a cursor (the last id read), oldest first."""
    entries = Entry.objects.filter(pk__gt=cursor)
    if verbs is not None:
        entries = entries.filter(verb__in=list(verbs))
    return [_row(entry) for entry in entries.order_by("pk")[:limit]]


def changes(verb: str, names: Iterable[str]) -> list[tuple[int, datetime, dict[str, Any]]]:
    """Return when subjects changed one of some fields, oldest first: subject id, moment, old and new by field."""
    entries = Entry.objects.filter(verb=verb, details__changes__has_any_keys=list(names)).order_by("at", "pk")
    return [
        (subject_id, at, details["changes"])
        for subject_id, at, details in entries.values_list("subject_id", "at", "details")
        if subject_id is not None
    ]


def audit(sought: Sought, *, offset: int = 0, limit: int = 50) -> AuditPage:
    """Return what anybody did, newest first: to accounts (the journal), and to users, keys and settings (people)."""
    sides = _sides(sought)
    total = sum(side.count() for side in sides)
    return AuditPage([_audit_row(row) for row in _together(sides)[offset : offset + limit]], total)


def audit_rows(sought: Sought) -> Iterator[Row]:
    """Yield all that `audit` would find, newest first, without holding it in memory."""
    for row in _together(_sides(sought)).iterator(chunk_size=2000):
        yield _audit_row(row)


def verbs() -> list[str]:
    """Return all that ever happened, by name."""
    entries = Entry.objects.order_by("verb").values_list("verb", flat=True).distinct()
    changes = people.changes().order_by("verb").values_list("verb", flat=True).distinct()
    return sorted({*entries, *changes})


def _sides(sought: Sought) -> list[QuerySet[Any, dict[str, Any]]]:
    entries = Entry.objects.values(*people.CHANGE_COLUMNS)
    sides = [entries.filter(_wanted(sought)).annotate(source=Value("journal"))]
    if sought.account_id is not None:
        return [side.filter(account_id=sought.account_id) for side in sides]
    return [*sides, people.changes().filter(_wanted(sought)).annotate(source=Value("people"))]


def _together(sides: list[QuerySet[Any, dict[str, Any]]]) -> QuerySet[Any, dict[str, Any]]:
    first, *others = sides
    found = first.union(*others, all=True) if others else first
    return found.order_by("-at", "source", "-id")


def _wanted(sought: Sought) -> Q:
    wanted = Q(verb__startswith=sought.verb) if sought.verb.endswith(".") else Q()
    if sought.verb and not sought.verb.endswith("."):
        wanted &= Q(verb=sought.verb)
    if sought.who:
        wanted &= Q(actor_label__icontains=sought.who)
    if sought.since is not None:
        wanted &= Q(at__gte=sought.since)
    if sought.until is not None:
        wanted &= Q(at__lt=sought.until)
    return wanted


def _audit_row(row: dict[str, Any]) -> Row:
    return Row(
        id=row["id"],
        at=row["at"],
        verb=row["verb"],
        account_id=row["account_id"],
        actor=row["actor_label"],
        actor_kind=row["actor_kind"],
        actor_id=row["actor_id"],
        subject_kind=row["subject_kind"],
        subject_id=row["subject_id"],
        subject_label=row["subject_label"],
        details=row["details"],
    )


def _row(entry: Entry) -> Row:
    return Row(
        id=entry.pk,
        at=entry.at,
        verb=entry.verb,
        account_id=entry.account_id,
        actor=entry.actor_label,
        actor_kind=entry.actor_kind,
        actor_id=entry.actor_id,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        subject_label=entry.subject_label,
        details=entry.details,
    )
