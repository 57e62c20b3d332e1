"""Deadlines count days that are worked on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.shared.businessdays import Calendar, calendar_of

TOKYO = calendar_of("JP", ["12-29", "12-30", "12-31", "01-02", "01-03"])
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 23), False),  # Labour Thanksgiving Day
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 5, 6), False),  # in lieu of Constitution Day, a Sunday
        (date(2026, 9, 22), False),  # a day between two holidays
        (date(2026, 12, 30), False),  # closed
        (date(2027, 1, 4), True),
    ],
)
def test_holidays_and_closures_are_not_worked_on(day: date, works: bool) -> None:  # noqa: FBT001  # a table of cases
    assert TOKYO.is_business_day(day) is works


def test_twenty_business_days_before_a_renewal_step_over_the_year_end() -> None:
    # By hand: 14, 13, 12, 8–4 January (the 11th is a holiday), 28, 25–21, 18–14, 11 December.
    assert TOKYO.add(date(2027, 1, 15), -20) == date(2026, 12, 11)


def test_an_unknown_country_has_no_holidays() -> None:
    assert Calendar(country="ZZ").is_business_day(date(2026, 11, 23))
    assert Calendar(country="ZZ").official_until is None


def test_the_calendar_says_up_to_when_it_is_official() -> None:
    assert TOKYO.official_until is not None


@given(day=DAYS, count=st.integers(min_value=1, max_value=60))
def test_going_forth_and_back_ends_where_it_began(day: date, count: int) -> None:
    start = TOKYO.next(day)
    there = TOKYO.add(start, count)
    assert TOKYO.is_business_day(there)
    assert TOKYO.add(there, -count) == start
    assert TOKYO.between(start, there) == count == -TOKYO.between(there, start)


@given(day=DAYS)
def test_the_nearest_business_days_lie_around_a_day(day: date) -> None:
    assert TOKYO.previous(day) <= day <= TOKYO.next(day)
    assert TOKYO.is_business_day(TOKYO.previous(day))
    assert TOKYO.is_business_day(TOKYO.next(day))
