"""Accounts and weeks scored by a definition, and their parts and moves in tenths that add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from banso.health.rules.definition import Definition
from banso.science import scorecard
from banso.science.scorecard import Floats, Whole

type MoveKind = Literal["moved", "appeared", "vanished", "weights"]


@dataclass(frozen=True)
class Part:
    """What one measure gives to a score: value, points 0–100, share of the weight 0–1, and its tenths of the score."""

    measure: str
    value: float | None
    points: float | None
    share: float
    tenths: int


@dataclass(frozen=True)
class Move:
    """What one cause gave to a change, in tenths; `measure` is empty where weights changed."""

    kind: MoveKind
    measure: str
    before: float | None
    after: float | None
    tenths: int


@dataclass(frozen=True)
class Rows:
    """Rows as a scorecard reads them: values (n, m) with NaN where not known, and raw weights (n, m)."""

    values: Floats
    weights: Floats


@dataclass(frozen=True)
class Scored:
    """Rows with their scores; `tenths` (n,) as shown, -1 where not known."""

    rows: Rows
    scores: scorecard.Scores
    tenths: Whole


def scored(definition: Definition, rows: Rows) -> Scored:
    """Score rows whose columns are the definition's measures, in order."""
    curves = [measure.curve for measure in definition.measures]
    scores = scorecard.score(scorecard.points(rows.values, curves), rows.weights, definition.missing)
    return Scored(rows, scores, scorecard.tenths(scores.score))


def parts_of(definition: Definition, now: Scored) -> list[list[Part]]:
    """Return the parts of each row, in the order of the measures; they sum to the shown score, or to 0."""
    known = now.tenths >= 0
    totals = np.where(known, now.tenths, 0)
    shown = scorecard.to_tenths(now.scores.contributions * known[:, None], totals)
    columns = (now.rows.values, now.scores.points, now.scores.shares, shown)
    return [
        [
            Part(key, _known(value), _known(points), round(float(share), 6), int(tenths))
            for key, value, points, share, tenths in zip(definition.keys, *row, strict=True)
        ]
        for row in zip(*(column.tolist() for column in columns), strict=True)
    ]


def moves_of(definition: Definition, before: Scored, after: Scored) -> list[list[Move]]:
    """Return the moves of each row, largest first; they sum to the shown change. Empty where a score is not known."""
    change = scorecard.attribute(before.scores, after.scores, before.rows.weights, after.rows.weights)
    known = (before.tenths >= 0) & (after.tenths >= 0)
    causes = np.column_stack([change.moved, change.presence, change.weights])
    causes = np.where(known[:, None] & (np.abs(causes) > 1e-9), causes, 0.0)  # noqa: PLR2004  # the noise of sums
    totals = np.where(known, after.tenths - before.tenths, 0)
    shown = scorecard.to_tenths(causes, totals).tolist()
    old, new = before.rows.values.tolist(), after.rows.values.tolist()
    return [_moves(definition.keys, *row) for row in zip(shown, old, new, strict=True)]


def change_of(before: int, after: int) -> int | None:
    """Return the shown change between two shown scores in tenths, None where either is not known (-1)."""
    return None if before < 0 or after < 0 else after - before


def _moves(keys: Sequence[str], shown: list[int], old: list[float], new: list[float]) -> list[Move]:
    count = len(keys)
    moves = []
    for column, key in enumerate(keys):
        before, after = _known(old[column]), _known(new[column])
        if tenths := shown[column] + shown[count + column]:
            kind: MoveKind = "moved" if before is not None and after is not None else "appeared"
            moves.append(Move("vanished" if after is None else kind, key, before, after, tenths))
    if shown[-1]:
        moves.append(Move("weights", "", None, None, shown[-1]))
    return sorted(moves, key=lambda move: -abs(move.tenths))


def _known(value: float) -> float | None:
    return None if value != value else round(value, 6)  # noqa: PLR0124  # NaN is the one value unlike itself
