"""Accounts and weeks scored by a definition, and their parts and moves in tenths that add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from banso.health.rules.definition import Definition
from banso.science import scorecard
from banso.science.scorecard import Floats, Whole

type Step = Literal["children", "exception", "override"]
type MoveKind = Literal[
    "moved", "appeared", "vanished", "added", "removed", "points", "weights", "sorted", "children", "exception",
    "override",
]  # fmt: skip

# What may become of a score after the measures have made it, in this order.
STEPS: Final[tuple[Step, ...]] = ("children", "exception", "override")
_NOISE: Final = 1e-9  # of sums


@dataclass(frozen=True)
class Part:
    """What one measure gives to a score: value, points 0–100, share of the weight 0–1, and its tenths of the score."""

    measure: str
    value: float | None
    points: float | None
    share: float
    tenths: int


@dataclass(frozen=True)
class Adjustment:
    """What a step after the measures gave to a score: the accounts below, an exception, or a person's override."""

    kind: Step
    tenths: int
    why: str = ""  # the reason of the exception


@dataclass(frozen=True)
class Move:
    """What one cause gave to a change, in tenths; `measure` is empty where no single measure did it."""

    kind: MoveKind
    measure: str
    before: float | None
    after: float | None
    tenths: int
    why: str = ""  # the reason of the exception that came or went


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


@dataclass(frozen=True)
class Side:
    """Rows scored by a definition on one side of a change; `steps` (n, 3) tenths after each of STEPS, -1 not known.

    `exception` (n,) is the number of the exception that holds the score, -1 none.
    """

    definition: Definition
    scored: Scored
    steps: Whole
    exception: Whole

    @property
    def chain(self) -> Whole:
        """Return tenths (n, 4): made of measures, then after each step; the last is the score as shown."""
        return np.column_stack([self.scored.tenths, self.steps])

    @property
    def whys(self) -> list[str]:
        """Return the reason of the exception that holds each score, empty without one."""
        return [self.definition.exceptions[one].reason if one >= 0 else "" for one in self.exception.tolist()]


def scored(definition: Definition, rows: Rows) -> Scored:
    """Score rows whose columns are the definition's measures, in order."""
    curves = [measure.curve for measure in definition.measures]
    scores = scorecard.score(scorecard.points(rows.values, curves), rows.weights, definition.missing)
    return Scored(rows, scores, scorecard.tenths(scores.score))


def alone(definition: Definition, now: Scored) -> Side:
    """Return a side on which nothing but measures makes the score."""
    return Side(definition, now, np.repeat(now.tenths[:, None], len(STEPS), axis=1), np.full(len(now.tenths), -1))


def parts_of(definition: Definition, now: Scored) -> list[list[Part]]:
    """Return the parts of each row, in the order of the measures; they sum to the score of the measures, or to 0."""
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


def adjustments_of(now: Side) -> list[list[Adjustment]]:
    """Return what each step gave to the score of each row; with the parts they sum to the shown score, or to 0."""
    given = np.diff(np.maximum(now.chain, 0), axis=1).tolist()
    return [
        [
            Adjustment(kind, tenths, why if kind == "exception" else "")
            for kind, tenths in zip(STEPS, row, strict=True)
            if tenths
        ]
        for row, why in zip(given, now.whys, strict=True)
    ]


def moves_of(before: Side, after: Side) -> list[list[Move]]:
    """Return the moves of each row, largest first; they sum to the shown change. Empty where a score is not known.

    The two sides may be scored by different definitions. Where the measures alone make no score on one side, all of
    the change goes to the first step that makes both known.
    """
    keys = [*after.definition.keys, *(key for key in before.definition.keys if key not in after.definition.keys)]
    first, last = _lined_up(before, keys), _lined_up(after, keys)
    own = (before.scored.tenths >= 0) & (after.scored.tenths >= 0)
    known = own & (before.chain[:, -1] >= 0) & (after.chain[:, -1] >= 0)
    curved = _curved(before, after, keys, (first, last))
    change = scorecard.attribute(first.scores, last.scores, first.rows.weights, last.rows.weights)
    causes = np.column_stack([change.moved - curved, curved, change.presence, change.weights])
    causes = np.where(known[:, None] & (np.abs(causes) > _NOISE), causes, 0.0)
    totals = np.where(known, after.scored.tenths - before.scored.tenths, 0)
    told = _Told(keys, set(before.definition.keys), set(after.definition.keys), before.definition == after.definition)
    rows = zip(
        scorecard.to_tenths(causes, totals).tolist(),
        zip(first.rows.values.tolist(), last.rows.values.tolist(), strict=True),
        _steps(before.chain, after.chain),
        [new or old for old, new in zip(before.whys, after.whys, strict=True)],
        strict=True,
    )
    return [_moves(told, *row) for row in rows]


