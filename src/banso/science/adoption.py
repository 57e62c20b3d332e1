"""Which features mark the accounts that stay, told apart from those that only go with much use.

Landmark (van Houwelingen 2007): only first uses in the first weeks count, and only accounts still under contract then
are compared, so that nobody has time to adopt because they stayed. Whoever uses much adopts much and stays: each
feature is judged beside use, size and breadth (how many of the other features were taken up). Many features are looked
at: Benjamini & Hochberg (1995) over all of them, and stability selection by complementary halves (Shah & Samworth
2013), which a feature must pass both. What is left is a candidate, not a cause: only a draw settles it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from banso.science.basis import Basis, Interval, NotEnough

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Whole = NDArray[np.int64]
type Verdict = Literal["candidate", "goes with use", "not seen"]

LANDMARK_WEEKS: Final = 13
LEAST_LOSSES: Final = 15
LEAST_USERS: Final = 8
# Halves are drawn in pairs: 25 splits make 50 halves.
SPLITS: Final = 25
# In a half a feature is kept where it stands out this far; of the halves so many must keep a candidate.
STANDS_OUT: Final = 1.0
STABLE: Final = 0.75
# Prior deviation of a coefficient, in standardised measures: keeps separated features finite.
PRIOR_SD: Final = 2.5
STEPS: Final = 12
LEVEL: Final = 0.8
POWER: Final = 0.8
FEW: Final = 10


@dataclass(frozen=True)
class Histories:
    """Accounts (n,) and the week of contract in which each first really used each feature (n, f), NaN never.

    observed (n,): weeks under contract so far. kept (n,): 1 stayed at its decision, 0 left, NaN still open. adjust
    (n, k): what else explains staying, as known at the landmark: use, size. features: f names.
    """

    features: Sequence[str]
    first_use: Floats
    observed: Floats
    kept: Floats
    adjust: Floats


@dataclass(frozen=True)
class Marker:
    """One feature: who had it at the landmark, and how many of those with and without stayed.

    difference: of staying, in shares, were all to have it or none, use, size and breadth being what they are. p: of the
    feature beside them; q_value: after Benjamini-Hochberg. stability: share of the halves that keep it. draw: how many
    accounts with it offered and as many without would settle a difference of this size (80 % power), where any would.
    """

    feature: str
    users: int
    kept_with: float
    kept_without: float
    difference: Interval
    p: float
    q_value: float
    stability: float
    verdict: Verdict
    draw: int | None


@dataclass(frozen=True)
class Markers:
    """All features that could be judged, candidates first, then by p."""

    rows: tuple[Marker, ...]
    basis: Basis


@dataclass(frozen=True)
class Matrix:
    """Cells (r, c) of two measures' bands: accounts, ARR, losses, the rate of loss with its 80 % Wilson interval.

    `is_few`: fewer than ten accounts, so that the rate is not to be read. A rate of no accounts is NaN.
    """

    accounts: Whole
    arr: Floats
    lost: Whole
    rate: Floats
    low: Floats
    high: Floats
    is_few: Flags


def markers(
    histories: Histories, *, window: tuple[date, date], seed: int, by_week: int = LANDMARK_WEEKS, q: float = 0.1
) -> Markers | NotEnough:
    """Return what each feature says of staying; NotEnough below 15 losses or 15 that stayed."""
    is_there = (histories.observed >= by_week) & np.isfinite(histories.kept)
    kept = histories.kept[is_there]
    losses, stayed = int((kept == 0).sum()), int((kept == 1).sum())
    if min(losses, stayed) < LEAST_LOSSES:
        needed = {"losses": LEAST_LOSSES, "kept": LEAST_LOSSES}
        return NotEnough(needed, {"losses": losses, "kept": stayed}, "nothing")
    had = (histories.first_use[is_there] < by_week).astype(np.float64)
    users = had.sum(axis=0)
    judged = np.flatnonzero((users >= LEAST_USERS) & (len(kept) - users >= LEAST_USERS))
    basis = Basis(len(kept), losses, window, "landmark, logistic beside use, size and breadth", "1", seed)
    if not len(judged):
        return Markers((), basis)
    tables = _tables(had, judged, histories.adjust[is_there])
    stability = _stability(tables, kept, np.random.default_rng(seed))
    names = [histories.features[int(feature)] for feature in judged]
    rows = _judged(names, had[:, judged], kept, tables=tables, stability=stability, q=q)
    return Markers(tuple(sorted(rows, key=lambda row: (row.verdict != "candidate", row.p, row.feature))), basis)


def use_matrix(
    rows: Floats, columns: Floats, *, row_cuts: Sequence[float], column_cuts: Sequence[float], arr: Floats, lost: Flags
) -> Matrix:
    """Return the cells of two measures (n,) in bands; a cut is the lower edge of its band. NaN belongs to no cell."""
    is_known = np.isfinite(rows) & np.isfinite(columns)
    row = np.searchsorted(row_cuts, rows[is_known], side="right")
    column = np.searchsorted(column_cuts, columns[is_known], side="right")
    shape = (len(row_cuts) + 1, len(column_cuts) + 1)
    cell = row * shape[1] + column
    size = shape[0] * shape[1]
    accounts = np.bincount(cell, minlength=size).reshape(shape)
    losses = np.bincount(cell, weights=lost[is_known], minlength=size).reshape(shape)
    money = np.bincount(cell, weights=arr[is_known], minlength=size).reshape(shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = losses / accounts
        z2 = norm.ppf((1 + LEVEL) / 2) ** 2
        middle = (losses + z2 / 2) / (accounts + z2)
        reach = np.sqrt(z2 * (rate * (1 - rate) / accounts + z2 / 4 / accounts**2)) / (1 + z2 / accounts)
    low, high = np.maximum(middle - reach, 0.0), np.minimum(middle + reach, 1.0)
    return Matrix(accounts, money, losses.astype(np.int64), rate, low, high, accounts < FEW)


def _judged(
    names: Sequence[str], had: Floats, kept: Floats, *, tables: Floats, stability: Floats, q: float
) -> list[Marker]:
    coef, cov = _fit(tables, kept)
    z = coef[:, -1] / np.sqrt(cov[:, -1, -1])
    p = 2 * norm.sf(np.abs(z))
    q_values, plain = _adjusted(p), _plain(had, kept)
    candidates = (q_values <= q) & (stability >= STABLE) & (z > 0)
    with_use = (_adjusted(2 * norm.sf(np.abs(plain))) <= q) & (plain > 0)
    rows = []
    for place, name in enumerate(names):
        verdict: Verdict = "candidate" if candidates[place] else "goes with use" if with_use[place] else "not seen"
        has = had[:, place] == 1
        difference = _difference(tables[place], coef[place], cov[place])
        rows.append(
            Marker(
                feature=name,
                users=int(has.sum()),
                kept_with=float(kept[has].mean()),
                kept_without=float(kept[~has].mean()),
                difference=difference,
                p=float(p[place]),
                q_value=float(q_values[place]),
                stability=float(stability[place]),
                verdict=verdict,
                draw=_draw(float(kept.mean()), difference.value),
            )
        )
    return rows


def _tables(had: Floats, judged: Whole, adjust: Floats) -> Floats:
    """Return for each judged feature what it is fitted with (f, n, p): 1, adjusters bent, breadth, and it itself."""
    scaled = (adjust - adjust.mean(axis=0)) / np.maximum(adjust.std(axis=0), 1e-12)
    breadth = had.sum(axis=1, keepdims=True) - had[:, judged]
    breadth = (breadth - breadth.mean(axis=0)) / np.maximum(breadth.std(axis=0), 1e-12)
    common = np.column_stack([np.ones(len(had)), scaled, np.clip(scaled**2, 0, 9) / 3])
    shared = np.broadcast_to(common, (len(judged), *common.shape))
    return np.concatenate([shared, breadth.T[:, :, None], had[:, judged].T[:, :, None]], axis=2)


def _fit(tables: Floats, kept: Floats) -> tuple[Floats, Floats]:
    """Return coefficients (f, p) and covariances (f, p, p) of logistic fits (f, n, p), by Newton's steps."""
    count, _, width = tables.shape
    prior = np.full(width, 1 / PRIOR_SD**2)
    prior[0] = 1e-4
    coef = np.zeros((count, width))
    for _ in range(STEPS):
        share = 1 / (1 + np.exp(-np.clip(np.einsum("fnp,fp->fn", tables, coef), -30, 30)))
        weighted = tables * (share * (1 - share))[:, :, None]
        bend = np.matmul(weighted.transpose(0, 2, 1), tables) + np.diag(prior)
        slope = np.einsum("fnp,fn->fp", tables, kept - share) - prior * coef
        coef = coef + np.clip(np.linalg.solve(bend, slope[:, :, None])[:, :, 0], -2, 2)
    return coef, np.linalg.inv(bend)


