"""The door for reading quarantine: how many events lie there and why, some of them, one of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet

from banso.intake.models import Quarantined
from banso.intake.queries.event_reasons import Words, words_of
from banso.people import queries as people
from banso.shared.privacy import veiled, veiled_json

PAGE: Final = 50
LONGEST_SHOWN: Final = 100
_NAME: Final = re.compile(r'"event"\s*:\s*"([^"\\]{1,100})"')
_READ: Final = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True)
class ReasonRow:
    """A reason why events could not be counted: how many, how many of them can be tried again, and the newest."""

    reason: str
    words: Words
    count: int
    whole: int
    last_at: datetime


@dataclass(frozen=True)
class QuarantinedRow:
    """One event in quarantine; `shown` is the start of it, veiled."""

    id: int
    name: str
    person: str
    words: Words
    reason: str
    received_at: datetime
    key: str
    path: str
    shown: str
    is_whole: bool
    discarded_at: datetime | None
    discarded_by: str


@dataclass(frozen=True)
class QuarantinedDetail:
    """One event in quarantine with all that was kept of it: to be read (`veiled`), and to be corrected (`event`)."""

    row: QuarantinedRow
    place: str
    marks: tuple[str, ...]
    sent_at: str
    veiled: str
    event: str


@dataclass(frozen=True)
class QuarantinePage:
    """Some events in quarantine, the newest first."""

    rows: list[QuarantinedRow]
    page: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        return min(self.total, (self.page - 1) * PAGE + 1)

    @property
    def last(self) -> int:
        return (self.page - 1) * PAGE + len(self.rows)


@dataclass(frozen=True)
class Totals:
    """How many events wait for a decision, and how many were discarded and are still kept."""

    waiting: int
    discarded: int


def totals() -> Totals:
    """Return how many events lie in quarantine."""
    found = Quarantined.objects.aggregate(
        waiting=Count("pk", filter=Q(discarded_at=None)), discarded=Count("pk", filter=Q(discarded_at__isnull=False))
    )
    return Totals(**found)


def reasons() -> list[ReasonRow]:
    """Return why events lie in quarantine, the most frequent reason first."""
    found = (
        Quarantined.objects.filter(discarded_at=None)
        .values("reason")
        .annotate(count=Count("pk"), whole=Count("pk", filter=Q(is_whole=True)), last_at=Max("received_at"))
        .order_by("-count", "reason")
    )
    return [ReasonRow(words=words_of(one["reason"]), **one) for one in found]


def page(*, reason: str = "", is_discarded: bool = False, number: int = 1) -> QuarantinePage:
    """Return a page of events, of a reason or of all."""
    pages = Paginator(found(reason, is_discarded=is_discarded), PAGE)
    some = pages.get_page(number)
    return QuarantinePage(rows=rows(some.object_list), page=some.number, pages=pages.num_pages, total=pages.count)


def one(event_id: int) -> QuarantinedDetail | None:
    """Return one event, or None where it is not there."""
    found = Quarantined.objects.filter(pk=event_id).first()
    if found is None:
        return None
    return QuarantinedDetail(
        row=_row(found, _keys()),
        place=found.place,
        marks=tuple(found.marks),
        sent_at=found.sent_at,
        veiled=veiled_json(found.event),
        event=found.event,
    )


def exported(*, reason: str = "", is_discarded: bool = False) -> Iterator[dict[str, object]]:
    """Yield events as they were sent, with their reason: for repair outside."""
    for row in found(reason, is_discarded=is_discarded).iterator(chunk_size=500):
        yield {
            "reason": row.reason,
            "received_at": row.received_at.isoformat(),
            "path": row.path,
            "is_whole": row.is_whole,
            "place": row.place,
            "event": row.event,
        }


def found(reason: str, *, is_discarded: bool) -> QuerySet[Quarantined]:
    """Return the events that wait, or were discarded: of a reason or of all, the newest first."""
    some = Quarantined.objects.filter(discarded_at__isnull=not is_discarded)
    if reason:
        some = some.filter(reason=reason)
    return some.order_by("-received_at", "-pk")


def rows(some: Iterable[Quarantined]) -> list[QuarantinedRow]:
    """Return events as lists show them; one query."""
    keys = _keys()
    return [_row(one, keys) for one in some]


def _row(one: Quarantined, keys: dict[int, str]) -> QuarantinedRow:
    said = _said(one.event)
    named = said.get("event") or said.get("name") or said.get("type") or _name_in(one.event)
    return QuarantinedRow(
        id=one.pk,
        name=_short(named),
        person=_short(said.get("userId") or said.get("anonymousId") or ""),
        words=words_of(one.reason),
        reason=one.reason,
        received_at=one.received_at,
        key=keys.get(one.source or 0, ""),
        path=one.path,
        shown=_short(one.event),
        is_whole=one.is_whole,
        discarded_at=one.discarded_at,
        discarded_by=one.discarded_by,
    )


def _keys() -> dict[int, str]:
    found = people.keys()
    return {key.id: key.name for key in found}


def _said(event: str) -> dict[str, Any]:
    try:
        return _READ.decode(event)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return {}


def _name_in(cut: str) -> str:
    """Return the event's name where only a start of it was kept."""
    found = _NAME.search(cut)
    return found[1] if found else ""


def _short(value: object) -> str:
    text = value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""
    return veiled(text[:LONGEST_SHOWN]) + ("…" if len(text) > LONGEST_SHOWN else "")
