"""What of a line is held against its limit: how it is counted, from when to when, and how much the contract holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from banso.contracts.rules.revenue import SEAT_KINDS
from banso.shared.periods import MONTHS, add_months, month_of

type Counting = Literal["sum", "count", "people", "assigned", "last"]
type Per = Literal["month", "billing_month", "term", ""]

COUNTINGS: Final[tuple[Counting, ...]] = ("sum", "count", "people", "assigned", "last")
PERIODS: Final = ("month", "billing_month", "term")
# These stand at some height on every day; the others add up from the start of a period.
LEVELS: Final = frozenset({"people", "assigned", "last"})
# These need no event: people are counted by any use, or by the account's own list.
WITHOUT_METER: Final = frozenset({"people", "assigned"})


def counting_of(kind: str, counting: str) -> Counting:
    """Return how a line is counted: as it says, else seats by the people who are active, and the rest by its sum."""
    found: Counting = "people" if kind in SEAT_KINDS else "sum"
    return next((known for known in COUNTINGS if known == counting), found)


def period_of(counting: str, period: str) -> Per:
    """Return within what a line's use adds up: nothing for a level, a calendar month where nothing else is said."""
    if counting in LEVELS:
        return ""
    return "term" if period == "term" else "billing_month" if period == "billing_month" else "month"


def limit_of(kind: str, limit: int | None, quantity: int | None) -> int | None:
    """Return how much of a quantity a line holds: its limit, or the seats it stands for; None: without limit."""
    return quantity if limit is None and kind in SEAT_KINDS else limit


@dataclass(frozen=True)
class Cycle:
    """The periods of a contract within which use adds up."""

    period: Per
    starts_on: date
    renews_on: date | None
    renewal_months: int | None
    ends_on: date | None

    def bounds(self, day: date) -> tuple[date, date | None]:
        """Return the first day of the period that a day lies in, and the first day after it; None: none is known."""
        start, end = self._uncut(day)
        if self.ends_on is not None and day < self.ends_on:
            end = min(end or self.ends_on, self.ends_on)
        return start, end

    def starts(self, after: date, until: date) -> Iterator[date]:
        """Yield the first days of the periods that begin after a day, up to and with another."""
        day = self.bounds(after)[1]
        while day is not None and day <= until:
            yield day
            day = self._uncut(day)[1]

    def _uncut(self, day: date) -> tuple[date, date | None]:
        if self.period == "month":
            return month_of(day), add_months(month_of(day), 1)
        if self.period == "billing_month":
            return _cycle(self.starts_on, 1, day)
        if self.period == "":
            return self.starts_on, None
        if self.renews_on is not None and self.renewal_months:
            start, end = _cycle(self.renews_on, self.renewal_months, day)
            return max(self.starts_on, start), end
        if self.renews_on is not None and day < self.renews_on:
            return self.starts_on, self.renews_on
        return self.renews_on or self.starts_on, None


def _cycle(anchor: date, every: int, day: date) -> tuple[date, date]:
    """Return the turn of some months, counted both ways from an anchor, that a day lies in."""
    turn = ((day.year - anchor.year) * MONTHS + day.month - anchor.month) // every
    while add_months(anchor, turn * every) > day:
        turn -= 1
    return add_months(anchor, turn * every), add_months(anchor, (turn + 1) * every)
