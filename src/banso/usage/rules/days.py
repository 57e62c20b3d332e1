"""Days as whole numbers, so that every engine subtracts them alike, and months as the folders they lie in."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# Day 0 is 0001-01-01, a Monday: no date that Python can name is negative, and day // 7 counts whole weeks.
DAYS_IN_A_WEEK: Final = 7


def number_of(day: date) -> int:
    """Return the number of a day, counted from Monday 0001-01-01."""
    return day.toordinal() - 1


def day_of(number: int) -> date:
    """Return the day of a number."""
    return date.fromordinal(number + 1)


def month_of(day: date) -> str:
    """Return the month a day lies in, as its folder is called: 2026-04."""
    return f"{day.year:04d}-{day.month:02d}"


def month_bounds(month: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first moment of a company's month and of the next, in UTC."""
    first = _first_of(month)
    return _midnight(first, zone), _midnight(_next_month(first), zone)


def months_touched(first: date, last: date) -> list[str]:
    """Return every month from the one of the first day to the one of the last."""
    months = []
    at = first.replace(day=1)
    while at <= last:
        months.append(month_of(at))
        at = _next_month(at)
    return months


def neighbours(month: str) -> tuple[str, str, str]:
    """Return a month with the one before and the one after: where its events lie in another time zone."""
    first = _first_of(month)
    return month_of(first - timedelta(days=1)), month, month_of(_next_month(first))


def _first_of(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
