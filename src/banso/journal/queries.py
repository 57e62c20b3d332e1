"""The door for reading the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from banso.journal.models import Entry


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


def timeline(account_ids: Iterable[int], *, before: tuple[datetime, int] | None = None, limit: int = 50) -> list[Row]:
    """Return the newest entries of some accounts, newest first; `before` is the (at, id) of the last row already seen."""
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


def _row(entry: Entry) -> Row:
    return Row(
        id=entry.pk,
        at=entry.at,
        verb=entry.verb,
        account_id=entry.account_id,
        actor=entry.actor_label,
        actor_kind=entry.actor_kind,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        subject_label=entry.subject_label,
        details=entry.details,
    )
