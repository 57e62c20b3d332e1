"""Where a quantity stands against its limit, when it passes, and how forecasts turned out: the pure decisions."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banso.growth.rules import Course, Held, Outcome, fan, is_soon, judged, likeness, so_far, stand

TODAY = date(2026, 11, 24)
MONTH = date(2026, 11, 1)
NEXT = tuple(date(2026 + (11 + n) // 12, (11 + n) % 12 + 1, 1) for n in range(12))


def course(*, daily: float = 10.0, days: int = 200, today: float = 0.0, is_level: bool = False) -> Course:
    """Return so much on each of the days before today, and something of today."""
    return Course(TODAY - timedelta(days=days), np.array([daily] * days + [today]), is_level)


def month(limit: int) -> Held:
    return Held(limit, MONTH, date(2026, 12, 1), NEXT, None)


def level(limit: int) -> Held:
    return Held(limit, date(2026, 1, 1), None, (), None)


def test_what_was_used_since_the_period_began_is_held_against_the_limit() -> None:
    # 23 days before today at 10, and 4 today.
    assert so_far(course(today=4), month(1000)) == (234, None)
    assert so_far(course(today=4), month(230)) == (234, TODAY)
    assert so_far(course(today=4), month(100)) == (234, date(2026, 11, 11))
    assert so_far(course(days=5, today=4), month(1000)) == (54, None)


def test_a_level_is_over_since_it_rose_above_the_limit_last() -> None:
    days = np.array([8.0, 12.0, 9.0, 11.0, 11.0])
    up = Course(TODAY - timedelta(days=4), days, is_level=True)
    assert so_far(up, level(10)) == (11, TODAY - timedelta(days=1))
    assert so_far(up, level(7)) == (11, TODAY - timedelta(days=4))
    assert so_far(up, level(11)) == (11, None)


def test_even_use_is_foreseen_on_the_day_that_division_tells() -> None:
    # 230 of November until yesterday; the 25th day of ten passes 470 on... 230 + 10·(d + 1) > 260 on day 3.
    found = stand(course(), month(260), today=TODAY, seed=1)
    assert (found.state, found.expected_on, found.low_on, found.high_on) == (
        "expected",
        date(2026, 11, 27),
        date(2026, 11, 27),
        date(2026, 11, 27),
    )
    assert (found.used, found.probability, found.history_days) == (230, 1, 200)
    # November has 30 days and ends at 300; December has 31, and passes 305 on its last.
    later = stand(course(), month(305), today=TODAY, seed=1)
    assert later.expected_on == date(2026, 12, 31)


def test_what_never_reaches_the_limit_is_not_expected_to() -> None:
    found = stand(course(), month(5000), today=TODAY, seed=1)
    assert (found.state, found.probability, found.expected_on, found.low_on) == ("unlikely", 0, None, None)


def test_what_is_over_says_since_when_whatever_its_history() -> None:
    assert stand(course(days=10), month(50), today=TODAY, seed=1).crossed_on == date(2026, 11, 19)


def test_too_little_history_is_said_with_how_much_there_is() -> None:
    found = stand(course(days=30), month(5000), today=TODAY, seed=1)
    assert (found.state, found.history_days, found.used) == ("too_little", 30, 230)
    assert stand(None, month(5000), today=TODAY, seed=1).state == "too_little"


def test_nothing_is_foreseen_beyond_the_end_of_the_contract() -> None:
    ends = Held(260, MONTH, date(2026, 11, 26), (), date(2026, 11, 25))
    assert stand(course(), ends, today=TODAY, seed=1).state == "unlikely"
    past = Held(260, MONTH, None, (), date(2026, 11, 20))
    assert stand(course(), past, today=TODAY, seed=1).state == "unlikely"


def test_a_level_that_grows_by_one_a_week_passes_in_as_many_weeks() -> None:
    heights = np.repeat(np.arange(30.0), 7)
    growing = Course(TODAY - timedelta(days=len(heights) - 1), heights, is_level=True)
    found = stand(growing, level(35), today=TODAY, seed=1)
    assert found.expected_on is not None
    assert abs((found.expected_on - TODAY).days - 7 * 7) <= 10


@settings(max_examples=20)
@given(st.lists(st.floats(0, 100), min_size=60, max_size=90), st.integers(1, 3000), st.integers(0, 500))
def test_a_higher_limit_never_brings_the_crossing_forward(days: list[float], limit: int, more: int) -> None:
    one = Course(TODAY - timedelta(days=len(days) - 1), np.array(days), is_level=False)
    first, then = (stand(one, month(limit + extra), today=TODAY, seed=1) for extra in (0, more))
    when = [found.crossed_on or found.expected_on or date.max for found in (first, then)]
    assert when[0] <= when[1]
    for found in (first, then):
        assert (found.expected_on is None) == (found.low_on is None)


def test_a_chart_shows_what_was_and_what_may_come() -> None:
    found = fan(course(today=4), month(1000), today=TODAY, seed=1, days=10)
    assert [found.so_far[place] for place in (0, -1)] == [(MONTH, 10), (TODAY, 234)]
    days = [day for day, *_values in found.coming]
    rounded = [[round(value) for value in values] for _day, *values in found.coming]
    assert (days[0], rounded[0]) == (TODAY, [240, 240, 240])
    # The new month begins at nothing.
    assert (days[7], rounded[7]) == (date(2026, 12, 1), [10, 10, 10])
    assert len(found.coming) == 10
    assert fan(course(days=20), month(1000), today=TODAY, seed=1, days=10).coming == []
    flat = fan(course(is_level=True, today=10), level(20), today=TODAY, seed=1, days=5)
    assert [value for _day, value in flat.so_far[-2:]] == [10, 10]


def test_a_crossing_is_near_within_thirty_days_and_stays_told_until_it_has_gone() -> None:
    in_days = [TODAY + timedelta(days=days) for days in (30, 31, 60, 61)]
    assert [is_soon(day, today=TODAY, was_told=False) for day in in_days] == [True, False, False, False]
    assert [is_soon(day, today=TODAY, was_told=True) for day in in_days] == [True, True, True, False]
    assert not is_soon(None, today=TODAY, was_told=True)


@pytest.mark.parametrize(
    ("low", "crossed", "outcome"),
    [
        (date(2026, 5, 1), date(2026, 5, 1), "hit"),
        (date(2026, 5, 1), date(2026, 6, 1), "hit"),
        (date(2026, 5, 1), date(2026, 4, 30), "early"),
        (date(2026, 5, 1), date(2026, 6, 2), "late"),
        (date(2026, 5, 1), None, "late"),
        (None, None, "hit"),
        (None, date(2026, 4, 30), "early"),
        (None, date(2026, 6, 2), "hit"),
    ],
)
def test_a_forecast_is_judged_by_what_came(low: date | None, crossed: date | None, outcome: Outcome) -> None:
    assert judged(low_on=low, settles_on=date(2026, 6, 1), crossed_on=crossed) == outcome


def test_names_that_share_letters_are_alike() -> None:
    assert likeness("メール配信", "通/月", "mails_delivered", "配信通数") > likeness(
        "メール配信", "通/月", "report_opened", "レポート閲覧"
    )
    assert likeness("API calls", "", "api.calls", "") == 1
    assert likeness("", "", "x", "") == 0
