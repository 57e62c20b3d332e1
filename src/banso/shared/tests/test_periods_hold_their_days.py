"""Weeks, months and fiscal years."""

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from banso.shared.periods import (
    add_months,
    end_of_month,
    fiscal_quarter,
    fiscal_year,
    monday_of,
    month_of,
    months,
    weeks,
)

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


def test_a_japanese_fiscal_year_begins_in_april() -> None:
    year = fiscal_year(date(2027, 3, 31), starts_in=4)
    assert (year.first, year.last, year.year) == (date(2026, 4, 1), date(2027, 3, 31), 2026)
    quarter = fiscal_quarter(date(2027, 1, 1), starts_in=4)
    assert (quarter.first, quarter.last, quarter.quarter) == (date(2027, 1, 1), date(2027, 3, 31), 4)


def test_months_end_where_they_end() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)
    assert end_of_month(date(2028, 2, 3)) == date(2028, 2, 29)
    assert months(date(2025, 12, 31), date(2026, 2, 1)) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


def test_there_is_nothing_between_a_day_and_an_earlier_one() -> None:
    assert weeks(date(2026, 1, 2), date(2026, 1, 1)) == []
    assert months(date(2026, 2, 1), date(2026, 1, 1)) == []


@given(DAYS, st.integers(min_value=0, max_value=400))
def test_weeks_cover_all_days_between(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    found = weeks(first, last)
    assert found[0] == monday_of(first) <= first
    assert found[-1] == monday_of(last) <= last
    assert all(monday.weekday() == 0 for monday in found)
    assert all(late - early == timedelta(weeks=1) for early, late in itertools.pairwise(found))


@given(DAYS, st.integers(min_value=1, max_value=12))
def test_every_day_lies_in_its_fiscal_quarter_and_year(day: date, starts_in: int) -> None:
    year, quarter = fiscal_year(day, starts_in=starts_in), fiscal_quarter(day, starts_in=starts_in)
    assert year.first <= quarter.first <= day <= quarter.last <= year.last
    assert add_months(year.first, 12) == year.last + timedelta(days=1)
    assert month_of(day) <= day <= end_of_month(day)
