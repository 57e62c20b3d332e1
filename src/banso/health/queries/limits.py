"""How much of what contracts hold was used as of days: each quantity against its limit, within its own periods."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.contracts.queries import LimitRow
from banso.health.queries.naming import ids_of
from banso.health.rules import Count
from banso.people import queries as people
from banso.usage import queries as usage

type Floats = NDArray[np.float64]

LIMIT_SHARE: Final = "limit_share"
DAY: Final = timedelta(days=1)
# The last value counts however long ago it came.
EVER_DAYS: Final = 3660
# An amount of an account, from the day on which it is known up to the day on which its period is over (null: never).
_AMOUNTS: Final = {"pair": pl.Int64, "known_on": pl.Date, "until_on": pl.Date, "amount": pl.Float64}
_HEIGHTS: Final = {"source": pl.Int64, "counting": pl.String, "meter": pl.String, "on": pl.Date, "height": pl.Float64}
_BY_SOURCE: Final = ["source", "counting", "meter", "on"]


@dataclass(frozen=True)
class _Held:
    """Lines with a limit, whose use counts against each, and when.

    `lines`: line, account_id, alike, limit, counting, meter, from_on, until_on; `pairs`: pair, line, source (an account
    whose use may count), distance (how many accounts stand between); `days` ascending.
    """

    rows: Sequence[LimitRow]
    lines: pl.DataFrame
    pairs: pl.DataFrame
    days: list[date]


def limit_shares(counts: Sequence[Count], days: Iterable[date], *, known: usage.Known = "event") -> pl.DataFrame:
    """Return the share of its limit that accounts had used as of the start of days.

    Columns: account_id, on, and one for each count by its key; a row where a line with a limit ran on the day before.
    Use is that of the period which the day before lies in. Lines that are counted alike hold one quantity together, and
    of several quantities that a count asks for the fullest tells. Null where nothing can be held against the limit. A
    number of queries that does not grow with accounts or days.
    """
    asked = sorted(set(days))
    held = _held(counts, asked)
    if held is None:
        return pl.DataFrame(schema={"account_id": pl.Int64, "on": pl.Date, **{one.key: pl.Float64 for one in counts}})
    shares = _together(held, _used(held, known))
    chosen = {one.key: pl.col("meter").is_in(one.events) if one.events else pl.lit(value=True) for one in counts}
    fullest = [pl.col("share").filter(is_asked).max().alias(key) for key, is_asked in chosen.items()]
    return shares.group_by("account_id", "on").agg(fullest).sort("account_id", "on")


def _held(counts: Sequence[Count], days: list[date]) -> _Held | None:
    wanted = {meter for one in counts for meter in one.events}
    is_any = any(not one.events for one in counts)
    found = contracts.limits_within(days[0] - DAY, days[-1] - DAY) if days and counts else []
    rows = [row for row in found if row.is_linked and (is_any or row.meter in wanted)]
    if not rows:
        return None
    alike: dict[tuple[object, ...], int] = {}
    lines = [
        (
            row.line_id,
            row.account_id,
            alike.setdefault(row.alike, len(alike)),
            float(row.limit),
            row.counting,
            row.meter,
            row.cycle.starts_on,
            row.cycle.ends_on,
        )
        for row in rows
    ]
    columns = ["line", "account_id", "alike", "limit", "counting", "meter", "from_on", "until_on"]
    kinds = [pl.Int64, pl.Int64, pl.Int64, pl.Float64, pl.String, pl.String, pl.Date, pl.Date]
    frame = pl.DataFrame(lines, schema=dict(zip(columns, kinds, strict=True)), orient="row")
    return _Held(rows, frame, _pairs(frame), days)


def _pairs(lines: pl.DataFrame) -> pl.DataFrame:
    """Return each line with its own account and all below it; lists of people count for their own account only."""
    kin = [
        (source, above, distance) for source, line in accounts.lineage().items() for distance, above in enumerate(line)
    ]
    schema = {"source": pl.Int64, "account_id": pl.Int64, "distance": pl.Int64}
    joined = lines.select("line", "account_id", "counting", "meter").join(
        pl.DataFrame(kin, schema=schema, orient="row"), on="account_id"
    )
    own = joined.filter((pl.col("counting") != "assigned") | (pl.col("distance") == 0))
    return own.sort("line", "source").with_row_index("pair").cast({"pair": pl.Int64})


def _used(held: _Held, known: usage.Known) -> pl.DataFrame:
    """Return what of each source was used as of days: pair, on, used; of the nearest line above it that ran."""
    day_before = pl.col("on") - pl.duration(days=1)
    runs = (
        held.lines.select("line", "from_on", "until_on")
        .join(pl.DataFrame({"on": held.days}, schema={"on": pl.Date}).with_row_index("place"), how="cross")
        .filter((pl.col("from_on") <= day_before) & (pl.col("until_on").is_null() | (pl.col("until_on") > day_before)))
        .select("line", "on", "place")
    )
    grid = runs.join(held.pairs, on="line")
    grid = grid.filter(pl.col("distance") == pl.col("distance").min().over(_BY_SOURCE))
    sums = _sums(held, known)
    counted = grid.with_columns(pl.Series("sum", sums[grid["pair"].to_numpy(), grid["place"].to_numpy()]))
    counted = counted.join(_heights(held, known), on=_BY_SOURCE, how="left")
    is_level = pl.col("counting").is_in(["last", "people"])
    begun = usage.span()
    seen = pl.col("on") > begun[0] if begun else pl.lit(value=False)
    is_known = seen | (pl.col("counting") == "assigned")
    used = pl.when(is_level).then("height").otherwise(pl.when(is_known).then("sum"))
    return counted.select("line", "on", used.alias("used"))


def _together(held: _Held, used: pl.DataFrame) -> pl.DataFrame:
    """Return the share of each quantity: account_id, meter, on, share; counted as its greatest line says."""
    of_lines = used.group_by("line", "on").agg(
        pl.when(pl.col("used").count() > 0).then(pl.col("used").sum()).alias("used")
    )
    ordered = of_lines.join(held.lines, on="line").sort(["limit", "line"], descending=[True, False])
    whole = ordered.group_by("alike", "account_id", "meter", "on", maintain_order=True).agg(
        pl.col("used").first(), pl.col("limit").sum()
    )
    return whole.with_columns(pl.when(pl.col("limit") > 0).then(pl.col("used") / pl.col("limit")).alias("share"))


def _sums(held: _Held, known: usage.Known) -> Floats:
    """Return what had been added up by pair and day: what is known before the day, of its day's period."""
    amounts = pl.concat([_added(held, known), _assigned(held)])
    days = pl.Series(held.days, dtype=pl.Date)
    width = len(held.days)
    begins = days.search_sorted(amounts["known_on"], side="right").to_numpy()
    ends = days.search_sorted(amounts["until_on"].fill_null(date.max), side="right").to_numpy()
    pairs, amount = amounts["pair"].to_numpy(), amounts["amount"].to_numpy()
    is_in = begins < ends
    first = pairs[is_in] * (width + 1)
    size = held.pairs.height * (width + 1)
    edges = np.bincount(first + begins[is_in], amount[is_in], size) - np.bincount(
        first + ends[is_in], amount[is_in], size
    )
    summed: Floats = edges.reshape(-1, width + 1).cumsum(axis=1)[:, :width]
    return summed


