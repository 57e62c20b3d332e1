"""On which days accounts used the product at all: where silences begin and end."""

from datetime import date
from typing import Final

import polars as pl

from banso.usage.queries.reading import Session, reading
from banso.usage.rules.days import number_of
from banso.usage.rules.names import IS_USE

DAYS: Final = {"account": pl.String(), "day": pl.Date()}


def days_of_use() -> pl.DataFrame:
    """Return a row for each account (as the lake names it) and day on which it used the product, in that order."""

    def look(work: Session) -> pl.DataFrame:
        roll_up = work.seen.roll_up
        bits = sorted(rule.bit for rule in roll_up.catalogue.values() if rule.kind in IS_USE and not rule.counts_as)
        months = [files for _, files in sorted(roll_up.months.items()) if files.rows]
        if not bits or not months:
            return pl.DataFrame(schema=DAYS)
        found = work.frame(
            f"SELECT DISTINCT account, day FROM {work.table('daily', months)} AS used"
            f" WHERE event IN ({', '.join(map(str, bits))})"
        )
        names = work.frame(f"SELECT number, account AS name FROM {work.table('accounts')} AS accounts")
        days = found.select(
            pl.col("account").cast(pl.Int32).alias("number"),
            (pl.col("day").cast(pl.Int32) - number_of(date(1970, 1, 1))).cast(pl.Date).alias("day"),
        )
        named = days.join(names.with_columns(pl.col("number").cast(pl.Int32)), on="number")
        return named.select(pl.col("name").alias("account").cast(pl.String), "day")

    return reading(look).sort("account", "day")
