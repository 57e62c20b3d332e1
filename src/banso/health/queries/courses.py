"""How measures went over the weeks, as events happened or as it was known on each Monday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from banso.health.queries.gathering import book, contract_facts, counted_by_week
from banso.health.rules import Count
from banso.health.rules.spreads import spread_of
from banso.usage import queries as usage

if TYPE_CHECKING:
    from django.db.models import QuerySet

WEEKS: Final = 26


@dataclass(frozen=True)
class CourseRow:
    """A measure as of a Monday: of how many accounts it was known, and the 10th, 50th and 90th of a hundred."""

    week: date
    known: int
    low: float | None
    middle: float | None
    high: float | None


@dataclass(frozen=True)
class ValueRow:
    """A measure of one account as of a Monday; None is not known."""

    week: date
    value: float | None


def course(
    count: Count, *, until: date, visible: "QuerySet[Any]", weeks: int = WEEKS, known: usage.Known = "event"
) -> list[CourseRow]:
    """Return how a measure was spread over visible accounts as of the last Mondays, oldest first.

    An account counts while it is a customer, from its first event (or contract, where contracts are measured) on.
    """
    mondays = usage.mondays(until - timedelta(weeks=weeks - 1), until)
    customers = book()
    ids = list(visible.order_by("pk").values_list("pk", flat=True))
    left = customers.select("account_id", "left_on")
    frame = _of_weeks(count, mondays, customers.filter(pl.col("account_id").is_in(ids)), known).join(
        left, on="account_id"
    )
    frame = frame.filter(pl.col("left_on").is_null() | (pl.col("left_on") > pl.col("on")))
    rows = []
    for monday in mondays:
        spread = spread_of(frame.filter(pl.col("on") == monday)[count.key], is_whole=False)
        rows.append(CourseRow(monday, spread.known, spread.low, spread.middle, spread.high))
    return rows


def course_of(
    count: Count, account_id: int, *, until: date, weeks: int = WEEKS, known: usage.Known = "event"
) -> list[ValueRow]:
    """Return a measure of one account as of the last Mondays, oldest first; weeks before it was there have no value."""
    mondays = usage.mondays(until - timedelta(weeks=weeks - 1), until)
    frame = _of_weeks(count, mondays, book().filter(pl.col("account_id") == account_id), known)
    values = dict(frame.select("on", count.key).rows())
    return [ValueRow(monday, values.get(monday)) for monday in mondays]


def _of_weeks(count: Count, mondays: Sequence[date], customers: pl.DataFrame, known: usage.Known) -> pl.DataFrame:
    return counted_by_week([count], mondays, customers, contract_facts(mondays), as_known=known)
