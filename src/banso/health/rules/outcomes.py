"""What came of customers, each outcome with its day: what a score of the past is held against."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import polars as pl

type OutcomeKind = Literal["left", "contracted", "silent", "renewed", "expanded"]

OUTCOMES: Final[tuple[OutcomeKind, ...]] = ("left", "contracted", "silent", "renewed", "expanded")
BY_PERCENT: Final = frozenset({"contracted", "expanded"})
# A contract that is signed late has not ended: revenue that comes back within so many days never went.
LATE_SIGNATURE_DAYS: Final = 31
# Without contracts, whoever used the product within so many days is a customer.
RECENT_DAYS: Final = 90
# Whoever used it first fewer days ago is still trying it out.
TRYING_DAYS: Final = 28

DAYS: Final = {"account_id": pl.Int64, "happened_on": pl.Date}
_KEYS: Final = ("account_id", "on")


@dataclass(frozen=True)
class Outcome:
    """What is looked for. `percent` is read for contracted and expanded, `days` for silent.

    - left: all recurring revenue ended, or the account is said to have left.
    - contracted: MRR is lower, by at least so many percent of the MRR of the day looked from; leaving is that, too.
    - silent: so many whole days without any use were full.
    - renewed: a renewal that was due was not kept; looked for among those whose renewal falls within the horizon.
    - expanded: MRR is higher by at least so many percent of the MRR of the day looked from.
    """

    kind: OutcomeKind
    percent: int = 10
    days: int = 90

    @property
    def is_welcome(self) -> bool:
        """Return whether it is good news: then high scores should go before it."""
        return self.kind == "expanded"


def departures(steps: pl.DataFrame) -> pl.DataFrame:
    """Return the days on which recurring revenue ended: account_id, happened_on, in that order.

    `steps` are account_id, from_on and mrr (from that day on). Revenue that is back within a month never ended.
    """
    ordered = steps.sort("account_id", "from_on").with_columns(
        is_paying=pl.col("mrr") > 0,
        paid=(pl.col("mrr") > 0).shift(1, fill_value=False).over("account_id"),
    )
    turns = ordered.filter(pl.col("is_paying") != pl.col("paid"))
    gap = (pl.col("from_on").shift(-1).over("account_id") - pl.col("from_on")).dt.total_days()
    ends = turns.with_columns(gap=gap).filter(~pl.col("is_paying"))
    stays = ends.filter(pl.col("gap").is_null() | (pl.col("gap") > LATE_SIGNATURE_DAYS))
    return stays.select("account_id", pl.col("from_on").alias("happened_on")).sort("account_id", "happened_on")


def silences(days: pl.DataFrame, *, length: int, until: date) -> pl.DataFrame:
    """Return the days as of which so many whole days had been without use, up to `until`: account_id, happened_on.

    `days` are account_id and day, the days with use. Days before `until` are over; it is counted as of its start.
    """
    ordered = days.unique().sort("account_id", "day")
    again = pl.col("day").shift(-1).over("account_id")
    full = pl.col("day") + pl.duration(days=length + 1)
    silent = ordered.with_columns(again=again, happened_on=full)
    silent = silent.filter((pl.col("happened_on") <= until) & (pl.col("again").is_null() | (pl.col("again") >= full)))
    return silent.select("account_id", "happened_on")


def first_after(rows: pl.DataFrame, happenings: pl.DataFrame) -> pl.DataFrame:
    """Return rows (account_id, on, ends_on) with `happened_on`, the first happening after `on`, up to `ends_on`."""
    found = rows.sort("on").join_asof(
        happenings.sort("happened_on"),
        left_on="on",
        right_on="happened_on",
        by="account_id",
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,  # both are sorted right here
        coalesce=False,
    )
    within = pl.when(pl.col("happened_on") <= pl.col("ends_on")).then("happened_on")
    return found.with_columns(within.alias("happened_on")).sort(*_KEYS)


def first_moved(rows: pl.DataFrame, steps: pl.DataFrame, *, percent: int, is_up: bool) -> pl.DataFrame:
    """Return rows (account_id, on, ends_on, mrr) with the first day on which MRR had moved so far from that of `on`.

    Only steps in the direction asked for are looked at: MRR first passes a mark with one of them.
    """
    before = pl.col("mrr").shift(1, fill_value=0).over("account_id")
    ordered = steps.sort("account_id", "from_on")
    moved = ordered.filter(pl.col("mrr") > before if is_up else pl.col("mrr") < before)
    moved = moved.select("account_id", pl.col("from_on").alias("happened_on"), pl.col("mrr").alias("then"))
    mark = pl.col("mrr") * (100 + percent if is_up else 100 - percent)
    passes = pl.col("then") * 100 >= mark if is_up else pl.col("then") * 100 <= mark
    is_within = (pl.col("happened_on") > pl.col("on")) & (pl.col("happened_on") <= pl.col("ends_on"))
    found = rows.join(moved, on="account_id").filter(is_within & passes)
    firsts = found.group_by(*_KEYS).agg(pl.col("happened_on").min())
    return rows.join(firsts, on=list(_KEYS), how="left").sort(*_KEYS)
