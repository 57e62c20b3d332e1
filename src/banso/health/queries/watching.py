"""What the watch over accounts reads: whole weeks of use, the calendar, seats, and who is alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.health.models import Outlook, Watching
from banso.health.queries.gathering import contract_facts
from banso.health.queries.naming import ids_of
from banso.people.queries import CompanyRow
from banso.science.calendar import JAPANESE_CLOSINGS, WorkingDays, weekday_profile
from banso.science.courses import Volumes
from banso.shared.businessdays import Calendar
from banso.usage import queries as usage

WEEKS: Final = 104
WEEK: Final = timedelta(days=7)
# How many false alarms a year an account has, until somebody asks for another number.
ALARMS_A_YEAR: Final = 0.5
# What is left of a day's work on a day on which the company itself closes every year: its customers often do, too.
OWN_CLOSING: Final = 0.3


@dataclass(frozen=True)
class Watched:
    """The volumes (n, w) of accounts `ids` (n,) in the weeks of `mondays` (w,)."""

    ids: tuple[int, ...]
    mondays: tuple[date, ...]
    volumes: Volumes


def watched(today: date, company: CompanyRow) -> Watched | None:
    """Return the whole weeks before a day of all accounts that were ever seen; None where there are none."""
    mondays = _weeks(today)
    if not mondays:
        return None
    until = mondays[-1] + WEEK - timedelta(days=1)
    rows = by_id(usage.weekly_volumes(mondays[0], until))
    ids = rows["account_id"].unique().sort().to_list()
    if not ids:
        return None
    everybody = {pk: (left_on, segment or 0) for pk, left_on, segment in _book(ids)}
    weekly = _matrix(rows, ids, mondays, "n")
    seen = np.cumsum(np.nan_to_num(weekly), axis=1) > 0
    weekly = np.where(seen, np.nan_to_num(weekly), np.nan)
    for at, pk in enumerate(ids):
        left_on = everybody[pk][0]
        if left_on is not None:
            weekly[at, [monday + WEEK > left_on for monday in mondays]] = np.nan
    seats = contract_facts(mondays).filter(pl.col("account_id").is_in(ids)).drop_nulls("seats")
    peers = np.array([everybody[pk][1] for pk in ids], dtype=np.int64)
    volumes = Volumes(weekly, _calendar(mondays, company), _matrix(seats, ids, mondays, "seats"), peers)
    return Watched(tuple(ids), tuple(mondays), volumes)


def alarms_a_year() -> float:
    """Return how many false alarms a year are asked for, for each account."""
    newest = Watching.objects.order_by("-set_at", "-pk").values_list("alarms_a_year", flat=True).first()
    return ALARMS_A_YEAR if newest is None else float(newest)


def needs_watching() -> bool:
    """Return whether accounts wait to be watched: never done with usage there, or another rate was asked for since."""
    last = Outlook.objects.order_by("-computed_at", "pk").values_list("computed_at", "alarms_a_year").first()
    if last is None:
        return usage.span() is not None and not usage.needs_rolling_up()
    return float(last[1]) != alarms_a_year()


def _weeks(today: date) -> list[date]:
    """Return the Mondays of the last whole weeks; the week in which usage began is not whole."""
    span = usage.span()
    if span is None:
        return []
    begun = span[0] + timedelta(days=-span[0].weekday() % 7)
    last = today - timedelta(days=today.weekday()) - WEEK
    count = min((last - begun).days // 7 + 1, WEEKS)
    return [last - WEEK * ago for ago in reversed(range(max(count, 0)))]


def _book(ids: Sequence[int]) -> list[tuple[int, date | None, int | None]]:
    wanted = set(ids)
    found = accounts.visible_to(accounts.EVERYTHING).order_by("pk").values_list("pk", "left_on", "segment_id")
    return [row for row in found if row[0] in wanted]


def _calendar(mondays: Sequence[date], company: CompanyRow) -> NDArray[np.float64]:
    calendar = contracts.calendar(company)
    days = [mondays[0] + timedelta(days=n) for n in range(len(mondays) * 7)]
    off = _holidays(calendar, days)
    volume = usage.daily_volumes(days[0], days[-1])
    by_day = dict(zip(volume["day"].to_list(), volume["n"].to_list(), strict=True))
    counted = np.array([by_day.get(day, 0) for day in days], dtype=np.float64)
    profile = weekday_profile(np.array(days, dtype="datetime64[D]"), counted, off)
    own = tuple((int(day[:2]), int(day[3:]), OWN_CLOSING) for day in company.closures)
    closings = (*own, *(JAPANESE_CLOSINGS if company.country == "JP" else ()))
    return WorkingDays(off, closings).weekly(np.array(mondays, dtype="datetime64[D]"), profile)


def _holidays(calendar: Calendar, days: Sequence[date]) -> frozenset[date]:
    return frozenset(day for day in days if calendar.is_holiday(day))


def by_id(rows: pl.DataFrame) -> pl.DataFrame:
    """Put accounts in the place of the names that events came with; one with several names is added up."""
    return rows.join(ids_of(rows), on="account").group_by("account_id", "week").agg(pl.col("n").sum())


def _matrix(rows: pl.DataFrame, ids: Sequence[int], mondays: Sequence[date], column: str) -> NDArray[np.float64]:
    """Return (n, w) a column of rows by account and week; NaN where there is none."""
    found = np.full((len(ids), len(mondays)), np.nan)
    at = np.searchsorted(np.array(ids), rows["account_id"].to_numpy())
    week = (rows["week"] - mondays[0]).dt.total_days().to_numpy() // 7
    found[at, week] = rows[column].cast(pl.Float64).to_numpy()
    return found
