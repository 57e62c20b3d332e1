"""Rates of few losses, level by level, drawn towards the rate of the whole book as far as the data ask for it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, expit, logit

from banso.science.basis import Interval

type Whole = NDArray[np.int64]
type Floats = NDArray[np.float64]

COVERAGE: Final = 0.8
# How alike levels may be: a prior worth 1 decision (each level for itself) up to one worth 1,000 (all the same).
_STRENGTHS: Final = np.geomspace(1, 1000, 13)
_GRID: Final = expit(np.linspace(logit(0.0005), logit(0.9995), 81))
_FINE: Final = expit(np.linspace(-14, 14, 1401))
_LOG, _LOG_REST = np.log(_FINE), np.log1p(-_FINE)


@dataclass(frozen=True)
class LevelRate:
    """What was lost at one level: decisions, losses among them, and the rate 0–1 shrunk to the book."""

    level: int
    decisions: int
    losses: int
    rate: Interval


@dataclass(frozen=True)
class Rates:
    """The rate of the whole book, and of each level that was seen, lowest first."""

    book: Interval
    levels: tuple[LevelRate, ...]

    def of(self, level: int) -> Interval:
        """Return the rate of a level; that of the book where the level was never seen."""
        return next((one.rate for one in self.levels if one.level == level), self.book)


def rates(lost: NDArray[np.bool_], level: Whole) -> Rates:
    """Return loss rates by level from decisions: lost (n,), level (n,) whole numbers, one row a decision, n ≥ 1.

    A hierarchical beta-binomial: each level's rate comes from a beta distribution about the book's rate (Jeffreys), as
    narrow as the levels are alike (log-uniform); both are integrated over a grid, so that the 80 % intervals hold also
    what is not known about them (Gelman et al., Bayesian Data Analysis, 5.3). Assumes decisions independent.
    """
    seen, place = np.unique(level, return_inverse=True)
    decisions = np.bincount(place)
    losses = np.bincount(place, weights=lost.astype(np.float64)).astype(np.int64)
    mean, strength = (one.ravel() for one in np.meshgrid(_GRID, _STRENGTHS))
    a, b = mean * strength, (1 - mean) * strength
    # Even steps in log-odds under a Jeffreys prior weigh by the square root of mean × (1 − mean).
    logs = 0.5 * np.log(mean * (1 - mean))
    for some, gone in zip(decisions, losses, strict=True):
        logs = logs + betaln(a + gone, b + some - gone) - betaln(a, b)
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    kept = weight > weight.max() * 1e-3
    weight, a, b = weight[kept] / weight[kept].sum(), a[kept], b[kept]
    found = [
        LevelRate(int(one), int(some), int(gone), _mixture(weight, a + gone, b + some - gone))
        for one, some, gone in zip(seen, decisions, losses, strict=True)
    ]
    all_lost, all_kept = int(losses.sum()), int((decisions - losses).sum())
    return Rates(_mixture(np.ones(1), np.array([all_lost + 0.5]), np.array([all_kept + 0.5])), tuple(found))


def _mixture(weight: Floats, a: Floats, b: Floats) -> Interval:
    """Return mean and middle 80 % of a mixture of beta distributions, by their density over even steps of log-odds."""
    density = weight @ np.exp(np.outer(a, _LOG) + np.outer(b, _LOG_REST) - betaln(a, b)[:, None])
    below = (np.cumsum(density) - density / 2) / density.sum()
    tail = (1 - COVERAGE) / 2
    low, high = np.interp([tail, 1 - tail], below, _FINE)
    return Interval(float(weight @ (a / (a + b))), float(low), float(high), COVERAGE)
