"""How well a score tells those who leave from those who stay: area under the curve, with honest intervals.

An area is the probability that one who leaves has a higher risk than one who stays (ties count half): .5 is chance.
Its components and variance are those of DeLong, DeLong & Clarke-Pearson (1988), found from midranks (Sun & Xu 2014);
where an account has several rows they are summed by account (Obuchowski 1997). Weights generalise both.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse, stats

from banso.science.basis import Flags, Floats, Interval, Whole

RESAMPLES: Final = 400
# Resamples worked on at a time: keeps memory small for hundreds of thousands of rows.
BATCH: Final = 40
LEVEL: Final = 0.95


@dataclass(frozen=True)
class Area:
    """An area under the curve with what its uncertainty is made of.

    `value` 0–1; `lost` and `kept` (clusters,) are the influence of each cluster through its lost and its kept rows:
    the variance, and the covariance with another score's area on the same rows, are sums over clusters.
    """

    value: float
    lost: Floats
    kept: Floats
    lost_clusters: int
    kept_clusters: int

    def variance(self) -> float:
        """Return the variance of the area."""
        return self.covariance(self)

    def covariance(self, other: "Area") -> float:
        """Return the covariance with the area of another score on the same rows and clusters."""
        both = (self.lost @ other.kept + self.kept @ other.lost) * _correction(len(self.lost))
        lost = self.lost @ other.lost * _correction(self.lost_clusters)
        return float(lost + self.kept @ other.kept * _correction(self.kept_clusters) + both)

    def interval(self, level: float = LEVEL) -> Interval:
        """Return the area with an interval that is symmetric on the log-odds, so that it stays within 0–1."""
        error = self.variance() ** 0.5
        if not 0 < self.value < 1:
            return Interval(self.value, *_at_the_edge(self, level), level)
        step = stats.norm.ppf((1 + level) / 2) * error / (self.value * (1 - self.value))
        middle = np.log(self.value / (1 - self.value))
        low, high = 1 / (1 + np.exp(-(middle - step))), 1 / (1 + np.exp(-(middle + step)))
        # Without spread the bounds are the value but for rounding.
        return Interval(self.value, min(float(low), self.value), max(float(high), self.value), level)


def area(risk: Floats, lost: Flags, cluster: Whole | None = None, weight: Floats | None = None) -> Area:
    """Return the area of a risk (n,), higher = more likely to leave, for outcomes (n,), both kinds present.

    `cluster` (n,): codes 0, 1, … of what repeats (the account), each row its own where None; `weight` (n,) not
    negative, such as revenue, one where None.
    """
    weight = np.ones(len(risk)) if weight is None else weight
    cluster = np.arange(len(risk)) if cluster is None else cluster
    parts = _components(risk, lost, weight)
    total_lost, total_kept = weight[lost].sum(), weight[~lost].sum()
    value = float(weight[lost] @ parts[lost] / total_lost)
    count = int(cluster.max()) + 1
    pull = weight * (parts - value)
    by_lost = np.bincount(cluster[lost], pull[lost], count) / total_lost
    by_kept = np.bincount(cluster[~lost], pull[~lost], count) / total_kept
    present = np.bincount(cluster, minlength=count) > 0
    clusters = (len(np.unique(cluster[lost])), len(np.unique(cluster[~lost])))
    return Area(value, by_lost[present], by_kept[present], *clusters)


def resampled_areas(risk: Floats, lost: Flags, cluster: Whole, counts: Floats, weight: Floats | None = None) -> Floats:
    """Return the areas (b,) where cluster k is taken counts[b, k] times; NaN where one kind of outcome is not drawn.

    Rows that stay between the same two leavers are summed first: exact, and what makes half a million rows quick.
    """
    weight = np.ones(len(risk)) if weight is None else weight
    bins = _bins(risk, lost)
    shape = (int(bins.max()) + 1, counts.shape[1])
    of_lost = sparse.csr_array((weight[lost], (bins[lost], cluster[lost])), shape)
    of_kept = sparse.csr_array((weight[~lost], (bins[~lost], cluster[~lost])), shape)
    of_lost.sum_duplicates()
    of_kept.sum_duplicates()
    found = [_batch(of_lost, of_kept, counts[start : start + BATCH]) for start in range(0, len(counts), BATCH)]
    return np.concatenate(found)


def draws(clusters: int, seed: int, resamples: int = RESAMPLES) -> Floats:
    """Return how often each cluster is taken in each bootstrap resample (resamples, clusters); rows sum to clusters."""
    rng = np.random.default_rng(seed)
    taken = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=resamples)
    return np.asarray(taken, dtype=np.float64)


def percentile(value: float, sample: Floats, level: float = LEVEL) -> Interval:
    """Return a value with the middle `level` of a bootstrap sample (b,), NaN left out."""
    low, high = np.nanquantile(sample, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high), level)


def _correction(clusters: int) -> float:
    return clusters / max(clusters - 1, 1)


def _at_the_edge(found: Area, level: float) -> tuple[float, float]:
    # A perfect order has no spread to estimate from: the exact bound for as many independent leavers (Clopper-Pearson).
    few = min(found.lost_clusters, found.kept_clusters)
    bound = ((1 - level) / 2) ** (1 / few)
    return (float(bound), 1.0) if found.value == 1 else (0.0, float(1 - bound))


def _components(risk: Floats, lost: Flags, weight: Floats) -> Floats:
    """Return for each leaver the share of stayers it outranks, for each stayer the share of leavers that outrank it."""
    values, place = np.unique(risk, return_inverse=True)
    of_lost = np.bincount(place[lost], weight[lost], len(values))
    of_kept = np.bincount(place[~lost], weight[~lost], len(values))
    below = (np.cumsum(of_kept) - of_kept / 2) / of_kept.sum()
    above = 1 - (np.cumsum(of_lost) - of_lost / 2) / of_lost.sum()
    return np.where(lost, below[place], above[place])


def _bins(risk: Floats, lost: Flags) -> Whole:
    """Return numbers for rows (n,): distinct risks of leavers are 1, 3, 5, what lies between them 0, 2, 4."""
    values = np.unique(risk[lost])
    left, right = np.searchsorted(values, risk, "left"), np.searchsorted(values, risk, "right")
    return np.asarray(left + right, dtype=np.int64)


def _batch(of_lost: sparse.csr_array, of_kept: sparse.csr_array, counts: Floats) -> Floats:
    lost, kept = of_lost @ counts.T, of_kept @ counts.T
    below = np.cumsum(kept, axis=0) - kept / 2
    pairs = lost.sum(axis=0) * kept.sum(axis=0)
    won = (lost * below).sum(axis=0)
    return np.asarray(np.divide(won, pairs, out=np.full(len(counts), np.nan), where=pairs > 0), dtype=np.float64)
