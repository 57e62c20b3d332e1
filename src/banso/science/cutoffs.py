"""Where levels begin, found from history with its uncertainty, and whether "under 3 cancels" is true."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from sklearn.isotonic import IsotonicRegression

from banso.science.basis import Basis, Days, Flags, Floats, Interval, NotEnough, Whole, short_of
from banso.science.discrimination import draws, percentile
from banso.science.proportions import clustered_share

VERSION: Final = "1"
LEAST_LOST: Final = 15
# Cuts are looked for at so many places at most, each with at least this share of rows on both sides.
PLACES: Final = 40
EDGE: Final = 0.05
PERMUTATIONS: Final = 999
RESAMPLES: Final = 200
LEAST_IN_LEVEL: Final = 5
SIGNIFICANT: Final = 0.05


@dataclass(frozen=True)
class Level:
    """Rows of a level: where it begins (lower-inclusive; None: at the bottom), how many, and how many accounts left."""

    begins: Interval | None
    rows: int
    lost: int
    rate: Interval


@dataclass(frozen=True)
class Cutoffs:
    """Levels from the worst up, each with a lower rate of loss than the one below; `basis` says what they rest on."""

    basis: Basis
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Sides:
    """The share that left below a cut and at or above it, and how many losses each rests on."""

    cut: float
    below: Interval
    above: Interval
    lost_below: int
    lost_above: int


@dataclass(frozen=True)
class Finding:
    """The sentence "accounts under a value leave", tested.

    `best` with `cut`, its interval by resampling accounts; `p`: the chance of a best cut this good were the measure
    pure noise, all cuts looked at (permutation); `later`: the same cut in the later half of time; `is_found`: p ≤ 5 %
    and the later half agrees; `cuts`: every cut that was looked at.
    """

    basis: Basis
    cut: Interval
    best: Sides
    p: float
    later: Sides
    is_found: bool
    cuts: tuple[Sides, ...]


def cutoffs(
    score: Floats,
    lost: Flags,
    account: Whole,
    on: Days,
    *,
    seed: int,
    levels: int = 4,
    least: int = LEAST_IN_LEVEL,
) -> Cutoffs | NotEnough:
    """Return up to `levels` levels of a score (n,), higher is healthier, no NaN, each with `least` lost accounts.

    Scores are joined where the rate of loss would rise with the score (isotonic regression), and of what is left those
    cuts are taken that explain the losses best (maximum likelihood, exact over all choices; Fisher 1958). Rows of one
    account are resampled together. On train rows only: cuts judged on the days they were chosen on flatter themselves.
    """
    if refusal := _refusal(lost, account, levels * least):
        return refusal
    names, cluster = np.unique(account, return_inverse=True)
    edges = np.unique(np.quantile(score, np.linspace(0, 1, PLACES * 2 + 1)[1:-1], method="nearest"))
    place = np.searchsorted(edges, score, "right")
    rows, gone = (_by_cluster(place, cluster, part, len(edges) + 1, len(names)) for part in (np.ones(len(lost)), lost))
    # Losses are counted once an account: thirteen weeks before one loss are one loss.
    share = lost / np.maximum(np.bincount(cluster, lost), 1)[cluster]
    losses = _by_cluster(place, cluster, share, len(edges) + 1, len(names))
    whole = _cuts(rows.sum(axis=1), gone.sum(axis=1), losses.sum(axis=1), levels, least)
    drawn = [
        _cuts(rows @ taken, gone @ taken, losses @ taken, len(whole) + 1, least)
        for taken in draws(len(names), seed, RESAMPLES)
    ]
    # The cuts of the rows themselves are one of the resamples, so that there is one where levels are hard to find.
    alike = [whole, *(cut for cut in drawn if len(cut) == len(whole))]
    full = edges[np.array(alike, dtype=np.int64) - 1].reshape(len(alike), len(whole))
    begins = [None, *(percentile(float(edges[c - 1]), full[:, n]) for n, c in enumerate(whole))]
    level = np.searchsorted(edges[np.array(whole, dtype=np.int64) - 1], score, "right")
    found = tuple(_level(first, level == number, lost, account) for number, first in enumerate(begins))
    return Cutoffs(_basis(account, lost, on, "isotonic, maximum likelihood", seed), found)


def level_finding(
    value: Floats,
    lost: Flags,
    account: Whole,
    on: Days,
    *,
    seed: int,
    better: Literal["high", "low"] = "high",
) -> Finding | NotEnough:
    """Find the best cut of a measure (n,), NaN left out, one row for each decision, and test it against chance.

    The statistic of a cut is the standardised difference of loss, one-sided by `better`; the best over all cuts is held
    against the best over all cuts of outcomes shuffled between accounts with as many rows (Miller & Siegmund 1982 on
    why the search must be paid for). The lead before the decision is to be chosen beforehand.
    """
    known = ~np.isnan(value)
    value, lost, account, on = value[known], lost[known], account[known], on[known]
    if refusal := _refusal(lost, account, LEAST_LOST):
        return refusal
    if not len(places := _places(value)):
        return NotEnough({"values": 2}, {"values": 1}, "nothing")
    sign = 1.0 if better == "high" else -1.0
    below = (value[None, :] < places[:, None]).astype(np.float64)
    observed = sign * _standardised(below, lost[:, None].astype(np.float64))[:, 0]
    rng = np.random.default_rng(seed)
    shuffled = sign * _standardised(below, _shuffled(lost, account, on, rng))
    best = int(observed.argmax())
    p = float((1 + np.sum(shuffled.max(axis=0) >= observed[best] - 1e-12)) / (PERMUTATIONS + 1))
    late = _is_late(on)
    later = _sides(float(places[best]), value[late], lost[late], account[late])
    holds = sign * (later.below.value - later.above.value) > 0
    return Finding(
        _basis(account, lost, on, "best cut, permutation over all cuts", seed),
        percentile(float(places[best]), places[_resampled(below, lost, account, sign, seed)]),
        _sides(float(places[best]), value, lost, account),
        p,
        later,
        bool(p <= SIGNIFICANT and holds),
        tuple(_sides(float(cut), value, lost, account) for cut in places),
    )


def _is_late(on: Days) -> Flags:
    """Return whether each day (n,) lies in the later half of the rows."""
    middle = np.quantile(on.astype("datetime64[D]").astype(np.int64), 0.5, method="nearest")
    return np.asarray(on >= middle.astype("datetime64[D]"), dtype=np.bool_)


def _refusal(lost: Flags, account: Whole, least: int) -> NotEnough | None:
    have = {"lost": len(np.unique(account[lost])), "kept": len(np.unique(account[~lost]))}
    return short_of({"lost": least, "kept": least}, have)


def _basis(account: Whole, lost: Flags, on: Days, method: str, seed: int) -> Basis:
    first, last = (moment.astype("datetime64[D]").item() for moment in (on.min(), on.max()))
    return Basis(len(np.unique(account)), len(np.unique(account[lost])), (first, last), method, VERSION, seed)


def _by_cluster(place: Whole, cluster: Whole, part: Floats | Flags, places: int, clusters: int) -> Floats:
    found = np.bincount(place * clusters + cluster, part, places * clusters)
    return found.reshape(places, clusters)


def _cuts(rows: Floats, gone: Floats, losses: Floats, levels: int, least: float) -> tuple[int, ...]:
    """Return the first places of the 2nd, 3rd, … level that explain the losses best, rates falling strictly."""
    held = np.flatnonzero(rows > 0)
    rate = IsotonicRegression(increasing=False).fit(held, gone[held] / rows[held], rows[held]).predict(held)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(rate) < -1e-12) + 1])  # noqa: PLR2004  # rounding
    sums = [np.concatenate([[0.0], np.add.reduceat(part[held], starts).cumsum()]) for part in (rows, gone, losses)]
    count, left, lost = (part[None, :] - part[:, None] for part in sums)  # [i, j]: blocks i … j - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.nan_to_num(left * np.log(left / count)) + np.nan_to_num((count - left) * np.log1p(-left / count))
    gain = np.where((count > 0) & (lost >= least - 1e-9), gain, -np.inf)  # rounding
    best, chosen = gain[0], [np.zeros(len(sums[0]), dtype=np.int64)]
    found: tuple[int, ...] = ()
    for _ in range(1, levels):
        through = best[:, None] + gain
        chosen.append(through.argmax(axis=0))
        best = through.max(axis=0)
        if best[-1] == -np.inf:
            break
        found = _walk(chosen, len(best) - 1)
    return tuple(int(held[starts[block]]) for block in found)


def _walk(chosen: list[Whole], end: int) -> tuple[int, ...]:
    found: list[int] = []
    for step in reversed(chosen[1:]):
        end = int(step[end])
        found.insert(0, end)
    return tuple(found)


def _level(begins: Interval | None, at: Flags, lost: Flags, account: Whole) -> Level:
    rate = clustered_share(lost[at], account[at])
    return Level(begins, int(at.sum()), len(np.unique(account[at & lost])), rate)


def _places(value: Floats) -> Floats:
    """Return values at which to cut, so that at least 5 % of rows lie on each side."""
    steps = np.unique(np.quantile(value, np.linspace(EDGE, 1 - EDGE, PLACES), method="nearest"))
    share = np.array([np.mean(value < step) for step in steps])
    return steps[(share >= EDGE) & (share <= 1 - EDGE)]


def _standardised(below: Floats, lost: Floats) -> Floats:
    """Return for cuts (c, n) and outcomes (n, b) how far losses below exceed chance, in standard deviations (c, b)."""
    count = below.shape[1]
    under, gone = below.sum(axis=1)[:, None], lost.sum(axis=0)[None, :]
    spread = gone * (count - gone) * under * (count - under) / (count**2 * (count - 1))
    return np.asarray((below @ lost - under * gone / count) / np.sqrt(spread), dtype=np.float64)


def _shuffled(lost: Flags, account: Whole, on: Days, rng: np.random.Generator) -> Floats:
    """Return outcomes (n, 999) shuffled between accounts with as many rows, each account's in order of days."""
    order = np.lexsort((on, account))
    _, begins, sizes = np.unique(account[order], return_index=True, return_counts=True)
    found = np.empty((len(lost), PERMUTATIONS))
    for size in np.unique(sizes):
        rows = order[begins[sizes == size][:, None] + np.arange(size)]
        picks = rng.permuted(np.tile(np.arange(len(rows)), (PERMUTATIONS, 1)), axis=1)
        found[rows] = np.moveaxis(lost[rows][picks], 0, -1)
    return found


def _resampled(below: Floats, lost: Flags, account: Whole, sign: float, seed: int) -> Whole:
    """Return which cut is the best in each resample of accounts."""
    names, cluster = np.unique(account, return_inverse=True)
    taken = draws(len(names), seed, RESAMPLES)[:, cluster].T
    under, gone, whole = below @ taken, taken.T @ lost, taken.sum(axis=0)
    excess = below @ (taken * lost[:, None]) - under * gone / whole
    spread = np.sqrt(under * (whole - under))
    strength = np.divide(sign * excess, spread, out=np.full(excess.shape, -np.inf), where=spread > 0)
    return np.asarray(strength.argmax(axis=0), dtype=np.int64)


def _sides(cut: float, value: Floats, lost: Flags, account: Whole) -> Sides:
    under = value < cut
    below, above = (clustered_share(lost[side], account[side]) for side in (under, ~under))
    return Sides(cut, below, above, int(lost[under].sum()), int(lost[~under].sum()))
