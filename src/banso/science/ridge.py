"""Logistic regression held back twice: by a penalty, and by signs that people have fixed."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Whole = NDArray[np.int64]

_STILL: Final = 1e-10
PENALTIES: Final = (0.3, 1.0, 3.0, 10.0, 30.0)


@dataclass(frozen=True)
class Ridge:
    """at (p + 1,): intercept first, then coefficients; covariance (p + 1, p + 1), robust to rows of one account."""

    at: Floats
    covariance: Floats
    signs: Whole

    def __call__(self, design: Floats) -> Floats:
        """Return log-odds (n,) of a design (n, p)."""
        return np.asarray(self.at[0] + design @ self.at[1:], dtype=np.float64)

    def draws(self, count: int, seed: int) -> Floats:
        """Return (count, p + 1) draws of what the parameters may be as well; no draw breaks a sign."""
        drawn = np.random.default_rng(seed).multivariate_normal(self.at, self.covariance, count, method="eigh")
        drawn[:, 1:] = np.where(self.signs * drawn[:, 1:] < 0, 0.0, drawn[:, 1:])
        return drawn


def fit(design: Floats, lost: Flags, weight: Floats, penalty: Floats, signs: Whole) -> Floats:
    """Return intercept and coefficients (p + 1,) that maximise likelihood − ½ Σ penalty × coefficient².

    design (n, p), standardised; lost and weight (n,); penalty (p,) ≥ 0, the precision of a normal prior about 0, so
    that it means the same whatever n is; signs (p,): +1 never below 0, −1 never above, 0 free.
    """
    bounds = [(None, None), *((0 if sign > 0 else None, 0 if sign < 0 else None) for sign in signs)]
    share = float(np.clip(weight @ lost / weight.sum(), 1e-6, 1 - 1e-6))
    start = np.concatenate([[np.log(share / (1 - share))], np.zeros(design.shape[1])])
    options = {"maxiter": 1000, "ftol": 1e-12, "gtol": 1e-7}
    arguments = (design, lost, weight, penalty)
    found = minimize(_loss, start, arguments, jac=True, bounds=bounds, method="L-BFGS-B", options=options)
    return np.asarray(found.x, dtype=np.float64)


def covariance(at: Floats, design: Floats, lost: Flags, weight: Floats, penalty: Floats, *, account: Whole) -> Floats:
    """Return the sandwich covariance (p + 1, p + 1) at a fit: clusters are accounts (n,), codes from 0.

    Liang & Zeger, Biometrika 1986, with the penalty in the bread and the usual factor for few clusters.
    """
    full = np.column_stack([np.ones(len(lost)), design])
    p = expit(full @ at)
    bread = full.T @ (full * (weight * p * (1 - p))[:, None]) + np.diag([1e-9, *penalty])
    scores = np.zeros((account.max() + 1, full.shape[1]))
    np.add.at(scores, account, full * (weight * (lost - p))[:, None])
    clusters = len(np.unique(account))
    turned = np.linalg.solve(bread, scores.T)
    return np.asarray(turned @ turned.T * clusters / max(clusters - 1, 1), dtype=np.float64)


def intercept(predictor: Floats, lost: Flags, weight: Floats) -> float:
    """Return what to add to log-odds (n,) so that as many losses are expected as there were."""
    shift = 0.0
    for _ in range(50):
        p = expit(predictor + shift)
        step = float(weight @ (lost - p) / max(weight @ (p * (1 - p)), 1e-9))
        shift += float(np.clip(step, -2, 2))
        if abs(step) < _STILL:
            break
    return shift


def _loss(at: Floats, design: Floats, lost: Flags, weight: Floats, penalty: Floats) -> tuple[float, Floats]:
    predictor = at[0] + design @ at[1:]
    off = weight * (expit(predictor) - lost)
    value = weight @ (np.logaddexp(0, predictor) - lost * predictor) + 0.5 * penalty @ at[1:] ** 2
    return float(value), np.concatenate([[off.sum()], design.T @ off + penalty * at[1:]])