def _added(held: _Held, known: usage.Known) -> pl.DataFrame:
    """Return the amounts of sums and counts."""
    rows = [row for row in held.rows if row.counting in {"sum", "count"}]
    last = held.days[-1] - DAY
    periods = _periods(rows, held.days[0] - DAY, last)
    if periods.is_empty():
        return pl.DataFrame(schema=_AMOUNTS)
    found = usage.daily_amounts({row.meter for row in rows}, periods["start_on"].min(), last)  # type: ignore[arg-type]  # a day
    pairs = held.pairs.filter(pl.col("counting").is_in(["sum", "count"])).select(
        "pair", "line", "source", "meter", "counting"
    )
    amounts = _by_id(found.rename({"event": "meter"})).join(pairs, on=["source", "meter"])
    placed = amounts.sort("day").join_asof(
        periods, left_on="day", right_on="start_on", by="line", check_sortedness=False
    )
    came = pl.col("day") + (pl.duration(days="late") if known == "received" else pl.duration(days=0))
    return placed.filter(pl.col("start_on").is_not_null()).select(
        "pair",
        came.cast(pl.Date).alias("known_on"),
        pl.col("end_on").alias("until_on"),
        pl.when(pl.col("counting") == "sum").then("value").otherwise("n").cast(pl.Float64).alias("amount"),
    )


