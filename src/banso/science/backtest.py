"""Held against who really left: how good a definition of health was on the company's own history, and how surely."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from banso.science.basis import Basis, Days, Flags, Floats, Interval, NotEnough, Whole, short_of
from banso.science.calibration import Calibration, calibration, platt
from banso.science.discrimination import area, draws, percentile, resampled_areas
from banso.science.losses import Surprise, changes, losses, surprise
from banso.science.panel import splits
from banso.science.proportions import clustered_share

VERSION: Final = "1"
# Accounts that left, and accounts that stayed, below which a definition is not judged; and in a part of the history.
LEAST: Final = 15
LEAST_IN_PART: Final = 8
# Nothing honest orders accounts that well: some measure has seen the answer.
TOO_GOOD: Final = 0.95
# The share of rows with a known score below which the rest may not speak for all.
WELL_COVERED: Final = 0.8


class Verdict(StrEnum):
    """What may be said of a definition's order of accounts."""

    BETTER = "better"
    CHANCE = "chance"
    WORSE = "worse"


class Caution(StrEnum):
    """What a reader of a backtest must be told beside its figures."""

    TOO_GOOD = "too_good"
    POORLY_COVERED = "poorly_covered"
    NO_DAY_OF_LOSS = "no_day_of_loss"


@dataclass(frozen=True)
class Snapshots:
    """What a definition said of accounts on past days, and what followed; n rows, none whose outcome is still open.

    account (n,) codes; on (n,) days; score (n,) 0–100, higher is healthier, NaN where not known; level (n,) 1 is worst,
    0 not known; lost (n,) within the horizon after `on`; arr (n,) revenue a year on that day, NaN where not known;
    lost_on (n,) the day of that loss, NaT where none: without it leads are only "at least".
    """

    account: Whole
    on: Days
    score: Floats
    level: Whole
    lost: Flags
    arr: Floats
    lost_on: Days | None = None

    def __post_init__(self) -> None:
        if len({len(column) for column in self._columns().values()}) > 1:
            raise ValueError("The columns of snapshots must be of one length.")

    def where(self, chosen: Flags) -> "Snapshots":
        """Return the chosen rows (n,)."""
        return Snapshots(**{name: column[chosen] for name, column in self._columns().items()})

    def _columns(self) -> dict[str, Any]:
        columns = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: column for name, column in columns.items() if column is not None}


@dataclass(frozen=True)
class LevelRate:
    """What became of the rows at a level (0: not known): how many were lost, of rows and of their revenue.

    `precision`: the share lost at or below this level; `recall`: the share of all lost rows found at or below it.
    """

    level: int
    rows: int
    accounts: int
    lost: int
    rate: Interval
    rate_money: Interval
    precision: Interval
    recall: Interval


@dataclass(frozen=True)
class Lift:
    """What the team would have met had it taken care of the `capacity` accounts with the lowest score on each day.

    `rate`: the share of them that left; `caught`: the share of all that left, of logos and of revenue; `lift`: the rate
    against everybody's, 1 is chance. Equal scores share the last places.
    """

    capacity: int
    rate: Interval
    caught: Interval
    caught_money: Interval | None
    lift: Interval


@dataclass(frozen=True)
class Part:
    """A stretch of time or a group on its own, to see whether the definition holds there too."""

    name: str
    rows: int
    lost: int
    rate: Interval
    auc: Interval | NotEnough


@dataclass(frozen=True)
class Backtest:
    """All that a backtest found; `missed` and `false_alarms` are indices of rows, one for each loss or spell of flags.

    `auc` by resampling accounts; `auc_delong` as if rows were independent, for comparison with other tools only;
    `auc_money` weighted by revenue. `calibration` is of a probability fitted to earlier days and other accounts.
    """

    basis: Basis
    verdict: Verdict
    auc: Interval
    auc_delong: Interval
    auc_money: Interval | None
    coverage: float
    levels: tuple[LevelRate, ...]
    lift: Lift
    calibration: Calibration | NotEnough
    surprise: Surprise
    missed: Whole
    false_alarms: Whole
    by: Mapping[str, tuple[Part, ...]]
    cautions: tuple[Caution, ...] = field(default=())


class Preference(StrEnum):
    """Which of two definitions ordered accounts better; none where they cannot be told apart."""

    ONE = "one"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True)
class Comparison:
    """Two definitions on the same rows: `difference` is one minus other, resampled by account in pairs.

    `losses_needed`: how many losses it would take to tell a difference of this size; None where it is told or is zero.
    """

    basis: Basis
    one: Interval
    other: Interval
    difference: Interval
    preference: Preference
    losses_needed: int | None


