"""What risk is learnt from and told of: decisions of the past as they looked some weeks before, and those ahead."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
import polars as pl

from banso.contracts import queries as contracts
from banso.health.queries.keeping import TODAY, WEEKS, path_of
from banso.health.queries.scorecards import ScorecardRow, current_scorecard
from banso.health.queries.watching import by_id
from banso.health.rules import Definition
from banso.science.cases import Cases, Landmarks, Measure, Whole
from banso.science.scorecard import points
from banso.usage import queries as usage

type Watched = Literal["renewal", "silence"]

LEADS: Final = (1, 5, 9, 13)  # weeks before a decision
WITHIN_DAYS: Final = 90
_WEEK: Final = timedelta(days=7)
_QUARTER: Final = 13  # weeks without use are silence
_LATELY: Final = 4  # weeks in which somebody used the product who is not silent already
_KEYS: Final = ("account_id", "on")
_DECIDED: Final = {
    "account_id": pl.Int64,
    "on": pl.Date,
    "due_on": pl.Date,
    "days": pl.Float64,
    "mrr": pl.Float64,
    "is_lost": pl.Boolean,
}


@dataclass(frozen=True)
class Ahead:
    """Who faces a decision: account ids, due days (None: none ahead), levels (0: not known), and what is known."""

    ids: tuple[int, ...]
    due_on: tuple[date | None, ...]
    level: Whole
    cases: Cases


@dataclass(frozen=True)
class Past:
    """What risk is learnt from and told of, under the scorecard in force.

    `watched` says what a loss is: not renewing, or where nobody has contracts, 90 days of silence. `keys` are measures
    by their weight, as `rows` has them; `level` (n,) is that of each row, 0 not known.
    """

    card: ScorecardRow
    watched: Watched
    keys: tuple[str, ...]
    rows: Landmarks
    level: Whole
    ahead: Ahead

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return the measures as points of the scorecard, of which more is always better."""
        return tuple(Measure(key, "high") for key in self.keys)


def past(today: date) -> Past | None:
    """Return the past and what is ahead, from the scores kept; None where none of the scorecard in force is kept."""
    card = current_scorecard()
    if card is None or not (path_of(WEEKS).exists() and path_of(TODAY).exists()):
        return None
    mine = pl.col("scorecard_id") == card.id
    weeks = pl.read_parquet(path_of(WEEKS)).filter(mine)
    now = pl.read_parquet(path_of(TODAY)).filter(mine & (pl.col("on") == pl.col("on").max()))
    decisions = contracts.decisions(today)
    watched: Watched = "renewal" if decisions.height else "silence"
    if watched == "renewal":
        seen, open_ones = _before(decisions), _open(decisions, today)
    else:
        seen, open_ones = _silences(today)
    names = {name: at for at, name in enumerate(sorted({*weeks["segment"].drop_nulls(), *now["segment"].drop_nulls()}))}
    learnt = seen.join(weeks, on=list(_KEYS)).sort("account_id", "due_on", "on")
    learnt = learnt.filter(pl.any_horizontal(pl.col(key).is_not_null() for key in card.definition.keys))
    told = open_ones.join(now.drop("on"), on="account_id").sort("account_id")
    order = _order(card.definition)
    rows = Landmarks(
        _cases(card.definition, order, learnt, names),
        np.unique(learnt["account_id"].to_numpy(), return_inverse=True)[1],
        learnt["due_on"].to_numpy().astype("datetime64[D]"),
        learnt["is_lost"].to_numpy().astype(np.bool_),
    )
    ahead = Ahead(
        tuple(told["account_id"].to_list()),
        tuple(told["due_on"].to_list()),
        _levels(told),
        _cases(card.definition, order, told, names),
    )
    keys = tuple(card.definition.keys[at] for at in order)
    return Past(card, watched, keys, rows, _levels(learnt), ahead)


