"""What staff think of accounts, beside the score."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from banso.health.models import Pulse
from banso.health.queries.columns import counting_pulses


@dataclass(frozen=True)
class PulseRow:
    """One pulse: 1 (will leave) to 5 (thriving), who gave it, when and why."""

    id: int
    account_id: int
    rating: int
    reason: str
    given_by: str
    given_by_id: int | None
    given_at: datetime


def pulses(account_ids: Iterable[int], *, limit: int = 100) -> list[PulseRow]:
    """Return the pulses of some accounts, newest first, without those taken back."""
    return _rows(counting_pulses().filter(account_id__in=list(account_ids)), limit)


def pulses_of_visible(
    visible: QuerySet[Any], *, rating: int | None = None, given_by: int | None = None
) -> QuerySet[Pulse]:
    """Lend the pulses of the accounts given, newest first, for paging; `pulse_rows` turns a page of them into rows."""
    found = counting_pulses().filter(account__in=visible.order_by().values("pk")).select_related("given_by")
    if rating is not None:
        found = found.filter(rating=rating)
    return found if given_by is None else found.filter(given_by=given_by)


def pulse_rows(found: Iterable[Pulse]) -> list[PulseRow]:
    """Return pulses as rows."""
    return [_row(one) for one in found]


def pulse_with(pulse_id: int) -> PulseRow | None:
    """Return one pulse that was not taken back."""
    return next(iter(_rows(counting_pulses().filter(pk=pulse_id), 1)), None)


def latest_pulses(account_ids: Iterable[int]) -> dict[int, PulseRow]:
    """Return the newest pulse of each account; accounts without one are missing. One query."""
    newest: dict[int, PulseRow] = {}
    for row in pulses(account_ids, limit=100_000):
        newest.setdefault(row.account_id, row)
    return newest


def _rows(found: QuerySet[Pulse], limit: int) -> list[PulseRow]:
    return pulse_rows(found.select_related("given_by")[:limit])


def _row(one: Pulse) -> PulseRow:
    return PulseRow(
        id=one.pk,
        account_id=one.account_id,
        rating=one.rating,
        reason=one.reason,
        given_by=(one.given_by.name or one.given_by.email) if one.given_by else "",
        given_by_id=one.given_by_id,
        given_at=one.given_at,
    )
