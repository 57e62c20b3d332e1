"""How much of a plain week's work a week with holidays and closings brings.

Holidays are told by whoever knows the country. Closings are the days on which companies rest although no table has
them: in Japan Obon, the turn of the year and bridge days; which they are is a setting.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Days = NDArray[np.datetime64]

WEEK: Final = 7
SATURDAY: Final = 5
OFFICE_WEEK: Final = (1.0, 1.0, 1.0, 1.0, 1.0, 0.1, 0.05)
# Month, day, and what is left of the day's work in companies of which some close and some do not.
JAPANESE_CLOSINGS: Final = (
    *((8, day, 0.4) for day in (12, 13, 14, 15, 16)),
    *((12, day, 0.2) for day in (29, 30, 31)),
    *((1, day, 0.1) for day in (1, 2, 3)),
)
# What is left of a day's work on a bridge day: a workday between two days off.
BRIDGE: Final = 0.7


@dataclass(frozen=True)
class WorkingDays:
    """What is left of each day's work. A holiday brings what a Sunday does.

    `closings`: (month, day, share left), every year; `bridge`: share left of a bridge day.
    """

    holidays: frozenset[date] = frozenset()
    closings: tuple[tuple[int, int, float], ...] = JAPANESE_CLOSINGS
    bridge: float = BRIDGE

    def expected(self, days: Days, weekday_share: Floats) -> Floats:
        """Return (d,) expected volumes of consecutive `days` (d,) from the weekday profile (7,), Monday first.

        The profile's scale is the caller's; a plain day keeps its profile's value, no day exceeds it.
        """
        weekdays = _weekdays(days)
        plain = weekday_share[weekdays]
        share = np.ones(len(days))
        is_holiday = np.isin(days, np.array(sorted(self.holidays), dtype="datetime64[D]"))
        month, day = _month_and_day(days)
        for closing_month, closing_day, left in self.closings:
            share[(month == closing_month) & (day == closing_day)] = left
        is_off = is_holiday | (weekdays >= SATURDAY) | (share < self.bridge)
        share[_between(is_off) & ~is_off] = self.bridge
        found = plain * share
        return np.where(is_holiday, np.minimum(found, weekday_share[WEEK - 1]), found)

    def weekly(self, mondays: Days, weekday_share: Floats) -> Floats:
        """Return (w,) what each week brings, in plain weeks: 1 where nothing is closed."""
        days = (mondays[:, None] + np.arange(-1, WEEK + 1)).ravel()
        expected = self.expected(days, weekday_share).reshape(-1, WEEK + 2)[:, 1:-1]
        return np.asarray(expected.sum(axis=1) / weekday_share.sum(), dtype=np.float64)


def weekday_profile(days: Days, volume: Floats, days_off: Iterable[date] = ()) -> Floats:
    """Return (7,) the mean of what all accounts bring on each weekday, Monday first, days off left out; mean 1.

    `volume` (d,) not negative. Too little history to have every weekday, or nothing brought: the week of an office.
    """
    is_plain = ~np.isin(days, np.array(sorted(days_off), dtype="datetime64[D]"))
    weekdays = _weekdays(days)[is_plain]
    seen = np.bincount(weekdays, minlength=WEEK)
    brought = np.bincount(weekdays, weights=volume[is_plain], minlength=WEEK)
    profile = brought / seen if seen.all() and brought.any() else np.array(OFFICE_WEEK)
    return np.asarray(profile / profile.mean(), dtype=np.float64)


def _weekdays(days: Days) -> NDArray[np.int64]:
    # The first of January 1970 was a Thursday.
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % WEEK


def _month_and_day(days: Days) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    months = days.astype("datetime64[M]")
    return months.astype(np.int64) % 12 + 1, (days.astype("datetime64[D]") - months).astype(np.int64) + 1


def _between(is_off: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which days lie between two days off."""
    padded = np.concatenate(([False], is_off, [False]))
    return np.asarray(padded[:-2] & padded[2:])
