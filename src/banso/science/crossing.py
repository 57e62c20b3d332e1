"""When a quantity passes its limit: sample paths of the coming days, and from them a day with its interval.

Weeks follow simple exponential smoothing with drift (Hyndman & Billah 2003, "Unmasking the Theta method"), whose
smoothing, level, drift and variance are drawn from their posterior on a grid (Forbes, Snyder & Shami 2000, "Bayesian
exponential smoothing"), so that the interval knows how little a short history says. The error of each coming week, and
how the week spreads over its days, are those of one past week drawn as a block (Künsch 1989), so that weekdays stay
weekdays. A weak prior holds the drift to some per cent of the level a week. Yearly seasons are not modelled.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Whole = NDArray[np.int64]

WEEK: Final = 7
LEAST_WEEKS: Final = 8
MOST_WEEKS: Final = 52
PATHS: Final = 400
# The interval's nominal coverage: one in ten paths crosses before it, one in ten after it.
COVERAGE: Final = 0.8
FAN: Final = ((1 - COVERAGE) / 2, 0.5, (1 + COVERAGE) / 2)

SMOOTHINGS: Final = np.linspace(0.0, 1.0, 11)
# Prior of the drift: its standard deviation, as a share of the mean week, a week.
DRIFT_SD: Final = 0.02
# Errors grow with the level, but not without end below this share of the mean week.
FLOOR: Final = 0.1
# A hair's breadth above the limit is rounding, not use; and even weeks scatter by next to nothing, not by nothing.
HAIR: Final = 1e-9
LEAST_SCATTER: Final = 1e-12


@dataclass(frozen=True)
class NotEnough:
    """How many whole days of history a projection needs, and how many there are."""

    needed_days: int
    have_days: int


@dataclass(frozen=True)
class Crossing:
    """When a limit is passed, in days from the first projected day (0).

    `probability` that it is within the horizon. `median`, `low` and `high` bound the middle 80 % of paths; None lies
    beyond the horizon: `high` alone is None where the interval is open, all three where too few paths cross.
    """

    probability: float
    median: int | None
    low: int | None
    high: int | None


def paths(days: Floats, *, horizon: int, seed: int, is_level: bool = False) -> Floats | NotEnough:
    """Return PATHS sample paths (PATHS, horizon) of what the coming days bring, from what past days brought.

    `days` (n,) not negative, oldest first, without gaps, ending the day before the first projected one; at most the
    last 52 weeks are used, at least 8 are needed. `is_level`: the days are levels (people, seats), not amounts; those
    of whole numbers stay whole.
    """
    count = min(len(days) // WEEK, MOST_WEEKS)
    if count < LEAST_WEEKS:
        return NotEnough(LEAST_WEEKS * WEEK, len(days))
    history = np.asarray(days[len(days) - count * WEEK :], dtype=np.float64).reshape(count, WEEK)
    # A level is held against its limit on every day, so that the week's highest counts; amounts add up.
    weekly = history.max(axis=1) if is_level else history.sum(axis=1)
    if not weekly.any():
        return np.zeros((PATHS, horizon))
    rng = np.random.default_rng(seed)
    ahead = -(-horizon // WEEK)
    drawn = rng.integers(0, count, (PATHS, ahead))
    coming = _weeks(weekly, drawn, rng)
    found = (coming[:, :, None] * _spread(history, weekly)[drawn]).reshape(PATHS, -1)[:, :horizon]
    # Half a person takes no seat: a level that was always whole stays so.
    is_whole = is_level and bool(np.all(history == np.rint(history)))
    return np.rint(found) if is_whole else found


def counted(coming: Floats, *, used: float, starts: Flags) -> Floats:
    """Return what paths (p, h) of amounts have added up to by each day, in its period.

    `used` is what the running period has so far; `starts` (h,) says on which days a new period begins, from nothing.
    """
    found = np.empty_like(coming)
    edges = sorted({0, *np.flatnonzero(starts).tolist(), coming.shape[1]})
    for start, end in pairwise(edges):
        np.cumsum(coming[:, start:end], axis=1, out=found[:, start:end])
    running = int(starts.argmax()) if starts.any() else coming.shape[1]
    found[:, :running] += used
    return found


def crossing(standing: Floats, limit: float) -> Crossing:
    """Return when paths (p, h) of what is held against a limit first exceed it; never a day without its interval."""
    over = standing > limit + abs(limit) * HAIR
    crosses = over.any(axis=1)
    first = np.sort(np.where(crosses, over.argmax(axis=1), standing.shape[1]))
    low, median, high = (_within(first, share, standing.shape[1]) for share in FAN)
    if median is None:
        low = None
    return Crossing(float(crosses.mean()), median, low, high)


def crossed_at(standing: Floats, limit: float) -> int | None:
    """Return on which of some past days (n,) what is held against a limit first exceeded it; None: on none."""
    over = standing > limit + abs(limit) * HAIR
    return int(over.argmax()) if over.any() else None


def fan(standing: Floats) -> Floats:
    """Return (3, h): on each day, what one path in ten stays below, half of them, and all but one in ten (p, h)."""
    return np.asarray(np.quantile(standing, FAN, axis=0), dtype=np.float64)


def _within(first: Whole, share: float, horizon: int) -> int | None:
    day = int(first[min(int(share * len(first)), len(first) - 1)])
    return day if day < horizon else None


def _spread(history: Floats, weekly: Floats) -> Floats:
    """Return how each week (w, 7) spreads over its days; a week of nothing like all weeks together."""
    whole = history.sum(axis=0) / weekly.sum()
    parts = np.divide(history, weekly[:, None], out=np.zeros_like(history), where=weekly[:, None] > 0)
    return np.where(weekly[:, None] > 0, parts, whole)


def _weeks(weekly: Floats, drawn: Whole, rng: np.random.Generator) -> Floats:
    """Return paths (p, w) of the coming weeks, the error of each being that of the past week drawn for it."""
    # Squares of very small or very large amounts would leave the range of a double: the highest week is 1.
    scale = weekly.max()
    fit = _Fit(weekly / scale)
    which, start, drift = fit.draw(rng, len(drawn))
    smoothing, floor = SMOOTHINGS[which], FLOOR * (weekly / scale).mean()
    expected, found = start, np.empty(drawn.shape)
    for week in range(drawn.shape[1]):
        error = np.maximum(expected, floor) * fit.errors[which, drawn[:, week]]
        found[:, week] = np.maximum(expected + error, 0.0)
        expected = np.maximum(expected + smoothing * (found[:, week] - expected) + drift, 0.0)
    return found * scale


class _Fit:
    """Exponential smoothing with drift under each smoothing s: y = f + e, next f = f + s·e + drift.

    Given s, f is linear in its first value and the drift, so that both are least squares with the prior's help.
    """

    def __init__(self, weekly: Floats) -> None:
        design = _design(len(weekly))
        known = _smoothed(weekly)
        past, self._next = design[:, :-1], design[:, -1]
        self._known_next = known[:, -1]
        left = weekly - known[:, :-1]
        cross = np.einsum("sti,st->si", past, left)
        plain = np.einsum("sti,stj->sij", past, past)
        spare = len(weekly) - past.shape[2]
        tiny = (LEAST_SCATTER * weekly.mean()) ** 2 * len(weekly)
        scatter = self._squares(past, left, np.linalg.solve(plain, cross[..., None])[..., 0]) + tiny
        plain[:, 1, 1] += scatter / spare / (DRIFT_SD * weekly.mean()) ** 2
        self._centre = np.linalg.solve(plain, cross[..., None])[..., 0]
        self._scatter = self._squares(past, left, self._centre) + tiny
        self._root = np.linalg.cholesky(np.linalg.inv(plain))
        self._spare = spare
        odds = -0.5 * np.linalg.slogdet(plain)[1] - spare / 2 * np.log(self._scatter)
        self._odds = np.exp(odds - odds.max()) / np.exp(odds - odds.max()).sum()
        fitted = known[:, :-1] + np.einsum("sti,si->st", past, self._centre)
        relative = (weekly - fitted) / np.maximum(fitted, FLOOR * weekly.mean())
        # Least squares makes errors of the past look smaller than those to come.
        self.errors = (relative - relative.mean(axis=1, keepdims=True)) * np.sqrt(len(weekly) / spare)

    def draw(self, rng: np.random.Generator, count: int) -> tuple[Whole, Floats, Floats]:
        """Return for each path which smoothing it has, what its first week is expected to be, and its drift."""
        which = rng.choice(len(SMOOTHINGS), count, p=self._odds)
        spread = np.sqrt(self._scatter[which] / rng.chisquare(self._spare, count))
        shaken = np.einsum("pij,pj->pi", self._root[which], rng.standard_normal((count, 2)))
        theta = self._centre[which] + spread[:, None] * shaken
        start = self._known_next[which] + np.einsum("pi,pi->p", self._next[which], theta)
        return which, np.maximum(start, 0.0), theta[:, 1]

    @staticmethod
    def _squares(past: Floats, left: Floats, theta: Floats) -> Floats:
        return np.asarray(((left - np.einsum("sti,si->st", past, theta)) ** 2).sum(axis=1), dtype=np.float64)


@lru_cache(maxsize=MOST_WEEKS)
def _design(count: int) -> Floats:
    """Return what f of each week and the next (s, count + 1, 2) owes to its first value and to the drift."""
    found = np.zeros((len(SMOOTHINGS), count + 1, 2))
    found[:, 0, 0] = 1.0
    for week in range(count):
        found[:, week + 1] = (1 - SMOOTHINGS)[:, None] * found[:, week]
        found[:, week + 1, 1] += 1.0
    return found


def _smoothed(weekly: Floats) -> Floats:
    """Return what f of each week and the next (s, count + 1) owes to the weeks before it."""
    found = np.zeros((len(SMOOTHINGS), len(weekly) + 1))
    for week, amount in enumerate(weekly):
        found[:, week + 1] = (1 - SMOOTHINGS) * found[:, week] + SMOOTHINGS * amount
    return found
