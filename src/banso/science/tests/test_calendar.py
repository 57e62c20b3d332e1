"""What a week with holidays and closings brings."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from banso.science.calendar import BRIDGE, OFFICE_WEEK, WorkingDays, weekday_profile

PROFILE = np.array([1.0, 1.1, 1.2, 1.0, 0.9, 0.2, 0.1])
# In 2026: Golden Week is Wednesday 29 April, and Monday 4 to Wednesday 6 May.
GOLDEN_WEEK = frozenset({date(2026, 4, 29), date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)})


def days(first: date, count: int) -> np.ndarray:
    return np.array([first + timedelta(days=n) for n in range(count)], dtype="datetime64[D]")


def mondays(*firsts: date) -> np.ndarray:
    return np.array(firsts, dtype="datetime64[D]")


def test_a_plain_week_keeps_the_profile_of_its_weekdays() -> None:
    expected = WorkingDays().expected(days(date(2026, 6, 8), 7), PROFILE)

    assert expected.tolist() == PROFILE.tolist()


def test_a_holiday_brings_what_a_sunday_does() -> None:
    expected = WorkingDays(GOLDEN_WEEK).expected(days(date(2026, 4, 27), 5), PROFILE)

    assert expected.tolist() == [1.0, 1.1, 0.1, 1.0, 0.9]


def test_a_workday_between_two_days_off_is_a_bridge_day() -> None:
    thursday = frozenset({date(2026, 6, 11)})

    expected = WorkingDays(thursday).expected(days(date(2026, 6, 8), 7), PROFILE)

    assert expected.tolist() == [1.0, 1.1, 1.2, 0.1, 0.9 * BRIDGE, 0.2, 0.1]


def test_closings_come_every_year_with_what_they_leave() -> None:
    working = WorkingDays(closings=((8, 13, 0.5),))

    assert working.expected(days(date(2025, 8, 13), 1), PROFILE).tolist() == [1.2 * 0.5]
    assert working.expected(days(date(2026, 8, 13), 1), PROFILE).tolist() == [1.0 * 0.5]
    assert working.expected(days(date(2026, 8, 12), 1), PROFILE).tolist() == [1.2]


def test_a_week_is_told_in_plain_weeks() -> None:
    share = WorkingDays(GOLDEN_WEEK).weekly(mondays(date(2026, 4, 27), date(2026, 5, 4), date(2026, 6, 8)), PROFILE)

    # A Sunday's .1 instead of Wednesday's 1.2; then .1 three times instead of 1.0, 1.1, 1.2.
    np.testing.assert_allclose(share, [(5.5 - 1.1) / 5.5, (5.5 - 0.9 - 1.0 - 1.1) / 5.5, 1.0])


def test_a_bridge_day_is_seen_over_the_edge_of_a_week() -> None:
    tuesday = frozenset({date(2026, 6, 9)})

    share = WorkingDays(tuesday).weekly(mondays(date(2026, 6, 8)), PROFILE)

    # Monday lies between the Sunday before, which belongs to another week, and the holiday.
    np.testing.assert_allclose(share, [(5.5 - 1.0 - 1.0 * (1 - BRIDGE)) / 5.5])


@given(st.dates(date(2000, 1, 1), date(2040, 12, 24)), st.sets(st.integers(0, 13), max_size=6))
def test_no_day_brings_more_than_it_plainly_would_and_none_less_than_nothing(first: date, offs: set[int]) -> None:
    off = frozenset(first + timedelta(days=n) for n in offs)

    expected = WorkingDays(off).expected(days(first, 14), PROFILE)

    plain = np.array([PROFILE[(first + timedelta(days=n)).weekday()] for n in range(14)])
    assert (expected >= 0).all()
    assert (expected <= plain).all()


def test_the_profile_is_what_plain_days_brought() -> None:
    volume = np.tile([10.0, 10.0, 10.0, 10.0, 10.0, 2.0, 4.0], 4)
    volume[2] = 0.0

    profile = weekday_profile(days(date(2026, 6, 8), 28), volume, [date(2026, 6, 10)])

    np.testing.assert_allclose(profile, np.array([10, 10, 10, 10, 10, 2, 4]) / 8)


def test_without_history_the_profile_is_an_office_week() -> None:
    office = np.array(OFFICE_WEEK) / np.mean(OFFICE_WEEK)

    np.testing.assert_allclose(weekday_profile(days(date(2026, 6, 8), 3), np.ones(3)), office)
    np.testing.assert_allclose(weekday_profile(days(date(2026, 6, 8), 14), np.zeros(14)), office)
