"""How much all accounts used: by week each, by day together."""

from datetime import date
from typing import Final

import polars as pl

from banso.usage.models import manifest
from banso.usage.queries.reading import Session, reading
from banso.usage.rules.days import number_of

VOLUMES: Final = {"account": pl.String(), "week": pl.Date(), "n": pl.Int64()}
DAYS: Final = {"day": pl.Date(), "n": pl.Int64()}
_UNIX: Final = number_of(date(1970, 1, 1))


def weekly_volumes(since: date, until: date) -> pl.DataFrame:
    """Return how much each account used in each week (its Monday) from `since` to `until`, both days included.

    Weeks without use have no row. Ordered by account and week.
    """

    def look(work: Session) -> pl.DataFrame:
        months = manifest.months_of_days(since, until, work.seen.roll_up)
        if not months:
            return pl.DataFrame(schema=VOLUMES)
        found = work.frame(
            "SELECT account AS number, day - (day % 7) AS monday, CAST(sum(n) AS BIGINT) AS n"
            f" FROM {work.table('user_day', months)} AS used WHERE n > 0"
            f" AND day BETWEEN {number_of(since)} AND {number_of(until)} GROUP BY account, day - (day % 7)"
        )
        names = work.frame(f"SELECT number, account FROM {work.table('accounts')} AS accounts")
        joined = found.with_columns(pl.col("number").cast(pl.Int32), _date("monday").alias("week")).join(
            names.with_columns(pl.col("number").cast(pl.Int32)), on="number"
        )
        return joined.select(pl.col(name).cast(kind) for name, kind in VOLUMES.items())

    return reading(look).sort("account", "week")


def daily_volumes(since: date, until: date) -> pl.DataFrame:
    """Return how much all accounts together used on each day from `since` to `until`, both included, in order."""

    def look(work: Session) -> pl.DataFrame:
        months = manifest.months_of_days(since, until, work.seen.roll_up)
        if not months:
            return pl.DataFrame(schema=DAYS)
        found = work.frame(
            f"SELECT day AS number, CAST(sum(n) AS BIGINT) AS n FROM {work.table('user_day', months)} AS used"
            f" WHERE n > 0 AND day BETWEEN {number_of(since)} AND {number_of(until)} GROUP BY day"
        )
        return found.with_columns(_date("number").alias("day")).select(
            pl.col(name).cast(kind) for name, kind in DAYS.items()
        )

    return reading(look).sort("day")


def _date(column: str) -> pl.Expr:
    return (pl.col(column).cast(pl.Int32) - _UNIX).cast(pl.Date)