def _plain(had: Floats, kept: Floats) -> Floats:
    """Return (f,) how many deviations more of those with a feature stayed than of those without, nothing else asked."""
    users = had.sum(axis=0)
    share = kept.mean()
    others = len(kept) - users
    gap = had.T @ kept / users - (1 - had).T @ kept / others
    return np.asarray(gap / np.sqrt(share * (1 - share) * (1 / users + 1 / others)), dtype=np.float64)


def _stability(tables: Floats, kept: Floats, rng: np.random.Generator) -> Floats:
    """Return (f,) the share of complementary halves in which a feature stands out."""
    found = np.zeros(len(tables))
    for _ in range(SPLITS):
        order = rng.permutation(len(kept))
        for half in (order[: len(kept) // 2], order[len(kept) // 2 :]):
            coef, cov = _fit(tables[:, half], kept[half])
            found += coef[:, -1] / np.sqrt(cov[:, -1, -1]) > STANDS_OUT
    return found / (2 * SPLITS)


def _adjusted(p: Floats) -> Floats:
    """Return Benjamini-Hochberg's q-values (f,) of p-values (f,)."""
    order = np.argsort(p)
    ranked = p[order] * len(p) / np.arange(1, len(p) + 1)
    found = np.empty(len(p))
    found[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return found


def _difference(table: Floats, coef: Floats, cov: Floats) -> Interval:
    """Return how many more would stay were all to have it than none (g-computation), with a delta-method interval."""
    with_it, without = table.copy(), table.copy()
    with_it[:, -1], without[:, -1] = 1.0, 0.0
    one, other = (1 / (1 + np.exp(-(rows @ coef))) for rows in (with_it, without))
    value = float((one - other).mean())
    slope = ((one * (1 - one))[:, None] * with_it - (other * (1 - other))[:, None] * without).mean(axis=0)
    reach = float(norm.ppf((1 + LEVEL) / 2) * np.sqrt(slope @ cov @ slope))
    return Interval(value, value - reach, value + reach, LEVEL)


def _draw(kept: float, difference: float) -> int | None:
    """Return the accounts of each side of a draw that sees such a difference at 5 % with 80 % power."""
    if difference <= 0:
        return None
    z = float(norm.ppf(0.975) + norm.ppf(POWER))
    return ceil(2 * kept * (1 - kept) * (z / difference) ** 2)
