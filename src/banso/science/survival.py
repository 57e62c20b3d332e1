"""How long accounts stay: curves of those still here, medians, means within a limit, and whether two groups differ."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from banso.science.basis import Flags, Floats, Interval

LEVEL: Final = 0.95
# A share that equals one half but for rounding is one half.
HAIR: Final = 1e-12


@dataclass(frozen=True)
class Curve:
    """The share still here after each time at which somebody left (k,), Kaplan & Meier 1958.

    `error`: Greenwood's standard error; `low` and `high` bound the share on the log(-log) scale (Kalbfleisch & Prentice
    2002), 0–1 where it is 0 or 1; `at_risk` and `left` counted just before and at each time; `last`: the longest time.
    """

    time: Floats
    share: Floats
    error: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    left: Floats
    last: float
    level: float

    def at(self, time: float) -> Interval:
        """Return the share still here at a time; NaN beyond the longest time that anybody was watched."""
        place = int(np.searchsorted(self.time, time, "right")) - 1
        if time > self.last:
            return Interval(np.nan, 0.0, 1.0, self.level)
        if place < 0:
            return Interval(1.0, 1.0, 1.0, self.level)
        return Interval(float(self.share[place]), float(self.low[place]), float(self.high[place]), self.level)

    def median(self) -> Interval:
        """Return the time by which half have left (Brookmeyer & Crowley 1982); infinite where fewer than half did."""
        return Interval(
            _half(self.time, self.share), _half(self.time, self.low), _half(self.time, self.high), self.level
        )

    def mean_until(self, limit: float) -> Interval:
        """Return the mean time here within a limit no longer than any was watched (Royston & Parmar 2013)."""
        if limit > self.last:
            raise ValueError("Nobody was watched for so long: the mean is not known up to there.")
        inside = self.time < limit
        edges = np.concatenate([[0.0], self.time[inside], [limit]])
        areas = np.diff(edges) * np.concatenate([[1.0], self.share[inside]])
        after = areas[1:][::-1].cumsum()[::-1]
        stays = self.at_risk[inside] - self.left[inside]
        # Where the last one left there is nothing after it, and nothing to be unsure of.
        steps = np.divide(self.left[inside], self.at_risk[inside] * stays, out=np.zeros(len(stays)), where=stays > 0)
        half = float(stats.norm.ppf((1 + self.level) / 2) * np.sqrt(after**2 @ steps))
        value = float(areas.sum())
        return Interval(value, max(value - half, 0.0), min(value + half, limit), self.level)


@dataclass(frozen=True)
class Difference:
    """Whether two groups leave at the same rate: the log-rank statistic (chi-square, one degree) and its p."""

    chi_square: float
    p: float


def curve(time: Floats, left: Flags, entered: Floats | None = None, level: float = LEVEL) -> Curve:
    """Return the curve of accounts watched until `time` (n,), when they left (True) or were still here (False).

    `entered` (n,): since when each is watched, in the same clock, where that is later than its beginning: an account
    imported in its third year says nothing of the first two (left truncation).
    """
    entered = np.zeros(len(time)) if entered is None else entered
    if np.any(entered >= time):
        raise ValueError("Every account must be watched for some time.")
    moments, gone = np.unique(time[left], return_counts=True)
    # Who leaves at a moment is at risk at it; who enters at it is not yet.
    at_risk = np.searchsorted(np.sort(entered), moments, "left") - np.searchsorted(np.sort(time), moments, "left")
    share = np.cumprod(1 - gone / at_risk)
    stays = at_risk - gone
    steps = np.divide(gone, at_risk * stays, out=np.full(len(gone), np.nan), where=stays > 0)
    spread = np.sqrt(np.cumsum(steps))
    low, high = _bounds(share, spread, level)
    error = np.where(share > 0, share * spread, 0.0)
    counts = (at_risk.astype(np.float64), gone.astype(np.float64))
    return Curve(moments, share, error, low, high, *counts, float(time.max(initial=0.0)), level)


def difference(one: tuple[Floats, Flags], other: tuple[Floats, Flags]) -> Difference:
    """Compare two groups of (time, left) by the log-rank test (Mantel 1966), as SciPy has it."""
    found = stats.logrank(
        *(stats.CensoredData(uncensored=time[left], right=time[~left]) for time, left in (one, other))
    )
    return Difference(float(found.statistic) ** 2, float(found.pvalue))


def _bounds(share: Floats, spread: Floats, level: float) -> tuple[Floats, Floats]:
    inside = (share > 0) & (share < 1)
    depth = np.log(np.where(inside, share, 0.5))
    reach = stats.norm.ppf((1 + level) / 2) * np.where(inside, spread, 0.0) / -depth
    low, high = (np.exp(depth * np.exp(sign * reach)) for sign in (1, -1))
    return np.where(inside, low, 0.0), np.where(inside, high, 1.0)


def _half(time: Floats, share: Floats) -> float:
    """Return when a falling share reaches one half; the middle of the time at which it is exactly one half."""
    below = np.flatnonzero(share <= 0.5 + HAIR)  # a median
    if not len(below):
        return np.inf
    first = int(below[0])
    level = np.abs(share - 0.5) <= HAIR
    after = np.flatnonzero(share < 0.5 - HAIR)
    return float((time[first] + time[after[0]]) / 2) if level[first] and len(after) else float(time[first])
