"""How many measures the losses carry, and whether a measure adds anything to others."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, ndtri
from scipy.stats import chi2

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Whole = NDArray[np.int64]
type Days = NDArray[np.datetime64]

FOLDS: Final = 5
_POINTS, _WEIGHTS = np.polynomial.hermite_e.hermegauss(80)
_ROUNDING: Final = 1e-12
_FEWEST: Final = 10  # losses to learn from and to be judged by, in a fold


def explained(rate: float, auc: float) -> float:
    """Return Cox–Snell R² of a model of this AUC where a share `rate` (0–1) is lost.

    Assumes that the linear predictor is normal among the lost and among the kept, with the same spread (Riley et al.,
    Stat Med 2021: from a published c-statistic to R²).
    """
    apart = np.sqrt(2) * ndtri(auc)
    mean = 0.0
    for share, shift, is_lost in ((rate, apart, True), (1 - rate, 0.0, False)):
        predictor = np.log(rate / (1 - rate)) - apart**2 / 2 + apart * (_POINTS + shift)
        likelihood = -np.logaddexp(0, -predictor) if is_lost else -np.logaddexp(0, predictor)
        mean += share * float(_WEIGHTS @ likelihood) / float(_WEIGHTS.sum())
    nothing = rate * np.log(rate) + (1 - rate) * np.log(1 - rate)
    return float(1 - np.exp(-2 * (mean - nothing)))


def parameters_allowed(decisions: int, losses: int, *, auc: float = 0.72, shrinkage: float = 0.9) -> int:
    """Return how many parameters keep the expected shrinkage at `shrinkage` or above, at least 1.

    Riley et al., Stat Med 2019, criterion 1: n = p / ((S − 1) ln(1 − R² / S)). At AUC .72 about 18 losses a parameter.
    """
    allowed = decisions * (shrinkage - 1) * np.log(1 - explained(losses / decisions, auc) / shrinkage)
    return max(1, int(allowed))


def folds(account: Whole, on: Days, due: Days, lost: Flags, seed: int) -> Iterator[tuple[Whole, Whole]]:
    """Yield rows to learn from and to judge by: never the same account on both sides, and forward in time.

    account, on (the day of the measures), due (the day the outcome was known) and lost are (n,). Learn from what was
    due before a cut, judge by what was measured on it or later; cuts at half and three quarters of time. Where time is
    too short for that, by account alone.
    """
    groups = np.random.default_rng(seed).permutation(account.max() + 1)[account] % FOLDS
    ordered = np.sort(due)
    cuts = [ordered[len(ordered) // 2], ordered[3 * len(ordered) // 4], ordered[-1] + np.timedelta64(1, "D")]
    forward = [(due < cut, (on >= cut) & (on < then)) for cut, then in pairwise(cuts)]
    if not all(lost[learn].sum() >= _FEWEST * FOLDS and lost[judge].sum() >= _FEWEST for learn, judge in forward):
        forward = [(np.ones(len(due), dtype=np.bool_), np.ones(len(due), dtype=np.bool_))]
    for learn, judge in forward:
        for group in range(FOLDS):
            yield np.flatnonzero(learn & (groups != group)), np.flatnonzero(judge & (groups == group))


def chance_of_nothing(measure: Floats, others: Floats, lost: Flags, account: Whole) -> float:
    """Return p, two-sided, that a measure (n,) adds nothing to others (n, k) in telling lost (n,) from kept.

    Score test of a logistic regression with a variance robust to rows of one account (Rotnitzky & Jewell, Biometrika
    1990): nothing is fitted for the measure, so that few losses do not blow it up. No value may be missing.
    """
    design = np.column_stack([np.ones(len(lost)), others])
    fitted = minimize(_minus_likelihood, np.zeros(design.shape[1]), args=(design, lost), jac=True, method="BFGS").x
    p = expit(design @ fitted)
    information = design.T @ (design * (p * (1 - p))[:, None])
    left = measure - design @ np.linalg.solve(information, design.T @ (p * (1 - p) * measure))
    scores = np.bincount(account, weights=left * (lost - p))
    spread = float(scores @ scores)
    # What the others say already leaves nothing but rounding.
    says_more = spread > _ROUNDING * float(measure @ measure)
    return float(chi2.sf(scores.sum() ** 2 / spread, 1)) if says_more else 1.0


def _minus_likelihood(at: Floats, design: Floats, lost: Flags) -> tuple[float, Floats]:
    predictor = design @ at
    return float(np.sum(np.logaddexp(0, predictor) - lost * predictor)), design.T @ (expit(predictor) - lost)
