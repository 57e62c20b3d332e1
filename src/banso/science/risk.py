"""The probability that an account leaves at its next decision, with its interval and what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
from scipy.special import expit
from scipy.stats import chi2

from banso.science import boosting, choosing, ridge
from banso.science.basis import Basis, NotEnough
from banso.science.boosting import Trees
from banso.science.cases import Cases, Flags, Floats, Landmarks, Measure, Scale, Whole, scale_of
from banso.science.ridge import Ridge

VERSION: Final = "1"
FEWEST_LOSSES: Final = 15  # below, no model
MANY_LOSSES: Final = 300  # from here on, boosting may try
COVERAGE: Final = 0.8
DRAWS: Final = 400
MEMBERS: Final = 8
SLOPE_FROM: Final = 50  # recent losses, from which on the slope may be mended
ANEW_FROM: Final = 100  # and the whole model
SURE: Final = 0.05
# What an account is (segment, size, weeks left) shifts its risk, but not far: a prior of about ±0.3 log-odds.
CONTEXT_PENALTY: Final = 10.0
YEAR: Final = np.timedelta64(365, "D")


class Kind(StrEnum):
    """How risk is told from measures."""

    RIDGE = "ridge"
    BOOSTING = "boosting"
    BOTH = "both"  # the mean of the two log-odds


@dataclass(frozen=True)
class Choice:
    """How risk is told and how far measures are held back; scores are the mean loss out of fold by kind tried."""

    kind: Kind
    penalty: float
    scores: tuple[tuple[Kind, float], ...]


@dataclass(frozen=True)
class Risks:
    """The risk of n accounts.

    p (n,) 0–1 with its 80 % interval low and high, all 0 where no decision falls in the window; parts (n, m), log-odds
    by measure against the mean of the book; known (n,), the share of measures known.
    """

    p: Floats
    low: Floats
    high: Floats
    parts: Floats
    known: Floats


@dataclass(frozen=True)
class Model:
    """A fitted risk: log-odds = shift + slope × what the chosen kind says."""

    choice: Choice
    scale: Scale
    ridge: Ridge
    trees: Trees | None
    shift: float
    slope: float
    basis: Basis

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return the measures that the losses carry, in their order."""
        return self.scale.measures

    def log_odds(self, cases: Cases) -> Floats:
        """Return the log-odds (n,) of loss at the decision, whenever it is."""
        return self.shift + self.slope * _raw(self.choice.kind, self.ridge, self.trees, self.scale.design(cases))

    def predict(self, cases: Cases, *, within_days: int = 90, seed: int = 0) -> Risks:
        """Return the risk of loss within so many days; parameters drawn anew give the interval."""
        design = self.scale.design(cases)
        raw = _raw(self.choice.kind, self.ridge, self.trees, design)
        drawn = self.shift + self.slope * self._draws(design, seed)
        tail = (1 - COVERAGE) / 2
        low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
        middle = self.shift + self.slope * raw
        falls = (cases.days >= 0) & (cases.days <= within_days)
        p, least, most = (
            np.where(falls, expit(one), 0.0) for one in (middle, np.minimum(low, middle), np.maximum(high, middle))
        )
        count = len(self.measures)
        parts = np.column_stack([self.slope * (raw - self._without(design, one)) for one in range(count)])
        return Risks(p, least, most, parts, np.mean(~np.isnan(design[:, :count]), axis=1))

    def _without(self, design: Floats, column: int) -> Floats:
        changed = design.copy()
        changed[:, column] = 0.0
        return _raw(self.choice.kind, self.ridge, self.trees, changed)

    def _draws(self, design: Floats, seed: int) -> Floats:
        drawn = self.ridge.draws(DRAWS, seed)
        straight = drawn[:, :1] + drawn[:, 1:] @ np.nan_to_num(design).T
        if self.trees is None:
            return np.asarray(straight, dtype=np.float64)
        grown = self.trees(design)
        grown = grown[np.arange(DRAWS) % len(grown)]
        # What trees are unsure of in level is what the straight model is unsure of: its intercept.
        level = drawn[:, :1] - self.ridge.at[0]
        return np.asarray(
            grown + level if self.choice.kind is Kind.BOOSTING else (grown + straight) / 2, dtype=np.float64
        )


def fit(
    rows: Landmarks, measures: Sequence[Measure], *, seed: int, most: int | None = None, prevalent_auc: float = 0.72
) -> Model | NotEnough:
    """Fit the risk of loss at a decision, on as many measures as the losses carry, the first first.

    As many measures as Riley's criterion allows (`choosing`), or `most`; ridge with fixed signs, its penalty chosen out
    of fold; from 300 losses on, monotone boosting and the mean of both are tried as well, and win where their loss out
    of fold is lower by more than its standard error over accounts. The level is that of the last year's decisions.
    Landmarking: van Houwelingen & Putter 2011. Below 15 losses, or 15 kept, there is no model.
    """
    decided = len(np.unique(rows.decision))
    least = min(rows.losses, decided - rows.losses)
    if least < FEWEST_LOSSES:
        return NotEnough({"losses": FEWEST_LOSSES}, {"losses": least}, "rates by level")
    allowed = most or choosing.parameters_allowed(decided, rows.losses, auc=prevalent_auc)
    scale = scale_of(rows.cases, tuple(measures)[:allowed])
    choice = _choose(rows, scale, seed)
    basis = Basis(
        len(np.unique(rows.account)),
        rows.losses,
        (rows.due.min().item(), rows.due.max().item()),
        choice.kind,
        VERSION,
        seed,
    )
    return _fitted(rows, scale, choice, basis)