def change_of(before: int, after: int) -> int | None:
    """Return the shown change between two shown scores in tenths, None where either is not known (-1)."""
    return None if before < 0 or after < 0 else after - before


@dataclass(frozen=True)
class _Told:
    keys: Sequence[str]
    before: set[str]
    after: set[str]
    is_same: bool


def _lined_up(side: Side, keys: Sequence[str]) -> Scored:
    """Return a side with a column for each key; a measure that it does not have is not known and weighs nothing."""
    at = [side.definition.keys.index(key) if key in side.definition.keys else -1 for key in keys]
    if at == list(range(len(side.definition.keys))):
        return side.scored

    def columns(table: Floats, without: float) -> Floats:
        return np.column_stack([table, np.full(len(table), without)])[:, at]

    now = side.scored
    scores = scorecard.Scores(
        now.scores.score,
        now.scores.coverage,
        columns(now.scores.points, np.nan),
        columns(now.scores.shares, 0.0),
        columns(now.scores.contributions, 0.0),
    )
    return Scored(Rows(columns(now.rows.values, np.nan), columns(now.rows.weights, 0.0)), scores, now.tenths)


def _curved(before: Side, after: Side, keys: Sequence[str], sides: tuple[Scored, Scored]) -> Floats:
    """Return what other points for the same value did, of what measures known on both sides moved.

    Mean of "value first" and "points first" (Shapley 1953); where something else is counted, all of it is other points.
    """
    found = np.zeros(sides[0].rows.values.shape)
    old = {measure.key: measure for measure in before.definition.measures}
    new = {measure.key: measure for measure in after.definition.measures}
    for column, key in enumerate(keys):
        if key not in old or key not in new:
            continue
        one, other = old[key], new[key]
        was, now = (side.scores.points[:, column] for side in sides)
        share = (sides[0].scores.shares[:, column] + sides[1].scores.shares[:, column]) / 2
        if one.expression != other.expression:
            found[:, column] = share * (now - was)
        elif one.curve != other.curve:
            earlier, later = (side.rows.values[:, column] for side in sides)
            found[:, column] = share * (other.curve(earlier) - was + now - one.curve(later)) / 2
    return np.nan_to_num(found)


def _steps(before: Whole, after: Whole) -> list[list[int]]:
    """Return what each step did to the change of each row: zeros where a score is not known."""
    known = (before >= 0) & (after >= 0)
    change = np.where(known, after - before, 0)
    steps = np.diff(change, axis=1)
    return [list(map(int, row)) for row in np.where(known[:, -1:], steps, 0)]


def _moves(
    told: _Told, shown: list[int], values: tuple[list[float], list[float]], steps: list[int], why: str
) -> list[Move]:
    old, new = values
    count = len(told.keys)
    moves = []
    for column, key in enumerate(told.keys):
        before, after = _known(old[column]), _known(new[column])
        if tenths := shown[column]:
            moves.append(Move("moved", key, before, after, tenths))
        if tenths := shown[count + column]:
            moves.append(Move("points", key, before, after, tenths))
        if tenths := shown[2 * count + column]:
            moves.append(Move(_presence(told, key, after), key, before, after, tenths))
    if shown[-1]:
        moves.append(Move("sorted" if told.is_same else "weights", "", None, None, shown[-1]))
    moves.extend(
        Move(kind, "", None, None, tenths, why if kind == "exception" else "")
        for kind, tenths in zip(STEPS, steps, strict=True)
        if tenths
    )
    return sorted(moves, key=lambda move: -abs(move.tenths))


def _presence(told: _Told, key: str, after: float | None) -> MoveKind:
    if key not in told.before:
        return "added"
    if key not in told.after:
        return "removed"
    return "vanished" if after is None else "appeared"


def _known(value: float) -> float | None:
    return None if value != value else round(value, 6)  # noqa: PLR0124  # NaN is the one value unlike itself
