"""Additive scorecards: values become points, points a score, and every change of a score is taken apart exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Whole = NDArray[np.int64]

# Rows worked on at a time: keeps the memory of 10,000 accounts × 104 weeks under some tens of megabytes.
BLOCK = 131_072


class Missing(StrEnum):
    """What happens to a score when a measure is not known."""

    SCALE_UP = "scale_up"  # left out, the other weights scaled up; not known when less than half of the weight is known
    WITHHOLD = "withhold"  # one missing measure makes the score not known

    @property
    def least_coverage(self) -> float:
        """Return the share of weight, 0–1, that must be known for a score to be shown."""
        return 0.5 if self is Missing.SCALE_UP else 1.0


@dataclass(frozen=True)
class Curve:
    """Straight lines through (value, points) pairs; values strictly rising, points 0–100 and monotone; flat outside."""

    values: tuple[float, ...]
    points: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.values) != len(self.points) or len(self.values) < 2:  # noqa: PLR2004  # a line has two ends
            raise ValueError("A curve needs two or more pairs of value and points.")
        if not np.all(np.isfinite(self.values)) or np.any(np.diff(self.values) <= 0):
            raise ValueError("The values of a curve must be finite and rise strictly.")
        steps = np.diff(self.points)
        if not (np.all(steps >= 0) or np.all(steps <= 0)):
            raise ValueError("The points of a curve must only rise or only fall.")
        if not np.all((np.asarray(self.points) >= 0) & (np.asarray(self.points) <= 100)):  # noqa: PLR2004  # the scale
            raise ValueError("The points of a curve must lie between 0 and 100.")

    def __call__(self, values: Floats) -> Floats:
        """Return points 0–100 of the same shape; NaN, a value that is not known, stays NaN."""
        known = np.interp(values, self.values, self.points)
        return np.asarray(np.where(np.isnan(values), np.nan, known), dtype=np.float64)


@dataclass(frozen=True)
class Bands:
    """Steps through (from, points) pairs: each value has the points of the last band that begins at or below it.

    Beginnings strictly rising, points 0–100 and monotone; values below the first band have the points of the first.
    """

    values: tuple[float, ...]
    points: tuple[float, ...]

    def __post_init__(self) -> None:
        Curve(self.values, self.points)

    def __call__(self, values: Floats) -> Floats:
        """Return points 0–100 of the same shape; NaN, a value that is not known, stays NaN."""
        band = np.maximum(np.searchsorted(self.values, values, side="right") - 1, 0)
        found = np.where(np.isnan(values), np.nan, np.asarray(self.points, dtype=np.float64)[band])
        return np.asarray(found, dtype=np.float64)


@dataclass(frozen=True)
class Scores:
    """Scores of n rows over m measures.

    score (n,) 0–100 or NaN where not known; coverage (n,) share of weight known, 0–1; points (n, m) with NaN where
    missing; shares (n, m) weights normalised over the known, rows sum to 1, or to 0 where nothing is known;
    contributions (n, m) = shares × points, 0 where missing, rows sum to the score.
    """

    score: Floats
    coverage: Floats
    points: Floats
    shares: Floats
    contributions: Floats


@dataclass(frozen=True)
class Change:
    """A change of n scores taken apart: total (n,) = moved (n, m) + presence (n, m) + weights (n,), to 1e-9.

    moved: measures known before and after whose points moved. presence: measures that became known or stopped being
    known. weights: what the change of weights did. All NaN in rows where either score is not known.
    """

    total: Floats
    moved: Floats
    presence: Floats
    weights: Floats


def points(values: Floats, curves: Sequence[Curve | Bands]) -> Floats:
    """Return the points (n, m) of values (n, m), one curve for each column."""
    _same_columns(values, len(curves))
    return np.column_stack([curve(values[:, column]) for column, curve in enumerate(curves)])


def score(points: Floats, weights: Floats, missing: Missing = Missing.SCALE_UP) -> Scores:
    """Score points (n, m), NaN where missing, under weights (m,) or (n, m), not negative, not all zero in a row.

    Missing measures are left out and the weights of the others scaled up; a row whose coverage is below the policy's
    least coverage has the score NaN, which callers must show as "not known" and never as good.
    """
    weights = _weights_like(points, weights)
    known = ~np.isnan(points)
    coverage = np.sum(weights * known, axis=1) / np.sum(weights, axis=1)
    shares = _shares(weights, known)
    contributions = shares * np.where(known, points, 0.0)
    total = np.clip(contributions.sum(axis=1), 0.0, 100.0)
    # A hair's breadth below the limit is rounding of the sum, not a missing measure.
    enough = coverage >= missing.least_coverage - 1e-12
    return Scores(np.where(enough, total, np.nan), np.minimum(coverage, 1.0), points, shares, contributions)


def score_many(
    values: Floats, curves: Sequence[Curve | Bands], weights: Floats, missing: Missing = Missing.SCALE_UP
) -> tuple[Floats, Floats]:
    """Return score (n,) and coverage (n,) of values (n, m) in blocks: the memory stays small for millions of rows."""
    _same_columns(values, len(curves))
    weights = _weights_like(values, weights)
    scores, coverage = np.empty(len(values)), np.empty(len(values))
    for start in range(0, len(values), BLOCK):
        block = slice(start, start + BLOCK)
        scored = score(points(values[block], curves), weights[block], missing)
        scores[block], coverage[block] = scored.score, scored.coverage
    return scores, coverage


def group_points(scored: Scores, groups: Sequence[int], count: int) -> Floats:
    """Return the points (n, count) of groups of measures: the weighted mean over the known, NaN where none is known."""
    member = np.equal.outer(np.asarray(groups), np.arange(count)).astype(np.float64)
    share, part = scored.shares @ member, scored.contributions @ member
    return np.asarray(np.divide(part, share, out=np.full_like(part, np.nan), where=share > 0), dtype=np.float64)


def attribute(before: Scores, after: Scores, weights_before: Floats, weights_after: Floats) -> Change:
    """Take the change between two scorings of the same n rows apart, exactly and whatever the order of steps.

    A measure known on both sides is credited its change of points at the mean of its two shares. What is left comes
    from shares alone; it is split between presence and weights as the mean of "presence first" and "weights first",
    the Shapley value for these two causes (Shapley 1953). Within presence, a measure is credited by how far its points
    lie from the score of the measures known on both sides.
    """
    weights_before = _weights_like(before.points, weights_before)
    weights_after = _weights_like(after.points, weights_after)
    known_before, known_after = ~np.isnan(before.points), ~np.isnan(after.points)
    first, last = np.where(known_before, before.points, 0.0), np.where(known_after, after.points, 0.0)
    both = known_before & known_after
    moved = np.where(both, (before.shares + after.shares) / 2 * (last - first), 0.0)
    # The points against which shares are weighed: the mean where known twice, the one known otherwise.
    middle = np.where(both, (first + last) / 2, first + last)
    presence, weighting = _split(middle, (known_before, known_after), (weights_before, weights_after))
    unknown = np.isnan(before.score) | np.isnan(after.score)
    blank = unknown[:, None]
    return Change(
        after.score - before.score,
        np.where(blank, np.nan, moved),
        np.where(blank, np.nan, presence),
        np.where(unknown, np.nan, weighting),
    )


def to_tenths(parts: Floats, totals: Whole) -> Whole:
    """Round parts (n, k) to tenths so that each row sums exactly to its total (n,), itself in tenths.

    Largest remainder (Hamilton): every part is rounded down, and the tenths still missing go to the largest
    remainders; a part that is exactly zero stays zero as long as another is not. Ties go to the earlier column, so
    that the result is stable. Parts must be known (no NaN).
    """
    scaled = np.round(parts * 10, 9)
    floor = np.floor(scaled)
    eligible = scaled != 0
    eligible |= ~eligible.any(axis=1, keepdims=True)
    order = np.argsort(np.where(eligible, -(scaled - floor), np.inf), axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    short = np.asarray(totals, dtype=np.int64) - floor.sum(axis=1).astype(np.int64)
    count = eligible.sum(axis=1)
    each, rest = np.divmod(short, np.maximum(count, 1))
    lift = np.where(eligible, each[:, None] + (rank < rest[:, None]), 0)
    return np.asarray(floor.astype(np.int64) + lift, dtype=np.int64)


def tenths(scores: Floats) -> Whole:
    """Return scores in whole tenths, half up; NaN becomes -1."""
    # Nine digits first: 70.25 × 10 must not fall to 702.4999….
    rounded = np.floor(np.round(np.nan_to_num(scores, nan=-0.1) * 10, 9) + 0.5)
    return np.asarray(rounded, dtype=np.int64)


def _shares(weights: Floats, known: Flags) -> Floats:
    kept = weights * known
    total = kept.sum(axis=1, keepdims=True)
    return np.divide(kept, total, out=np.zeros_like(kept), where=total > 0)


def _split(middle: Floats, known: tuple[Flags, Flags], weights: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Split the change of sums of shares × middle into presence (n, m) and weights (n,)."""
    corner = [[_shares(weight, seen) for seen in known] for weight in weights]
    sums = [[np.sum(shares * middle, axis=1) for shares in row] for row in corner]
    whole = [[shares.sum(axis=1) > 0 for shares in row] for row in corner]
    # A path leads over a mixed corner: the old weights with the new measures, or the other way round. It can be walked
    # only where that corner has any weight at all; where neither can, all is presence.
    over_old, over_new = whole[0][1].astype(np.float64), whole[1][0].astype(np.float64)
    paths = over_old + over_new
    presence_old = _presence(middle, known, corner[0])
    presence_new = _presence(middle, known, corner[1])
    weighting_old, weighting_new = sums[1][1] - sums[0][1], sums[1][0] - sums[0][0]
    steps = np.maximum(paths, 1.0)
    weighting = (over_old * weighting_old + over_new * weighting_new) / steps
    presence = (over_old[:, None] * presence_old + over_new[:, None] * presence_new) / steps[:, None]
    lost = _presence(middle, known, [corner[0][0], corner[1][1]])
    return np.where((paths > 0)[:, None], presence, lost), weighting