def backtest(
    rows: Snapshots,
    *,
    capacity: int,
    seed: int,
    by: Mapping[str, NDArray[np.generic]] | None = None,
    flagged: int = 2,
    horizon_days: int = 91,
) -> Backtest | NotEnough:
    """Hold a definition's snapshots against who left; refuse below 15 accounts that left, or that stayed.

    `capacity`: how many accounts the team can take care of at a time; `by`: labels (n,) of groups by name, such as the
    segment; `flagged`: the highest level that counts as a warning; `horizon_days`: how far `lost` looks ahead.
    """
    if capacity < 1:
        raise ValueError("A team can take care of one account at least.")
    known = ~np.isnan(rows.score)
    scored = rows.where(known)
    if refusal := _refusal(scored):
        return refusal
    sample = resampled_areas(-scored.score, scored.lost, *_draws(scored, seed))
    auc = percentile(area(-scored.score, scored.lost).value, sample)
    warned = (rows.level > 0) & (rows.level <= flagged)
    found = losses(rows.account, rows.on, warned, rows.lost, rows.lost_on)
    return Backtest(
        basis=_basis(rows, len(found.row), "AUC, account bootstrap", seed),
        verdict=_verdict(auc),
        auc=auc,
        auc_delong=area(-scored.score, scored.lost).interval(),
        auc_money=_auc_money(scored),
        coverage=float(known.mean()),
        levels=_levels(rows),
        lift=_lift(scored, capacity, seed),
        calibration=_calibrated(scored, horizon_days, seed),
        surprise=surprise(found, rows.account, rows.arr),
        missed=np.sort(found.row[~found.flagged]),
        false_alarms=np.sort(found.false_alarms),
        by=_parts(rows, {**_calendar(rows.on), **(by or {})}),
        cautions=_cautions(rows, auc, float(known.mean())),
    )


def compare(one: Snapshots, other: Snapshots, *, seed: int) -> Comparison | NotEnough:
    """Compare two definitions on the same accounts, days and outcomes, row by row, where both scores are known."""
    if not all(
        np.array_equal(*pair) for pair in ((one.account, other.account), (one.on, other.on), (one.lost, other.lost))
    ):
        raise ValueError("Two definitions can only be compared on the same accounts, days and outcomes.")
    both = ~np.isnan(one.score) & ~np.isnan(other.score)
    one, other = one.where(both), other.where(both)
    if refusal := _refusal(one):
        return refusal
    cluster, counts = _draws(one, seed)
    samples = [resampled_areas(-rows.score, rows.lost, cluster, counts) for rows in (one, other)]
    values = [area(-rows.score, rows.lost).value for rows in (one, other)]
    difference = percentile(values[0] - values[1], samples[0] - samples[1])
    preference = _preference(difference)
    left = len(np.unique(one.account[one.lost]))
    return Comparison(
        _basis(one, left, "difference of AUC, paired account bootstrap", seed),
        percentile(values[0], samples[0]),
        percentile(values[1], samples[1]),
        difference,
        preference,
        _losses_needed(difference, left) if preference is Preference.NONE else None,
    )


def _refusal(rows: Snapshots, least: int = LEAST) -> NotEnough | None:
    have = {
        "lost": len(np.unique(rows.account[rows.lost])),
        "kept": len(np.unique(rows.account[~rows.lost])),
    }
    return short_of({"lost": least, "kept": least}, have)


def _draws(rows: Snapshots, seed: int) -> tuple[Whole, Floats]:
    names, cluster = np.unique(rows.account, return_inverse=True)
    return cluster, draws(len(names), seed)


def _basis(rows: Snapshots, events: int, method: str, seed: int) -> Basis:
    first, last = (moment.astype("datetime64[D]").item() for moment in (rows.on.min(), rows.on.max()))
    return Basis(len(np.unique(rows.account)), events, (first, last), method, VERSION, seed)


def _verdict(auc: Interval) -> Verdict:
    if auc.low > 0.5:  # noqa: PLR2004  # chance
        return Verdict.BETTER
    return Verdict.WORSE if auc.high < 0.5 else Verdict.CHANCE  # noqa: PLR2004


def _preference(difference: Interval) -> Preference:
    if difference.low > 0:
        return Preference.ONE
    return Preference.OTHER if difference.high < 0 else Preference.NONE


def _losses_needed(difference: Interval, losses: int) -> int | None:
    if abs(difference.value) < 1e-4:  # noqa: PLR2004  # a difference that nobody would act on
        return None
    half = (difference.high - difference.low) / 2
    return max(int(np.ceil(losses * (half / difference.value) ** 2)), losses + 1)


def _auc_money(rows: Snapshots) -> Interval | None:
    arr = np.nan_to_num(rows.arr)
    if min(arr[rows.lost].sum(), arr[~rows.lost].sum()) <= 0:
        return None
    _, cluster = np.unique(rows.account, return_inverse=True)
    return area(-rows.score, rows.lost, cluster, arr).interval()


