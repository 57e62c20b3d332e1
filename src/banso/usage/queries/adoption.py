"""Which accounts use which features: since when, until when, and by how many people."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import polars as pl

from banso.usage.models import manifest
from banso.usage.queries.reading import Session, reading
from banso.usage.rules.days import DAYS_IN_A_WEEK, day_of, number_of

STANDINGS: Final = {
    "account": pl.String(),
    "feature": pl.String(),
    "first_on": pl.Date(),
    "last_on": pl.Date(),
    "people": pl.Int64(),
}
WEEKS: Final = {"account": pl.String(), "feature": pl.String(), "week": pl.Date()}


def feature_standings(since: date, until: date, features: Iterable[str] | None = None) -> pl.DataFrame:
    """Return a row for each account and feature that it ever used up to `until`, of some features or of all.

    Columns: account (as the lake names it), feature (the event's name), first_on, last_on, and people: how many used it
    from `since` to `until`, both included. Ordered by account and feature.
    """

    def look(work: Session) -> pl.DataFrame:
        first = _first_day(work)
        bits = _bits(work, features)
        if first is None or first > until or not bits:
            return pl.DataFrame(schema=STANDINGS)
        months = manifest.months_of_days(first, until, work.seen.roll_up)
        found = work.frame(
            "SELECT account, event, min(day) AS first_day, max(day) AS last_day,"
            f" count(DISTINCT CASE WHEN day >= {number_of(since)} THEN person END) AS people"
            f" FROM {work.table('daily', months)} AS used"
            f" WHERE event IN ({_listed(bits)}) AND day <= {number_of(until)} GROUP BY account, event"
        )
        days = found.with_columns(_day("first_day").alias("first_on"), _day("last_day").alias("last_on"))
        return _named(work, days, bits).select(pl.col(name).cast(kind) for name, kind in STANDINGS.items())

    return reading(look).sort("account", "feature")


def feature_weeks(since: date, until: date, features: Iterable[str] | None = None) -> pl.DataFrame:
    """Return a row for each account, feature and week (its Monday) in which it was used, within days both included."""

    def look(work: Session) -> pl.DataFrame:
        bits = _bits(work, features)
        months = manifest.months_of_days(since, until, work.seen.roll_up)
        if not bits or not months:
            return pl.DataFrame(schema=WEEKS)
        found = work.frame(
            "SELECT DISTINCT account, event, day - (day % 7) AS monday"
            f" FROM {work.table('daily', months)} AS used WHERE event IN ({_listed(bits)})"
            f" AND day BETWEEN {number_of(since)} AND {number_of(until)}"
        )
        weeks = _named(work, found.with_columns(_day("monday").alias("week")), bits)
        return weeks.select(pl.col(name).cast(kind) for name, kind in WEEKS.items())

    return reading(look).sort("account", "feature", "week")


def mondays(since: date, until: date) -> Sequence[date]:
    """Return the Mondays of the weeks that these days, both included, lie in."""
    first, last = number_of(since) // DAYS_IN_A_WEEK, number_of(until) // DAYS_IN_A_WEEK
    return [day_of(week * DAYS_IN_A_WEEK) for week in range(first, last + 1)]


def _first_day(work: Session) -> date | None:
    months = work.seen.roll_up.months.values()
    return day_of(min(one.first_day for one in months)) if months else None


def _bits(work: Session, features: Iterable[str] | None) -> dict[int, str]:
    wanted = None if features is None else set(features)
    return {
        rule.bit: name
        for name, rule in work.seen.roll_up.catalogue.items()
        if rule.kind == "feature" and not rule.counts_as and (wanted is None or name in wanted)
    }


def _named(work: Session, found: pl.DataFrame, bits: dict[int, str]) -> pl.DataFrame:
    """Put names in the place of the numbers of accounts and features."""
    accounts = work.frame(f"SELECT number, account AS name FROM {work.table('accounts')} AS accounts")
    features = pl.DataFrame({"event": list(bits), "feature": list(bits.values())}, schema_overrides={"event": pl.Int32})
    numbered = found.with_columns(pl.col("account").cast(pl.Int32).alias("number"), pl.col("event").cast(pl.Int32))
    joined = numbered.drop("account").join(accounts.with_columns(pl.col("number").cast(pl.Int32)), on="number")
    return joined.rename({"name": "account"}).join(features, on="event")


def _day(column: str) -> pl.Expr:
    """Return the date of a day's number: days are counted from 0001-01-01, polars counts them from 1970-01-01."""
    return (pl.col(column).cast(pl.Int32) - number_of(date(1970, 1, 1))).cast(pl.Date)


def _listed(bits: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(bits)))
