"""Shares with their intervals."""

from typing import Final

import numpy as np
from scipy import stats

from banso.science.basis import Interval

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
