"""Weights for a scorecard's measures that would have told leavers best: a draft for people, never applied by itself."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from banso.science.basis import Basis, Days, Flags, Floats, Interval, NotEnough, Whole, short_of
from banso.science.discrimination import draws, percentile

VERSION: Final = "1"
LEAST_LOST: Final = 15
FOLDS: Final = 5
RESAMPLES: Final = 100
# How hard weights are held to zero, in losses' worth of evidence, from hardest to softest.
PENALTIES: Final = (30.0, 15.0, 8.0, 4.0, 2.0, 1.0, 0.3)


@dataclass(frozen=True)
class Suggestion:
    """Suggested weights (m,): not negative, 0 where a measure adds nothing, else summing to 1; each with its interval.

    `is_any`: whether some measure told leavers better than the base rate does on accounts kept apart; where none did,
    all weights are 0 and there is nothing to suggest.
    """

    basis: Basis
    weights: tuple[Interval, ...]
    is_any: bool


def suggested(points: Floats, lost: Flags, account: Whole, on: Days, *, seed: int) -> Suggestion | NotEnough:
    """Suggest weights from points (n, m) 0–100, higher is healthier, NaN not known, and who left (n,).

    Logistic regression of loss on points with coefficients that may only protect (monotone) and a penalty on their sum
    (sparse; the non-negative lasso, Breiman 1995), chosen by cross-validation over accounts: the hardest that lies
    within one standard error of the best. What is not known counts as the measure's mean. On train rows only.
    """
    have = {"lost": len(np.unique(account[lost])), "kept": len(np.unique(account[~lost]))}
    if refusal := short_of({"lost": LEAST_LOST, "kept": LEAST_LOST}, have):
        return refusal
    names, cluster = np.unique(account, return_inverse=True)
    known = ~np.isnan(points)
    mean = np.divide(
        np.where(known, points, 0).sum(axis=0),
        known.sum(axis=0),
        where=known.any(axis=0),
        out=np.zeros(points.shape[1]),
    )
    design = (np.where(known, points, mean) - mean) / 100
    # Rows that repeat an account are one witness.
    weight = 1 / np.bincount(cluster)[cluster]
    penalty = _penalty(design, lost, weight, cluster, seed)
    found = _fit(design, lost, weight, penalty) if penalty is not None else np.zeros(points.shape[1])
    taken = draws(len(names), seed, RESAMPLES) if found.any() else np.zeros((0, len(names)))
    sample = [_shares(_fit(design, lost, weight * times[cluster], float(penalty or 0))) for times in taken]
    shares = _shares(found)
    columns = np.array([shares, *sample])
    first, last = (moment.astype("datetime64[D]").item() for moment in (on.min(), on.max()))
    basis = Basis(len(names), have["lost"], (first, last), "non-negative lasso", VERSION, seed)
    weights = tuple(percentile(float(share), columns[:, place]) for place, share in enumerate(shares))
    return Suggestion(basis, weights, bool(found.any()))


def _penalty(design: Floats, lost: Flags, weight: Floats, cluster: Whole, seed: int) -> float | None:
    """Return the hardest penalty within a standard error of the best; None where none beats the base rate."""
    fold = (np.random.default_rng(seed).permutation(int(cluster.max()) + 1) % FOLDS)[cluster]
    gain = np.zeros((len(PENALTIES), len(lost)))
    for number in range(FOLDS):
        train, test = fold != number, fold == number
        base = _surprise(np.full(int(test.sum()), np.average(lost[train], weights=weight[train])), lost[test])
        for place, penalty in enumerate(PENALTIES):
            at = _fitted(design[train], lost[train], weight[train], penalty)
            told = expit(at[0] - design[test] @ at[1:])
            gain[place, test] = base - _surprise(told, lost[test])
    by_account = np.stack([np.bincount(cluster, row * weight) for row in gain])
    mean, error = by_account.mean(axis=1), by_account.std(axis=1) / np.sqrt(by_account.shape[1])
    best = int(mean.argmax())
    if mean[best] <= error[best]:
        return None
    return PENALTIES[int(np.flatnonzero(mean >= mean[best] - error[best])[0])]


def _surprise(told: Floats, lost: Flags) -> Floats:
    return -np.log(np.clip(np.where(lost, told, 1 - told), 1e-9, 1))


def _shares(at: Floats) -> Floats:
    return at / at.sum() if at.sum() > 0 else at


def _fit(design: Floats, lost: Flags, weight: Floats, penalty: float) -> Floats:
    return _fitted(design, lost, weight, penalty)[1:]


def _fitted(design: Floats, lost: Flags, weight: Floats, penalty: float) -> Floats:
    """Return the intercept and the protection of each measure (m + 1,), none below 0."""

    def loss(at: Floats) -> tuple[float, Floats]:
        odds = at[0] - design @ at[1:]
        off = weight * (expit(odds) - lost)
        value = weight @ (np.logaddexp(0, odds) - lost * odds) + penalty * at[1:].sum()
        return float(value), np.concatenate([[off.sum()], penalty - design.T @ off])

    bounds = [(None, None), *[(0, None)] * design.shape[1]]
    start = np.zeros(design.shape[1] + 1)
    found = np.asarray(minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x, dtype=np.float64)
    # What the solver leaves within a hair of zero is zero.
    found[1:][found[1:] < 1e-6] = 0.0  # noqa: PLR2004
    return found