def _levels(rows: Snapshots) -> tuple[LevelRate, ...]:
    arr = np.nan_to_num(rows.arr)
    return tuple(_level(rows, arr, int(level)) for level in np.unique(rows.level))


def _level(rows: Snapshots, arr: Floats, level: int) -> LevelRate:
    at = rows.level == level
    below = (rows.level > 0) & (rows.level <= level) if level else at
    return LevelRate(
        level,
        int(at.sum()),
        len(np.unique(rows.account[at])),
        int(rows.lost[at].sum()),
        clustered_share(rows.lost[at], rows.account[at]),
        clustered_share(rows.lost[at], rows.account[at], arr[at]),
        clustered_share(rows.lost[below], rows.account[below]),
        clustered_share(below[rows.lost], rows.account[rows.lost]),
    )


def _lift(rows: Snapshots, capacity: int, seed: int) -> Lift:
    chosen = _chosen(rows.on, rows.score, capacity)
    arr = np.nan_to_num(rows.arr)
    cluster, counts = _draws(rows, seed)
    columns = (chosen * rows.lost, chosen, rows.lost, np.ones(len(chosen)), chosen * rows.lost * arr, rows.lost * arr)
    sums = np.column_stack([np.bincount(cluster, column) for column in columns])
    # The rows themselves first, then the resamples.
    met, met_all, left, everybody, money, left_money = np.vstack([sums.sum(axis=0), counts @ sums]).T
    has_money = left_money[0] > 0
    return Lift(
        capacity,
        _share(met, met_all),
        _share(met, left),
        _share(money, left_money) if has_money else None,
        _share(met * everybody, met_all * left),
    )


def _share(top: Floats, bottom: Floats) -> Interval:
    found = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
    return percentile(float(found[0]), found[1:])


def _chosen(on: Days, score: Floats, capacity: int) -> Floats:
    """Return how far each row (n,) is among the `capacity` lowest scores of its day, 0–1: equal scores share."""
    order = np.lexsort((score, on))
    place = np.arange(len(order))
    day = changes(on[order])
    begins = np.flatnonzero(changes(on[order], score[order]))
    sizes = np.diff(np.append(begins, len(order)))
    ahead = begins - np.maximum.accumulate(np.where(day, place, 0))[begins]
    found = np.empty(len(order))
    found[order] = np.repeat(np.clip((capacity - ahead) / sizes, 0.0, 1.0), sizes)
    return found


def _calibrated(rows: Snapshots, horizon_days: int, seed: int) -> Calibration | NotEnough:
    """Fit the probability on what was known before the middle loss, and on other accounts than those it is held to."""
    middle = np.sort(rows.on[rows.lost].astype("datetime64[D]"))[int(rows.lost.sum() - 1) // 2].item()
    told = np.full(len(rows.score), np.nan)
    for split in splits(rows.account, rows.on, test_from=middle, horizon_days=horizon_days, seed=seed):
        if refusal := _refusal(rows.where(split.train), LEAST_IN_PART):
            return refusal
        told[split.test] = platt(rows.score[split.train], rows.lost[split.train])(rows.score[split.test])
    held = ~np.isnan(told)
    _, left = np.unique(rows.account[held], return_inverse=True)
    return calibration(told[held], rows.lost[held], left)


def _calendar(on: Days) -> dict[str, NDArray[np.generic]]:
    year = on.astype("datetime64[Y]").astype(np.int64) + 1970
    quarter = on.astype("datetime64[M]").astype(np.int64) % 12 // 3 + 1
    named = year.astype(np.str_)
    return {"year": named, "quarter": np.char.add(np.char.add(named, "-Q"), quarter.astype(np.str_))}


def _parts(rows: Snapshots, by: Mapping[str, NDArray[np.generic]]) -> dict[str, tuple[Part, ...]]:
    found = {}
    for kind, labels in by.items():
        names, code = np.unique(labels, return_inverse=True)
        found[kind] = tuple(_part(str(name), rows.where(code == place)) for place, name in enumerate(names))
    return found


def _part(name: str, rows: Snapshots) -> Part:
    scored = rows.where(~np.isnan(rows.score))
    rate = clustered_share(rows.lost, rows.account)
    _, cluster = np.unique(scored.account, return_inverse=True)
    refusal = _refusal(scored, LEAST_IN_PART)
    auc = refusal or area(-scored.score, scored.lost, cluster).interval()
    return Part(name, len(rows.lost), int(rows.lost.sum()), rate, auc)


def _cautions(rows: Snapshots, auc: Interval, coverage: float) -> tuple[Caution, ...]:
    told = {
        Caution.TOO_GOOD: auc.value > TOO_GOOD,
        Caution.POORLY_COVERED: coverage < WELL_COVERED,
        Caution.NO_DAY_OF_LOSS: rows.lost_on is None,
    }
    return tuple(caution for caution, holds in told.items() if holds)
