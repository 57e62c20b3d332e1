"""What came of every account after past days: who was at risk, what happened, and what is not known yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from banso.contracts import queries as contracts
from banso.health.queries.naming import ids_of
from banso.health.rules.outcomes import (
    BY_PERCENT,
    DAYS,
    RECENT_DAYS,
    TRYING_DAYS,
    Outcome,
    departures,
    first_after,
    first_moved,
    silences,
)
from banso.usage import queries as usage

_STEPS = {"account_id": pl.Int64, "from_on": pl.Date, "mrr": pl.Int64}
_KEYS = ("account_id", "on")


@dataclass(frozen=True)
class Followed:
    """Customers as of days, and what came of them.

    `rows` are account_id, on, mrr, ends_on (the last day that was looked at) and happened_on (null: it did not happen),
    only of those who were at risk and whose days are over. `left_out` says how many rows were not, by why: "open" (the
    days are not over: they are no customers who stayed), "notice" (notice was given already), "trying" (used for a few
    weeks only).
    """

    rows: pl.DataFrame
    left_out: dict[str, int]


def followed(
    outcome: Outcome, days: Sequence[date], *, horizon_days: int, today: date, known: pl.DataFrame, facts: pl.DataFrame
) -> Followed:
    """Return what came of every customer of the book within a horizon after each of these days.

    At risk is who paid on the day; where there are no contracts, who used the product lately, and not only for a few
    weeks. `known` and `facts` are the book and what contracts say as of these days.
    """
    used = _days_of_use()
    rows = _customers(days, known, facts, used, within_days=min(outcome.days, RECENT_DAYS))
    if outcome.kind == "silent":
        rows = rows.filter(pl.col("is_using"))
    trying = rows["is_trying"].fill_null(value=False) & ~rows["is_paying"]
    has_noticed = rows["has_noticed"] & ~trying
    left_out = {"trying": int(trying.sum()), "notice": int(has_noticed.sum())}
    rows = rows.filter(~(trying | has_noticed)).with_columns(ends_on=pl.col("on") + pl.duration(days=horizon_days))
    if outcome.kind in BY_PERCENT:
        rows = rows.filter(pl.col("mrr") > 0)
    if outcome.kind == "renewed":
        rows = rows.filter(pl.col("due_in").is_between(1, horizon_days))
        rows = rows.with_columns(ends_on=pl.col("on") + pl.duration(days="due_in"))
    is_open = rows["ends_on"] > today
    left_out["open"] = int(is_open.sum())
    rows = rows.filter(~is_open).select("account_id", "on", "mrr", "ends_on")
    return Followed(_happened(outcome, rows, today=today, known=known, used=used), left_out)


def _happened(
    outcome: Outcome, rows: pl.DataFrame, *, today: date, known: pl.DataFrame, used: pl.DataFrame
) -> pl.DataFrame:
    if outcome.kind == "silent":
        return first_after(rows, silences(used, length=outcome.days, until=today))
    steps = _steps(today)
    if outcome.kind in BY_PERCENT:
        return first_moved(rows, steps, percent=outcome.percent, is_up=outcome.kind == "expanded")
    said = known.filter(pl.col("left_on") <= today).select("account_id", pl.col("left_on").alias("happened_on"))
    return first_after(rows, pl.concat([departures(steps), said.cast(DAYS)]))  # type: ignore[arg-type]  # names to kinds


def _customers(
    days: Sequence[date], known: pl.DataFrame, facts: pl.DataFrame, used: pl.DataFrame, *, within_days: int
) -> pl.DataFrame:
    """Return who was a customer on which day: mrr then, whether it paid, days to the renewal, and how it used."""
    grid = known.select("account_id", "left_on").join(pl.DataFrame({"on": days}, schema={"on": pl.Date}), how="cross")
    grid = grid.filter(pl.col("left_on").is_null() | (pl.col("left_on") > pl.col("on")))
    said = facts.filter("is_active").select(
        "account_id", pl.col("week").alias("on"), "mrr", pl.col("days_to_renewal").alias("due_in")
    )
    grid = _with_use(grid.join(said, on=list(_KEYS), how="left"), used, within_days=within_days)
    is_paying = pl.col("mrr").fill_null(0) > 0
    is_customer = is_paying if facts.height else pl.col("is_using")
    grid = grid.with_columns(mrr=pl.col("mrr").fill_null(0.0), is_paying=is_paying).filter(is_customer)
    return grid.join(_noticed(grid), on=list(_KEYS), how="left").with_columns(
        has_noticed=pl.col("has_noticed").fill_null(value=False) & pl.col("due_in").is_null()
    )


def _with_use(grid: pl.DataFrame, used: pl.DataFrame, *, within_days: int) -> pl.DataFrame:
    """Return rows with whether the product was used lately, and whether for a few weeks only."""
    first = used.group_by("account_id").agg(first=pl.col("day").min())
    found = grid.sort("on").join_asof(
        used.sort("day"),
        left_on="on",
        right_on="day",
        by="account_id",
        allow_exact_matches=False,
        check_sortedness=False,  # both are sorted right here
        coalesce=False,
    )
    age = (pl.col("on") - pl.col("day")).dt.total_days()
    tenure = (pl.col("on") - pl.col("first")).dt.total_days()
    return found.join(first, on="account_id", how="left").with_columns(
        is_using=(age <= within_days).fill_null(value=False), is_trying=tenure < TRYING_DAYS
    )


def _noticed(grid: pl.DataFrame) -> pl.DataFrame:
    """Return the rows on whose day notice had been given for a contract that ran still."""
    given = grid.select(*_KEYS).join(contracts.notices_given(), on="account_id")
    runs_out = (pl.col("cancelled_on") <= pl.col("on")) & (
        pl.col("ends_on").is_null() | (pl.col("ends_on") > pl.col("on"))
    )
    return given.filter(runs_out).select(*_KEYS).unique().with_columns(has_noticed=pl.lit(value=True))


def _steps(today: date) -> pl.DataFrame:
    rows = [(pk, on, mrr) for pk, course in contracts.mrr_courses().items() for on, mrr in course if on <= today]
    return pl.DataFrame(rows, schema=_STEPS, orient="row")


def _days_of_use() -> pl.DataFrame:
    """Return the days on which accounts used the product, whatever they were called in its events."""
    used = usage.days_of_use()
    return used.join(ids_of(used), on="account").select("account_id", "day").unique().sort("account_id", "day")
