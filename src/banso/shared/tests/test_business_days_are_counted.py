"""Deadlines count days that are worked on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.shared.businessdays import Calendar, OutsideTable, calendar_of

TOKYO = calendar_of("JP", ["12-29", "12-30", "12-31", "01-02", "01-03"])
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 23),  # Labour Thanksgiving Day
        date(2026, 11, 22),  # a Sunday
        date(2026, 5, 6),  # in lieu of Constitution Day, a Sunday
        date(2026, 9, 22),  # a day between two holidays
        date(2026, 12, 30),  # closed
    ],
)
def test_holidays_weekends_and_closures_are_not_worked_on(day: date) -> None:
    assert not TOKYO.is_business_day(day)


def test_other_days_are_worked_on() -> None:
    assert TOKYO.is_business_day(date(2026, 11, 24))
    assert TOKYO.is_business_day(date(2027, 1, 4))


def test_twenty_business_days_before_a_renewal_step_over_the_year_end() -> None:
    # By hand: 14, 13, 12, 8-4 January (the 11th is a holiday), 28, 25-21, 18-14, 11 December.
    assert TOKYO.add(date(2027, 1, 15), -20) == date(2026, 12, 11)


def test_a_country_that_is_not_in_the_table_has_no_holidays_and_nothing_official() -> None:
    nowhere = Calendar(country="ZZ")
    assert nowhere.is_business_day(date(2026, 11, 23))
    assert not nowhere.is_official(date(2026, 11, 23))


def test_the_calendar_says_up_to_when_it_is_official() -> None:
    assert TOKYO.is_official(date(2027, 12, 31))
    assert not TOKYO.is_official(date(2028, 1, 1))


def test_an_operator_corrects_the_table() -> None:
    moved = Calendar(added=frozenset({date(2026, 11, 24)}), removed=frozenset({date(2026, 11, 23)}))
    assert moved.is_business_day(date(2026, 11, 23))
    assert moved.add(date(2026, 11, 23), 1) == date(2026, 11, 25)


def test_what_no_table_knows_is_refused() -> None:
    with pytest.raises(OutsideTable):
        TOKYO.is_business_day(date(1900, 1, 1))
    with pytest.raises(OutsideTable):
        TOKYO.add(date(2026, 1, 1), 1_000_000)
    with pytest.raises(OutsideTable):
        Calendar(country="ZZ").add(date(9999, 12, 30), 5)
    with pytest.raises(ValueError, match="month"):
        Calendar(closures=("13-01",))


@given(day=DAYS, count=st.integers(min_value=1, max_value=60))
def test_going_forth_and_back_ends_where_it_began(day: date, count: int) -> None:
    start = TOKYO.on_or_after(day)
    there = TOKYO.add(start, count)
    assert TOKYO.is_business_day(there)
    assert TOKYO.add(there, -count) == start
    assert TOKYO.between(start, there) == count == -TOKYO.between(there, start)


@given(day=DAYS)
def test_the_nearest_business_days_lie_around_a_day(day: date) -> None:
    assert TOKYO.on_or_before(day) <= day <= TOKYO.on_or_after(day)
    assert TOKYO.is_business_day(TOKYO.on_or_before(day))
    assert TOKYO.is_business_day(TOKYO.on_or_after(day))
