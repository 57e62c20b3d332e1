"""The monthly table of accounts too small to be watched by the week."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

type Floats = NDArray[np.float64]

YEAR: Final = 52
MONTH: Final = 4
COVERAGE: Final = 0.8


@dataclass(frozen=True)
class Months:
    """The last four weeks against what four such weeks brought before, (n,) each; NaN where nothing was usual.

    `low`, `high`: 80 % interval of `ratio`; events are taken to come one by one (Poisson).
    """

    last: Floats
    usual: Floats
    ratio: Floats
    low: Floats
    high: Floats


def months(weekly: Floats, calendar: Floats) -> Months:
    """Return the monthly table of small accounts: the last four weeks against up to 48 before, holidays accounted for.

    `weekly` (n, w), NaN where no customer; `calendar` (w,). Given how many events there were in all, those of the last
    four weeks are binomial, and the interval is that of Clopper & Pearson (1934).
    """
    span = weekly[:, -YEAR:]
    parts = np.where(np.isnan(span), 0.0, calendar[-YEAR:])
    part, share = parts[:, -MONTH:].sum(axis=1), parts[:, :-MONTH].sum(axis=1)
    last, past = np.nansum(span[:, -MONTH:], axis=1), np.nansum(span[:, :-MONTH], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = past * part / share
        is_known = usual > 0
        side = (1 - COVERAGE) / 2
        least, most = beta.ppf(side, last, past + 1), beta.ppf(1 - side, last + 1, past)
        low = np.where(last > 0, least / (1 - least), 0.0) * share / part
        high = most / (1 - most) * share / part
        figures = (np.where(is_known, figure, np.nan) for figure in (usual, last / usual, low, high))
    return Months(last, *figures)