def _periods(rows: Iterable[LimitRow], since: date, until: date) -> pl.DataFrame:
    """Return the periods of lines that reach into some days: line, start_on, end_on (null: the last), by start."""
    found = [(row.line_id, *bounds) for row in rows for bounds in _bounds(row, since, until)]
    schema = {"line": pl.Int64, "start_on": pl.Date, "end_on": pl.Date}
    return pl.DataFrame(found, schema=schema, orient="row").sort("start_on", "line")


def _bounds(row: LimitRow, since: date, until: date) -> list[tuple[date, date | None]]:
    first = max(since, row.cycle.starts_on)
    if row.cycle.period == "month":
        return _months(first, until)
    starts = [row.cycle.bounds(first)[0], *row.cycle.starts(first, until)]
    return list(zip(starts, [*starts[1:], None], strict=True))


@lru_cache(maxsize=256)
def _months(first: date, until: date) -> list[tuple[date, date | None]]:
    starts = list(pl.date_range(first.replace(day=1), until, "1mo", eager=True))
    return list(zip(starts, [*starts[1:], None], strict=True))


def _assigned(held: _Held) -> pl.DataFrame:
    """Return everyone on the accounts' lists, from the day they were added until they left."""
    pairs = held.pairs.filter(pl.col("counting") == "assigned").select("pair", "source")
    if pairs.is_empty():
        return pl.DataFrame(schema=_AMOUNTS)
    zone = ZoneInfo(people.company().time_zone)
    listed = [
        (one.account_id, came := one.added_at.astimezone(zone).date(), one.left_on and max(came, one.left_on))
        for one in accounts.people_of(pairs["source"].unique().to_list(), with_former=True)
    ]
    schema = {"source": pl.Int64, "known_on": pl.Date, "until_on": pl.Date}
    frame = pl.DataFrame(listed, schema=schema, orient="row").join(pairs, on="source")
    return frame.with_columns(pl.lit(1.0).alias("amount")).select(list(_AMOUNTS))


def _heights(held: _Held, known: usage.Known) -> pl.DataFrame:
    """Return how high what stands at some height stood as of days: source, counting, meter, on, height."""
    levels = held.lines.filter(pl.col("counting").is_in(["last", "people"]))
    kinds = levels.select("counting", "meter").unique().sort("counting", "meter").rows()
    if not kinds:
        return pl.DataFrame(schema=_HEIGHTS)
    asked = [
        usage.Measure(f"l{at}", "value_last", EVER_DAYS, events=(meter,))
        if counting == "last"
        else usage.Measure(f"l{at}", "active_people", events=(meter,) if meter else ())
        for at, (counting, meter) in enumerate(kinds)
    ]
    wide = _counted(asked, held.days, known)
    long = wide.unpivot(index=["account", "on"], variable_name="name", value_name="height").drop_nulls("height")
    names = pl.DataFrame(
        [(one.name, *kind) for one, kind in zip(asked, kinds, strict=True)],
        schema=["name", "counting", "meter"],
        orient="row",
    )
    return _by_id(long.join(names, on="name")).group_by(_BY_SOURCE).agg(pl.col("height").sum())


def _counted(asked: Sequence[usage.Measure], days: list[date], known: usage.Known) -> pl.DataFrame:
    if not any(day.weekday() for day in days):
        return usage.measures_by_week(asked, days, known=known).rename({"week": "on"})
    return pl.concat(usage.measures_on(asked, day, known=known).with_columns(pl.lit(day).alias("on")) for day in days)


def _by_id(frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows with the account's id as `source`; an account may have come under several names."""
    return frame.join(ids_of(frame).rename({"account_id": "source"}), on="account")