def _before(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return closed decisions as of the Mondays before them on which the renewal still lay ahead."""
    closed = decisions.filter(pl.col("is_lost").is_not_null())
    leads = pl.DataFrame({"lead": LEADS}, schema={"lead": pl.Int64})
    monday = (pl.col("due_on") - pl.duration(weeks=pl.col("lead"))).dt.truncate("1w")
    rows = closed.join(leads, how="cross").with_columns(monday.alias("on"))
    facts = contracts.weekly_facts(rows["on"].unique().sort().to_list())
    said = facts.filter("is_active").select("account_id", pl.col("week").alias("on"), "days_to_renewal")
    rows = rows.join(said, on=list(_KEYS))
    # Notice given, or an earlier renewal still to come: that decision did not lie ahead then.
    rows = rows.filter(pl.col("days_to_renewal") == (pl.col("renews_on") - pl.col("on")).dt.total_days())
    return _decided(rows)


def _open(decisions: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return the next open decision of each account that still has one ahead; a deadline that has passed is none."""
    said = contracts.weekly_facts([today]).filter("is_active").select("account_id", "days_to_renewal")
    rows = decisions.filter(pl.col("is_lost").is_null()).join(said, on="account_id")
    rows = rows.filter(pl.col("days_to_renewal") == (pl.col("renews_on") - today).dt.total_days())
    is_ahead = pl.col("due_on") >= today
    return _decided(rows.with_columns(pl.when(is_ahead).then("due_on").alias("due_on"), pl.lit(today).alias("on")))


def _silences(today: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return who used the product lately, as of every 13th Monday and of today, and who was silent from then on."""
    span = usage.span()
    this = today - timedelta(days=today.weekday())
    used = by_id(usage.weekly_volumes(span[0], this - timedelta(days=1))) if span else None
    if used is None or span is None:
        return pl.DataFrame(schema=_DECIDED), pl.DataFrame(schema=_DECIDED)
    used = used.filter(pl.col("n") > 0)
    count = (this - span[0]).days // 7 // _QUARTER
    frames = [_silent_after(used, this - _WEEK * _QUARTER * ago) for ago in range(count, 0, -1)]
    seen = pl.concat([pl.DataFrame(schema=_DECIDED), *frames])
    return seen, _silent_after(used, this).with_columns(pl.lit(None).cast(pl.Boolean).alias("is_lost"))


def _silent_after(used: pl.DataFrame, monday: date) -> pl.DataFrame:
    lately = used.filter(pl.col("week").is_between(monday - _WEEK * _LATELY, monday - _WEEK))
    later = used.filter(pl.col("week").is_between(monday, monday + _WEEK * (_QUARTER - 1)))["account_id"].unique()
    rows = lately.select("account_id").unique()
    return rows.select(
        "account_id",
        pl.lit(monday).alias("on"),
        pl.lit(monday + timedelta(days=WITHIN_DAYS)).alias("due_on"),
        pl.lit(float(WITHIN_DAYS)).alias("days"),
        pl.lit(None, dtype=pl.Float64).alias("mrr"),
        (~pl.col("account_id").is_in(later.implode())).alias("is_lost"),
    )


def _decided(rows: pl.DataFrame) -> pl.DataFrame:
    days = (pl.col("due_on") - pl.col("on")).dt.total_days().cast(pl.Float64).alias("days")
    return rows.with_columns(days, pl.col("mrr").cast(pl.Float64)).select(*_DECIDED)


def _order(definition: Definition) -> list[int]:
    """Return the places of measures, those that weigh most first: what people believe in most is asked first."""
    return sorted(range(len(definition.measures)), key=lambda at: (-definition.measures[at].weight, at))


def _cases(definition: Definition, order: list[int], rows: pl.DataFrame, names: dict[str, int]) -> Cases:
    keys = definition.keys
    values = rows.select(pl.col(key).cast(pl.Float64).fill_null(np.nan) for key in keys).to_numpy()
    made = points(values.reshape(-1, len(keys)), [one.curve for one in definition.measures])[:, order]
    segment = np.array([names.get(one, 0) for one in rows["segment"].to_list()], dtype=np.int64)
    size = np.log1p(rows["mrr"].fill_null(np.nan).to_numpy().astype(np.float64))
    return Cases(made, segment, size, rows["days"].fill_null(np.nan).to_numpy().astype(np.float64))


def _levels(rows: pl.DataFrame) -> Whole:
    return rows["level"].fill_null(0).cast(pl.Int64).to_numpy()
