"""Which days are worked on: national holidays, weekends, and the company's own closures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Final

import holidays

# The last day for which a country's own government has published its holidays, as this version knows them. Japan's
# Cabinet Office announces those of the next year each February: raise the date then, after comparing the lists.
OFFICIAL_UNTIL: Final = {"JP": date(2027, 12, 31)}
SATURDAY: Final = 5
# No contract counts further; a mistyped number must not run for ever.
MOST_DAYS: Final = 4000
_A_LEAP_YEAR: Final = 2000


class OutsideTable(ValueError):
    """A day that lies before or after all that is known of a country's holidays."""


@dataclass(frozen=True)
class Calendar:
    """The working days of a company in a country (ISO code), closed every year on the month-days of `closures`.

    Days in `added` are holidays and days in `removed` are none, whatever the table says: so an operator corrects it.
    A country that is not in the table has no holidays, and none of its days is official. Raises ValueError for a
    closure that is no day of a year.
    """

    country: str = "JP"
    closures: tuple[str, ...] = ()
    added: frozenset[date] = frozenset()
    removed: frozenset[date] = frozenset()
    official_until: date | None = None  # None at first: what OFFICIAL_UNTIL says of the country, if anything
    _closed: frozenset[tuple[int, int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        days = (date.fromisoformat(f"{_A_LEAP_YEAR}-{closure}") for closure in self.closures)
        object.__setattr__(self, "_closed", frozenset((day.month, day.day) for day in days))
        if self.official_until is None:
            object.__setattr__(self, "official_until", OFFICIAL_UNTIL.get(self.country))

    def is_holiday(self, day: date) -> bool:
        """Return whether a day is a national holiday, as corrected; weekends and closures are none.

        Raises OutsideTable.
        """
        return day in self.added or (day not in self.removed and day in _national(self.country, day.year))

    def is_closure(self, day: date) -> bool:
        """Return whether the company is closed on this day every year."""
        return (day.month, day.day) in self._closed

    def is_business_day(self, day: date) -> bool:
        """Return whether a day is worked on."""
        return day.weekday() < SATURDAY and not self.is_closure(day) and not self.is_holiday(day)

    def is_official(self, day: date) -> bool:
        """Return whether the holidays up to a day are those that were announced, not computed from today's law."""
        return self.official_until is not None and day <= self.official_until

    def on_or_after(self, day: date) -> date:
        """Return the day itself where it is worked on, else the next business day."""
        return day if self.is_business_day(day) else self.add(day, 1)

    def on_or_before(self, day: date) -> date:
        """Return the day itself where it is worked on, else the previous business day."""
        return day if self.is_business_day(day) else self.add(day, -1)

    def add(self, day: date, count: int) -> date:
        """Return the business day `count` business days after a day (before it, where negative); 0 is the day itself.

        The day itself is not counted, be it worked on or not.
        """
        if abs(count) > MOST_DAYS:
            raise OutsideTable(f"{count} business days from {day}")
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            try:
                day += step
            except OverflowError:
                raise OutsideTable(str(day)) from None
            left -= self.is_business_day(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Return how many business days lie after `first` up to and with `last`; negative where `last` comes first."""
        if last < first:
            return -self.between(last, first)
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(self.is_business_day(day) for day in days)


def calendar_of(country: str, closures: Iterable[str]) -> Calendar:
    """Return the calendar of a company by its settings."""
    return Calendar(country=country, closures=tuple(closures))


@cache
def _national(country: str, year: int) -> frozenset[date]:
    if country not in holidays.list_supported_countries():
        return frozenset()
    table = holidays.country_holidays(country)
    if not table.start_year <= year <= table.end_year:
        raise OutsideTable(f"{country} {year}")
    return frozenset(holidays.country_holidays(country, years=year))
