"""Why a score is what it is, and why it is no longer what it was: parts and moves in tenths that add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from banso.health.models import Standing
from banso.health.queries.keeping import kept_rows
from banso.health.queries.scorecards import definitions
from banso.health.queries.scoring import laid_over, side_of
from banso.health.queries.wording import move_label, reason_text, said, step_text, value_text
from banso.health.rules import (
    Adjustment,
    Definition,
    Measure,
    Move,
    Part,
    adjustments_of,
    moves_of,
    parts_of,
    reason_for,
)

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PartRow:
    """What one measure gives to the score. Texts in the reader's language; `tenths` of all parts sum to the score's."""

    measure: str
    label: str
    group: str
    group_label: str
    unit: str
    value: float | None
    value_text: str
    points: float | None
    share: float
    tenths: int
    most_tenths: int


@dataclass(frozen=True)
class AdjustmentRow:
    """What the accounts below (children), an exception or a person (override) made of the score, in words."""

    kind: str
    label: str
    tenths: int


@dataclass(frozen=True)
class MoveRow:
    """What one cause gave to the change; `tenths` of all moves sum to the change's.

    kind: moved, appeared, vanished, added, removed, points, weights, sorted, children, exception, override.
    """

    kind: str
    measure: str
    label: str
    before_text: str
    after_text: str
    tenths: int


@dataclass(frozen=True)
class Explanation:
    """A score taken apart, against another day. Scores and change in tenths, None where not known.

    Parts and adjustments sum to the score; `computed` is the score without what a person has set.
    """

    account_id: int
    on: date
    against_on: date
    scorecard_id: int
    score: int | None
    computed: int | None
    score_before: int | None
    change: int | None
    coverage: float
    level: int | None
    condition: str
    parts: tuple[PartRow, ...]
    adjustments: tuple[AdjustmentRow, ...]
    moves: tuple[MoveRow, ...]
    reason: str


def explanation(account_id: int, week: date | None = None, against: date | None = None) -> Explanation | None:
    """Return why an account has its score as of a day, and what changed since another day (seven days before).

    Without `week` the newest computation is explained; `week` and `against` are Mondays, the newest day, or seven days
    before it. None where nothing was computed for that day.
    """
    if week is None:
        newest = Standing.objects.filter(account_id=account_id).values_list("as_of_on", flat=True).first()
        if newest is None:
            return None
        week = newest
    before_on = against or max(week, date.min + _WEEK) - _WEEK
    kept = kept_rows(account_id, [before_on, week])
    after = kept.filter(pl.col("on") == week)
    if after.is_empty():
        return None
    definition = definitions({after["scorecard_id"].item()})[after["scorecard_id"].item()]
    return _explained(definition, after, kept.filter(pl.col("on") == before_on), before_on)


def _explained(definition: Definition, after: pl.DataFrame, before: pl.DataFrame, before_on: date) -> Explanation:
    after = laid_over(definition, after)
    now = side_of(definition, after)
    parts = parts_of(definition, now.scored)[0]
    moves: list[Move] = []
    row = after.row(0, named=True)
    # A day that another version scored says nothing about what changed since.
    is_same = not before.is_empty() and before["scorecard_id"].item() == row["scorecard_id"]
    old = None
    if is_same:
        before = laid_over(definition, before)
        old = before["tenths"].item()
    change = None if old is None or row["tenths"] is None else row["tenths"] - old
    if change is not None:
        moves = moves_of(side_of(definition, before), now)[0]
    return Explanation(
        account_id=row["account_id"],
        on=row["on"],
        against_on=before_on,
        scorecard_id=row["scorecard_id"],
        score=row["tenths"],
        computed=row["computed"],
        score_before=old,
        change=change,
        coverage=row["coverage"],
        level=row["level"],
        condition=row["condition"],
        parts=part_rows(definition, parts),
        adjustments=adjustment_rows(adjustments_of(now)[0]),
        moves=move_rows(definition, moves),
        reason=reason_text(reason_for(row["tenths"], change, parts, moves), definition),
    )


def adjustment_rows(adjustments: Sequence[Adjustment]) -> tuple[AdjustmentRow, ...]:
    """Return in words what was made of a score after its measures, in order."""
    return tuple(AdjustmentRow(one.kind, step_text(one.kind, one.why), one.tenths) for one in adjustments)


def part_rows(definition: Definition, parts: list[Part]) -> tuple[PartRow, ...]:
    """Return parts in words, in the order of the measures."""
    groups = {group.key: said(group.label) for group in definition.groups}
    return tuple(
        _part_row(measure, part, groups[measure.group])
        for measure, part in zip(definition.measures, parts, strict=True)
    )


def move_rows(definition: Definition, moves: list[Move]) -> tuple[MoveRow, ...]:
    """Return moves in words, largest first."""
    measures = {measure.key: measure for measure in definition.measures}
    return tuple(
        MoveRow(
            kind=move.kind,
            measure=move.measure,
            label=move_label(move, measures),
            before_text=value_text(measures.get(move.measure), move.before) if move.measure else "",
            after_text=value_text(measures.get(move.measure), move.after) if move.measure else "",
            tenths=move.tenths,
        )
        for move in moves
    )


def _part_row(measure: Measure, part: Part, group: str) -> PartRow:
    return PartRow(
        measure=measure.key,
        label=said(measure.label),
        group=measure.group,
        group_label=group,
        unit=measure.unit,
        value=part.value,
        value_text=value_text(measure, part.value),
        points=part.points,
        share=part.share,
        tenths=part.tenths,
        most_tenths=round(part.share * 1000),
    )
