"""What lists show of each account, made of today's rows and of the weeks behind them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import polars as pl

from banso.health.models import Standing
from banso.health.queries import ScorecardRow
from banso.health.queries.gathering import LAST_USED
from banso.health.queries.keeping import in_points
from banso.health.queries.scoring import laid_over, side_of, with_scores
from banso.health.rules import Adjustment, Move, Part, adjustments_of, change_of, moves_of, parts_of

WEEKS_SHOWN: Final = 26
WEEK: Final = timedelta(days=7)
LEFT: Final = {"account_id": pl.Int64, "_left": pl.Date}


@dataclass(frozen=True)
class Before:
    """What an account's standing was at the previous computation."""

    condition: str
    scorecard_id: int
    since_on: date | None
    left_on: date | None


@dataclass(frozen=True)
class Today:
    """All accounts as of `on` and seven days before (`frame`), contracts, weeks, and who has left."""

    card: ScorecardRow
    on: date
    now: datetime
    frame: pl.DataFrame
    facts: pl.DataFrame
    weeks: pl.DataFrame
    left: Mapping[int, date]


def standings_of(today: Today, before: Mapping[int, Before]) -> tuple[list[Standing], pl.DataFrame]:
    """Return the standing of every account, and the scored rows of today and of seven days before."""
    definition = today.card.definition
    here = _still_above(today)
    halves = [here.filter(pl.col("on") == day) for day in (today.on - WEEK, today.on)]
    kept = [with_scores(definition, half, today.facts, today.card.id) for half in halves]
    over = [laid_over(definition, half) for half in kept]
    old, new = (side_of(definition, half) for half in over)
    weeks, since = _weeks_shown(today.weeks), _since(today, over[1])
    rows = zip(
        over[1].select("account_id", "coverage", "level", "condition", "computed", "override_id").rows(named=True),
        halves[1][LAST_USED].to_list(),
        old.steps[:, -1].tolist(),
        new.steps[:, -1].tolist(),
        parts_of(definition, new.scored),
        adjustments_of(new),
        moves_of(old, new),
        strict=True,
    )
    made = []
    for row, recency, was, tenths, parts, adjustments, moves in rows:
        pk = row["account_id"]
        one = _Facts(row, recency, was, tenths, parts, adjustments, moves, weeks.get(pk, []))
        made.append(_standing(today, one, _since_on(today, row, before.get(pk), since)))
    is_here = ~pl.col("account_id").is_in(list(today.left))
    return made, pl.concat(kept).filter(is_here).sort("account_id", "on")


def _still_above(today: Today) -> pl.DataFrame:
    """Return the rows of today, in which who has left counts for nobody above any more."""
    gone = pl.DataFrame({"account_id": list(today.left), "_left": list(today.left.values())}, schema=LEFT)
    frame = today.frame.join(gone, on="account_id", how="left", maintain_order="left")
    is_gone = (pl.col("_left") <= pl.col("on")).fill_null(value=False)
    return frame.with_columns(pl.when(~is_gone).then("parent_id").alias("parent_id")).drop("_left")


def news_of(
    made: list[Standing], before: Mapping[int, Before], card: ScorecardRow
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Return whose condition changed since the previous computation by the same scorecard, with from, to and score."""
    for one in made:
        was = before.get(one.account_id)
        if was is None or was.scorecard_id != card.id or was.condition == one.condition:
            continue
        if one.left_on is None and was.left_on is None:
            score = None if one.score is None else float(one.score)
            change = None if one.change is None else float(one.change)
            yield one.account_id, {"from": was.condition, "to": one.condition, "score": score, "change": change}


@dataclass(frozen=True)
class _Facts:
    row: dict[str, Any]
    recency: float | None
    was: int
    tenths: int
    parts: list[Part]
    adjustments: list[Adjustment]
    moves: list[Move]
    weeks: list[int | None]


def _standing(today: Today, one: _Facts, since_on: date) -> Standing:
    pk = one.row["account_id"]
    common = {
        "account_id": pk,
        "scorecard_id": today.card.id,
        "as_of_on": today.on,
        "computed_at": today.now,
        "last_used_on": None if one.recency is None else today.on - timedelta(days=int(one.recency)),
    }
    if pk in today.left:
        return Standing(**common, left_on=today.left[pk], weeks=one.weeks, coverage=Decimal(0))
    score = None if one.tenths < 0 else one.tenths
    is_monday = today.on.weekday() == 0
    return Standing(
        **common,
        score=in_points(score),
        score_week_ago=None if one.was < 0 else in_points(one.was),
        change=in_points(change_of(one.was, one.tenths)),
        coverage=Decimal(round(one.row["coverage"] * 1000)) / 1000,
        level=one.row["level"],
        condition=one.row["condition"],
        condition_since_on=since_on,
        computed=in_points(one.row["computed"]),
        override_id=one.row["override_id"],
        parts=[dict(vars(part)) for part in one.parts],
        adjustments=[dict(vars(adjustment)) for adjustment in one.adjustments],
        moves=[dict(vars(move)) for move in one.moves],
        weeks=(one.weeks if is_monday else [*one.weeks, score])[-WEEKS_SHOWN:],
    )


def _weeks_shown(weeks: pl.DataFrame) -> dict[int, list[int | None]]:
    shown = weeks.sort("account_id", "on").group_by("account_id").agg(pl.col("tenths").tail(WEEKS_SHOWN))
    return dict(shown.rows())


def _since(today: Today, now: pl.DataFrame) -> dict[int, date]:
    """Return since which Monday the weeks have today's condition without a break, where any has."""
    current = now.select("account_id", pl.col("condition").alias("current"))
    past = today.weeks.filter(pl.col("on") <= today.on).select("account_id", "on", "condition")
    past = past.join(current, on="account_id")
    last_other = (
        past.filter(pl.col("condition") != pl.col("current")).group_by("account_id").agg(other=pl.col("on").max())
    )
    run = past.join(last_other, on="account_id", how="left").filter(
        pl.col("other").is_null() | (pl.col("on") > pl.col("other"))
    )
    return dict(run.group_by("account_id").agg(pl.col("on").min()).rows())


def _since_on(today: Today, row: dict[str, Any], before: Before | None, since: Mapping[int, date]) -> date:
    is_same = before is not None and before.scorecard_id == today.card.id and before.condition == row["condition"]
    known = [day for day in (since.get(row["account_id"]), before.since_on if is_same and before else None) if day]
    return min(known, default=today.on)