def _presence(middle: Floats, known: tuple[Flags, Flags], shares: Sequence[Floats]) -> Floats:
    """Credit measures that came (+) and went (-) with their distance from the score of those that stayed."""
    came, went = known[1] & ~known[0], known[0] & ~known[1]
    stayed = known[0] & known[1]
    held = shares[0] * stayed
    total = held.sum(axis=1)
    # Where nothing that weighs stayed, any level between does: the parts still sum to the change.
    between = (np.sum(shares[0] * middle, axis=1) + np.sum(shares[1] * middle, axis=1)) / 2
    level = np.divide(np.sum(held * middle, axis=1), total, out=between, where=total > 0)
    distance = middle - level[:, None]
    return came * shares[1] * distance - went * shares[0] * distance


def _weights_like(rows: Floats, weights: Floats) -> Floats:
    weights = np.asarray(weights, dtype=np.float64)
    if weights.shape[-1:] != rows.shape[1:]:
        raise ValueError(f"There are {rows.shape[1]} measures but weights of shape {weights.shape}.")
    if not np.all(np.isfinite(weights)) or np.any(weights < 0) or np.any(weights.sum(axis=-1) <= 0):
        raise ValueError("Weights must be finite, not negative, and not all zero.")
    return np.broadcast_to(weights, rows.shape)


def _same_columns(values: Floats, count: int) -> None:
    if values.ndim != 2 or values.shape[1] != count:  # noqa: PLR2004  # rows and columns
        raise ValueError(f"There are {count} curves but values of shape {values.shape}.")