def recalibrate(model: Model, recent: Landmarks) -> Model:
    """Bring a model up to date by recent decisions, as far as their losses carry.

    The closed test of Vergouwe et al., Stat Med 2017: the largest change that the losses allow (the level, from 50
    losses the slope as well, from 100 a new fit) is held against no change; where it is no better the model stays,
    else each smaller change is held against the largest, and the smallest that is as good is taken.
    """
    predictor, lost, weight = model.log_odds(recent.cases), recent.lost, recent.weight
    shift = ridge.intercept(predictor, lost, weight)
    tried = [(model, 0), (replace(model, shift=model.shift + shift), 1)]
    if recent.losses >= SLOPE_FROM:
        level, slope = ridge.fit(predictor[:, None], lost, weight, np.zeros(1), np.ones(1, dtype=np.int64))
        tried.append((replace(model, shift=level + slope * model.shift, slope=slope * model.slope), 2))
    if recent.losses >= ANEW_FROM:
        basis = replace(
            model.basis,
            accounts=len(np.unique(recent.account)),
            events=recent.losses,
            window=(recent.due.min().item(), recent.due.max().item()),
        )
        anew = _fitted(recent, model.scale, model.choice, basis)
        tried.append((anew, 1 + len(model.measures)))
    fits = [float(weight @ -_losses(one.log_odds(recent.cases), lost)) for one, _ in tried]
    largest, most = fits[-1], tried[-1][1]
    return next(
        one
        for (one, parameters), likelihood in zip(tried, fits, strict=True)
        if parameters == most or chi2.sf(2 * (largest - likelihood), most - parameters) >= SURE
    )


def _choose(rows: Landmarks, scale: Scale, seed: int) -> Choice:
    splits = list(choosing.folds(rows.account, rows.on, rows.due, rows.lost, seed))
    judged = np.concatenate([judge for _, judge in splits])
    lost, weight, account = rows.lost[judged], rows.weight[judged], rows.account[judged]
    straight = {one: _out_of_fold(rows, scale, splits, one) for one in ridge.PENALTIES}
    penalty = min(straight, key=lambda one: float(weight @ _losses(straight[one], lost)))
    tried = {Kind.RIDGE: straight[penalty]}
    if rows.losses >= MANY_LOSSES:
        grown = np.concatenate(
            [
                _grow(rows.take(learn), scale, 1, seed)(scale.design(rows.cases.take(judge)))[0]
                for learn, judge in splits
            ]
        )
        tried |= {Kind.BOTH: (straight[penalty] + grown) / 2, Kind.BOOSTING: grown}
    losses = {kind: weight * _losses(predictor, lost) for kind, predictor in tried.items()}
    best = min(losses, key=lambda kind: float(losses[kind].sum()))
    gain = np.bincount(account, weights=losses[Kind.RIDGE] - losses[best])
    kind = best if gain.sum() > np.sqrt(gain @ gain) else Kind.RIDGE
    return Choice(kind, penalty, tuple((one, float(some.sum() / weight.sum())) for one, some in losses.items()))


def _out_of_fold(rows: Landmarks, scale: Scale, splits: Sequence[tuple[Whole, Whole]], penalty: float) -> Floats:
    design, weight = np.nan_to_num(scale.design(rows.cases)), rows.weight
    held = _penalties(scale, penalty)
    found = []
    for learn, judge in splits:
        at = ridge.fit(design[learn], rows.lost[learn], weight[learn], held, scale.signs)
        found.append(at[0] + design[judge] @ at[1:])
    return np.concatenate(found)


def _fitted(rows: Landmarks, scale: Scale, choice: Choice, basis: Basis) -> Model:
    design, weight = scale.design(rows.cases), rows.weight
    known, held = np.nan_to_num(design), _penalties(scale, choice.penalty)
    at = ridge.fit(known, rows.lost, weight, held, scale.signs)
    covariance = ridge.covariance(at, known, rows.lost, weight, held, account=rows.account)
    straight = Ridge(at, covariance, scale.signs)
    trees = None if choice.kind is Kind.RIDGE else _grow(rows, scale, MEMBERS, basis.seed or 0)
    raw = _raw(choice.kind, straight, trees, design)
    # Levels drift within a year: the last year's decisions set it, where they carry it.
    last = rows.due > rows.due.max() - YEAR
    if rows.take(np.flatnonzero(last)).losses < FEWEST_LOSSES or rows.lost[last].all():
        last = np.ones(len(last), dtype=np.bool_)
    shift = ridge.intercept(raw[last], rows.lost[last], weight[last])
    p = expit(raw + shift)
    spread = weight * p * (1 - p)
    covariance[0, 0] += 1 / spread[last].sum() - 1 / spread.sum()
    return Model(choice, scale, straight, trees, shift, 1.0, basis)


def _grow(rows: Landmarks, scale: Scale, members: int, seed: int) -> Trees:
    design = scale.design(rows.cases)
    return boosting.grow(design, rows.lost, rows.weight, rows.account, scale.signs, members=members, seed=seed)


def _raw(kind: Kind, straight: Ridge, trees: Trees | None, design: Floats) -> Floats:
    line = straight(np.nan_to_num(design))
    if kind is Kind.RIDGE or trees is None:
        return line
    grown = trees(design).mean(axis=0)
    return np.asarray(grown if kind is Kind.BOOSTING else (grown + line) / 2, dtype=np.float64)


def _losses(predictor: Floats, lost: Flags) -> Floats:
    return np.asarray(np.logaddexp(0, predictor) - lost * predictor, dtype=np.float64)


def _penalties(scale: Scale, penalty: float) -> Floats:
    return np.where(scale.is_context, CONTEXT_PENALTY, penalty)
