"""Weeks, months and fiscal years: where a day lies in them, and which ones lie between two days."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

MONTHS: Final = 12
QUARTER_MONTHS: Final = 3


@dataclass(frozen=True)
class Period:
    """A stretch of whole days, both ends included. A fiscal year is called by the year it begins in, as in 2026年度."""

    first: date
    last: date
    year: int
    quarter: int | None = None


def monday_of(day: date) -> date:
    """Return the Monday that begins a day's week (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def weeks(first: date, last: date) -> list[date]:
    """Return the Mondays of all weeks that two days touch, oldest first; none where `last` comes first."""
    monday = monday_of(first)
    return (
        [monday + timedelta(weeks=n) for n in range((monday_of(last) - monday).days // 7 + 1)] if first <= last else []
    )


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def end_of_month(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, count: int) -> date:
    """Return the same day `count` months later (earlier, where negative), or the month's last where it is shorter."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + count, MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months(first: date, last: date) -> list[date]:
    """Return the first days of all months that two days touch, oldest first; none where `last` comes first."""
    count = (last.year - first.year) * MONTHS + last.month - first.month + 1
    return [add_months(month_of(first), n) for n in range(count)] if first <= last else []


def fiscal_year(day: date, *, starts_in: int) -> Period:
    """Return the fiscal year of a day; `starts_in` is the month it begins with, 4 for April."""
    year = day.year if day.month >= starts_in else day.year - 1
    first = date(year, starts_in, 1)
    return Period(first, add_months(first, MONTHS) - timedelta(days=1), year)


def fiscal_quarter(day: date, *, starts_in: int) -> Period:
    """Return the fiscal quarter (1 to 4) of a day."""
    year = fiscal_year(day, starts_in=starts_in)
    number = (day.month - starts_in) % MONTHS // QUARTER_MONTHS
    first = add_months(year.first, number * QUARTER_MONTHS)
    return Period(first, add_months(first, QUARTER_MONTHS) - timedelta(days=1), year.year, number + 1)
