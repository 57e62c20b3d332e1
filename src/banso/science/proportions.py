"""Shares with their intervals, also where the rows of one account are not independent."""

from typing import Final

import numpy as np
from scipy import stats

from banso.science.basis import Flags, Floats, Interval, Whole

LEVEL: Final = 0.95


def wilson(events: float, count: float, level: float = LEVEL) -> Interval:
    """Return events / count with the score interval (Wilson 1927); NaN value and 0–1 where count is 0.

    Both may be fractions: an effective number of observations.
    """
    if count <= 0:
        return Interval(float("nan"), 0.0, 1.0, level)
    share = events / count
    z = float(stats.norm.ppf((1 + level) / 2))
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * float(np.sqrt(share * (1 - share) / count + z * z / (4 * count * count)))
    # At the edges both terms are equal but for rounding.
    low = 0.0 if events <= 0 else max(centre - half, 0.0)
    high = 1.0 if events >= count else min(centre + half, 1.0)
    return Interval(share, low, high, level)


def clustered_share(happened: Flags, cluster: Whole, weight: Floats | None = None, level: float = LEVEL) -> Interval:
    """Return the share of rows (n,) in which it happened, Wilson at the effective number of independent rows.

    The effective number is that of a plain sample with the variance of the ratio over clusters (Kish 1965, as Korn &
    Graubard 1998 do), never more than there are rows; where all or none happened, the number of clusters.
    Rows that are each their own cluster have the plain Wilson interval.
    """
    weight = np.ones(len(happened)) if weight is None else weight
    total = float(weight.sum())
    if total <= 0:
        return wilson(0, 0, level)
    share = float(weight @ happened / total)
    _, code = np.unique(cluster[weight > 0], return_inverse=True)
    clusters = int(code.max()) + 1
    if not 0 < share < 1:
        return wilson(round(share) * clusters, clusters, level)
    pull = np.bincount(code, (weight * (happened - share))[weight > 0], clusters)
    variance = float(pull @ pull) / total**2
    effective = len(happened) if variance == 0 else min(share * (1 - share) / variance, len(happened))
    return wilson(share * effective, effective, level)
