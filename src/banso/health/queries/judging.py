"""What staff thought of accounts as of days: the newest pulse that was given before, and how long ago."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from banso.health.models import Pulse
from banso.health.rules import Count
from banso.people import queries as people
from banso.usage import queries as usage

_KEYS: Final = {"account_id": pl.Int64, "on": pl.Date}
_GIVEN: Final = {"account_id": pl.Int64, "rating": pl.Int64, "given_on": pl.Date, "withdrawn_on": pl.Date}


def pulse_values(counts: Sequence[Count], days: Iterable[date], *, known: usage.Known = "event") -> pl.DataFrame:
    """Return pulses as of the start of days: account_id, on, and a column for each count by its key; one query.

    The newest of those given before the day counts, for so many days as the count says. One that was taken back counts
    nowhere; with `known="received"` it counts until it was, as it was known then. A row where any pulse counts.
    """
    given = _given()
    frames = [_newest(given, day, known).select(*_KEYS, *(_value(one, day) for one in counts)) for day in set(days)]
    empty = pl.DataFrame(schema={**_KEYS, **{one.key: pl.Float64 for one in counts}})
    return pl.concat([empty, *frames]).sort("account_id", "on")


def pulsed_on(days: Iterable[date]) -> pl.DataFrame:
    """Return accounts with the days by which anybody had said what they think of them: account_id, on; one query."""
    first = _given().group_by("account_id").agg(pl.col("given_on").min())
    grid = first.join(pl.DataFrame({"on": list(days)}, schema={"on": pl.Date}), how="cross")
    return grid.filter(pl.col("given_on") < pl.col("on")).select("account_id", "on")


def _given() -> pl.DataFrame:
    """Return every pulse by the company's days, oldest first."""
    zone = ZoneInfo(people.company().time_zone)
    found = Pulse.objects.order_by("given_at", "pk").values_list("account_id", "rating", "given_at", "withdrawn_at")
    rows = [
        (account, rating, given_at.astimezone(zone).date(), back_at and back_at.astimezone(zone).date())
        for account, rating, given_at, back_at in found
    ]
    return pl.DataFrame(rows, schema=_GIVEN, orient="row")


def _newest(given: pl.DataFrame, day: date, known: usage.Known) -> pl.DataFrame:
    stands = pl.col("withdrawn_on").is_null()
    if known == "received":
        stands = stands | (pl.col("withdrawn_on") >= day)
    counting = given.filter((pl.col("given_on") < day) & stands)
    return counting.unique("account_id", keep="last", maintain_order=True).with_columns(pl.lit(day).alias("on"))


def _value(count: Count, day: date) -> pl.Expr:
    if count.kind == "pulse_age_days":
        return (pl.lit(day) - pl.col("given_on")).dt.total_days().cast(pl.Float64).alias(count.key)
    is_fresh = pl.col("given_on") >= day - timedelta(days=count.window_days)
    return pl.when(is_fresh).then("rating").cast(pl.Float64).alias(count.key)
