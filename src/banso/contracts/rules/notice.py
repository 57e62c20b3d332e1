"""By when notice must be given: counted back from the renewal by the contract's own rule."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, Protocol

from banso.shared.periods import add_months, end_of_month

type Unit = Literal["business_days", "calendar_days", "months"]
type Roll = Literal["none", "previous", "next"]

MOST_COUNT: Final = 3650


class BusinessDays(Protocol):
    """Which days are worked on, by a calendar of holidays and closures (banso.shared.businessdays)."""

    def is_business_day(self, day: date) -> bool:
        """Return whether a day is worked on."""

    def add(self, day: date, count: int) -> date:
        """Return the day that lies some business days after another, or before it."""


@dataclass(frozen=True)
class Notice:
    """A rule such as 20 business days, 30 days or the end of the second month before the renewal."""

    count: int = 0
    unit: Unit = "calendar_days"
    is_end_of_month: bool = False
    roll: Roll = "none"


def notice_by(renews_on: date | None, notice: Notice, calendar: BusinessDays) -> date | None:
    """Return the last day on which notice can be given, never after the renewal; nothing where nothing renews.

    Days are counted back from the day on which the next term would start. At the end of a month: for months, the last
    day of the month that many before the renewal's own (one month: the end of the month before); for days, the last end
    of a month that still leaves them. A deadline that is no business day moves as the rule says.
    """
    if renews_on is None:
        return None
    counted = min(_counted(renews_on, notice, calendar), renews_on)
    return min(_rolled(counted, notice.roll, calendar), renews_on)


def renewals(starts_on: date, renews_on: date | None, every_months: int | None) -> tuple[date, ...]:
    """Return the renewals of a contract up to the next one, oldest first: all that its term lets us count back to."""
    if renews_on is None:
        return ()
    if every_months is None:
        return (renews_on,)
    count = 0
    while add_months(renews_on, -(count + 1) * every_months) > starts_on:
        count += 1
    return tuple(add_months(renews_on, -place * every_months) for place in range(count, -1, -1))


def next_renewal(renews_on: date, every_months: int, today: date) -> date:
    """Return the first renewal on or after today, of a contract that renews itself."""
    count = 0
    while add_months(renews_on, count * every_months) < today:
        count += 1
    return add_months(renews_on, count * every_months)


def _counted(renews_on: date, notice: Notice, calendar: BusinessDays) -> date:
    if notice.unit == "months":
        day = add_months(renews_on, -notice.count)
        return end_of_month(day) if notice.is_end_of_month else day
    day = renews_on - timedelta(days=notice.count)
    if notice.unit == "business_days":
        day = calendar.add(renews_on, -notice.count)
    if not notice.is_end_of_month or day == end_of_month(day):
        return day
    return day.replace(day=1) - timedelta(days=1)


def _rolled(day: date, roll: Roll, calendar: BusinessDays) -> date:
    if roll == "none" or calendar.is_business_day(day):
        return day
    return calendar.add(day, -1 if roll == "previous" else 1)
