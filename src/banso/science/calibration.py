"""Whether probabilities are right: of those told 20 %, did one in five leave? And a score made into a probability."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special, stats

from banso.science.basis import Flags, Floats, Interval, NotEnough, Whole, short_of
from banso.science.proportions import LEVEL, clustered_share

LEAST_IN_BIN: Final = 20
MOST_BINS: Final = 10
LEAST_LOST: Final = 10
# Probabilities of exactly 0 or 1 would have no log-odds.
HAIR: Final = 1e-6
STEPS: Final = 50
CLOSE: Final = 1e-10


@dataclass(frozen=True)
class Bin:
    """Rows with like predictions: their mean, the share that left with its interval, and how many they are."""

    predicted: float
    observed: Interval
    rows: int
    lost: int


@dataclass(frozen=True)
class Calibration:
    """How probabilities of loss (0–1) agree with what happened.

    `observed_over_expected`: 1 is right, 1.2 a fifth more losses than told. `intercept`: the same on the log-odds, 0 is
    right. `slope`: 1 is right, below 1 the probabilities are too extreme, above 1 too timid; None where they are all
    alike. `brier_skill` and `log_loss_skill`: the share of the base rate's error that is gone; below 0 they are worse
    than telling everybody the base rate.
    """

    observed_over_expected: Interval
    intercept: Interval
    slope: Interval | None
    brier: float
    brier_skill: float
    log_loss: float
    log_loss_skill: float
    curve: tuple[Bin, ...]


@dataclass(frozen=True)
class Platt:
    """A score made into a probability: 1 / (1 + exp(-(intercept + slope × score)))."""

    intercept: float
    slope: float

    def __call__(self, score: Floats) -> Floats:
        """Return the probability of loss (n,) of scores (n,); NaN stays NaN."""
        return np.asarray(special.expit(self.intercept + self.slope * score), dtype=np.float64)


def platt(score: Floats, lost: Flags) -> Platt:
    """Fit the two numbers that turn a score (n,) into a probability of loss, both outcomes present, on train rows only.

    Targets are drawn in by one row each, so that a score that parts all losses still has a finite slope (Platt 1999).
    """
    count = int(lost.sum())
    target = np.where(lost, (count + 1) / (count + 2), 1 / (len(lost) - count + 2))
    centre, spread = float(score.mean()), float(score.std()) or 1.0
    design = np.column_stack([np.ones(len(score)), (score - centre) / spread])
    start, slope = _fit(design[:, : 1 if np.ptp(score) == 0 else 2], target, np.zeros(len(score)))
    return Platt(start - slope * centre / spread, slope / spread)


def calibration(
    probability: Floats, lost: Flags, cluster: Whole | None = None, level: float = LEVEL
) -> Calibration | NotEnough:
    """Hold probabilities of loss (n,) 0–1, none NaN, against what happened (n,); errors by cluster (n,), the account.

    Intercept with the slope held at 1, slope by logistic recalibration (Cox 1958; Van Calster et al. 2016), errors by
    the sandwich over clusters.
    """
    cluster = np.arange(len(lost)) if cluster is None else cluster
    have = {"lost": len(np.unique(cluster[lost])), "kept": len(np.unique(cluster[~lost]))}
    if refusal := short_of({"lost": LEAST_LOST, "kept": LEAST_LOST}, have):
        return refusal
    told = np.clip(probability, HAIR, 1 - HAIR)
    base = float(lost.mean())
    brier = float(np.mean((probability - lost) ** 2))
    loss = float(np.mean(_surprise(told, lost)))
    plain = float(np.mean(_surprise(np.full(len(lost), base), lost)))
    return Calibration(
        _ratio(told, lost, cluster, level),
        _intercept(special.logit(told), lost, cluster, level),
        _slope(special.logit(told), lost, cluster, level),
        brier,
        1 - brier / (base * (1 - base)),
        loss,
        1 - loss / plain,
        curve(probability, lost, cluster, level),
    )


def curve(probability: Floats, lost: Flags, cluster: Whole, level: float = LEVEL) -> tuple[Bin, ...]:
    """Return up to 10 groups of rows with like probabilities (n,), at least 20 rows each; equal ones stay together."""
    count = max(min(MOST_BINS, len(lost) // LEAST_IN_BIN), 1)
    values, place, rows = np.unique(probability, return_inverse=True, return_counts=True)
    filled = np.cumsum(rows)
    group = np.minimum((filled - rows / 2) * count // len(lost), count - 1).astype(np.int64)
    of_row = _joined(group, rows, len(values))[place]
    found = []
    for number in np.unique(of_row):
        member = of_row == number
        share = clustered_share(lost[member], cluster[member], level=level)
        found.append(Bin(float(probability[member].mean()), share, int(member.sum()), int(lost[member].sum())))
    return tuple(found)


def _joined(group: Whole, rows: Whole, values: int) -> Whole:
    """Join groups that are too small to their neighbour below, the first to the one above."""
    found = np.empty(values, dtype=np.int64)
    current, held = 0, 0
    for place in range(values):
        if place and group[place] != group[place - 1] and held >= LEAST_IN_BIN:
            current, held = current + 1, 0
        found[place], held = current, held + int(rows[place])
    return np.where(found == current, max(current - 1, 0), found) if held < LEAST_IN_BIN else found


def _surprise(told: Floats, lost: Flags) -> Floats:
    return -np.log(np.where(lost, told, 1 - told))


def _ratio(told: Floats, lost: Flags, cluster: Whole, level: float) -> Interval:
    expected = float(told.sum())
    ratio = float(lost.sum()) / expected
    pull = np.bincount(cluster, lost - ratio * told) / expected
    half = stats.norm.ppf((1 + level) / 2) * float(np.sqrt(pull @ pull)) / ratio
    return Interval(ratio, float(ratio * np.exp(-half)), float(ratio * np.exp(half)), level)


def _intercept(odds: Floats, lost: Flags, cluster: Whole, level: float) -> Interval:
    design = np.ones((len(odds), 1))
    value, _ = _fit(design, lost.astype(np.float64), odds)
    return _around(value, _errors(design, lost, special.expit(value + odds), cluster)[0], level)


def _slope(odds: Floats, lost: Flags, cluster: Whole, level: float) -> Interval | None:
    if np.ptp(odds) == 0:
        return None
    # Where the order parts the outcomes without a mistake, no finite slope is steep enough.
    if odds[lost].min() >= odds[~lost].max():
        return Interval(np.inf, 0.0, np.inf, level)
    if odds[lost].max() <= odds[~lost].min():
        return Interval(-np.inf, -np.inf, 0.0, level)
    design = np.column_stack([np.ones(len(odds)), odds])
    start, value = _fit(design, lost.astype(np.float64), np.zeros(len(odds)))
    return _around(value, _errors(design, lost, special.expit(start + value * odds), cluster)[1], level)


def _around(value: float, error: float, level: float) -> Interval:
    half = float(stats.norm.ppf((1 + level) / 2) * error)
    return Interval(value, value - half, value + half, level)


def _fit(design: Floats, target: Floats, offset: Floats) -> tuple[float, float]:
    """Return intercept and slope (0 where the design has none) of the logistic line, by Newton's method."""
    found = np.zeros(design.shape[1])
    for _ in range(STEPS):
        told = special.expit(design @ found + offset)
        curvature = (design * (told * (1 - told))[:, None]).T @ design
        step = np.linalg.solve(curvature, design.T @ (target - told))
        # A step of more than a few units of log-odds would leave the range where Newton's method converges.
        found += step / max(1.0, float(np.abs(step).max()) / 5)
        if float(np.abs(step).max()) < CLOSE:
            break
    return float(found[0]), float(found[1]) if len(found) > 1 else 0.0


def _errors(design: Floats, lost: Flags, told: Floats, cluster: Whole) -> Floats:
    """Return standard errors of the columns by the sandwich over clusters."""
    bread = np.linalg.inv((design * (told * (1 - told))[:, None]).T @ design)
    pull = np.column_stack([np.bincount(cluster, column * (lost - told)) for column in design.T])
    clusters = len(np.unique(cluster))
    return np.asarray(np.sqrt(np.diag(bread @ pull.T @ pull @ bread) * clusters / (clusters - 1)), dtype=np.float64)
