"""Alarms come at the asked rate, for drops of the account alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banso.science import courses as following
from banso.science import warning
from banso.science.basis import NotEnough

WEEKS = 104


def a_book(accounts: int = 60, *, seed: int = 1, level: float = 200.0, weeks: int = WEEKS) -> following.Volumes:
    """Return accounts whose weeks scatter by a sixth around a level that stays."""
    rng = np.random.default_rng(seed)
    rate = level * np.exp(rng.normal(0, 0.4, (accounts, 1)) + rng.normal(0, 0.15, (accounts, weeks)))
    seats = np.full((accounts, weeks), 50.0)
    return following.Volumes(rng.poisson(rate).astype(float), np.ones(weeks), seats, np.zeros(accounts, np.int64))


def seen(volumes: following.Volumes, *, alarms_a_year: float = 0.5) -> warning.Watch:
    found = warning.watch(volumes, alarms_a_year=alarms_a_year, seed=7)
    assert isinstance(found, warning.Watch)
    return found


def falling(volumes: following.Volumes, account: int, week: int, left: float) -> following.Volumes:
    weekly = volumes.weekly.copy()
    weekly[account, week:] = np.round(weekly[account, week:] * left)
    return replace(volumes, weekly=weekly)


def test_half_of_the_use_lost_is_seen_within_weeks_and_dated() -> None:
    book = a_book(200)
    for account in range(10):
        book = falling(book, account, 70, 0.5)

    found = seen(book).drops

    fallen = (found.account < 10) & (found.seen >= 70) & (found.seen <= 77)
    assert sorted(found.account[fallen].tolist()) == list(range(10))
    assert abs(np.median(found.since[fallen]) - 70) <= 1
    assert (found.size[fallen] < 0).all()
    assert np.median(found.size[fallen]) == pytest.approx(-0.5, abs=0.1)
    assert (found.low < found.size).all()
    assert (found.size < found.high).all()


def test_an_alarm_lasts_until_the_use_is_back() -> None:
    book = a_book()
    weekly = falling(book, 3, 60, 0.4).weekly
    weekly[3, 68:] = book.weekly[3, 68:]

    found = seen(replace(book, weekly=weekly)).drops

    (alarm,) = np.flatnonzero((found.account == 3) & (found.seen >= 60) & (found.seen < 68))
    assert 68 <= found.ended[alarm] <= 74


def test_what_all_have_in_common_is_told_apart_and_alarms_nobody() -> None:
    book = a_book()
    weekly = book.weekly.copy()
    weekly[:, 60] = np.round(weekly[:, 60] * 0.3)

    found = seen(replace(book, weekly=weekly))

    ((week, share),) = found.outages
    assert week == 60
    assert share == pytest.approx(0.35, abs=0.08)
    assert (found.drops.seen == 60).sum() <= 2


def test_peers_may_have_a_season_of_their_own() -> None:
    book = a_book(200)
    weekly = book.weekly.copy()
    weekly[:80, 60:66] = np.round(weekly[:80, 60:66] * 0.5)
    peers = np.repeat([5, 9], [80, 120])

    alone = seen(replace(book, weekly=weekly)).drops
    among = seen(replace(book, weekly=weekly, peers=peers)).drops

    alarmed = [((found.account < 80) & (found.seen >= 60) & (found.seen < 66)).sum() for found in (alone, among)]
    assert alarmed[0] >= 40
    assert alarmed[1] <= alarmed[0] / 4


def test_a_week_of_holidays_is_expected_to_be_short() -> None:
    book = a_book()
    calendar = np.ones(WEEKS)
    calendar[70] = 0.4
    weekly = np.round(book.weekly * calendar)

    found = seen(replace(book, weekly=weekly, calendar=calendar))

    assert found.outages == ()
    np.testing.assert_allclose(found.courses.expected[:, 70] / found.courses.expected[:, 69], 0.4, rtol=0.2)


def test_seats_given_up_are_no_drop_and_seats_added_promise_nothing() -> None:
    book = falling(a_book(), 3, 70, 0.5)
    fewer, more = book.seats.copy(), book.seats.copy()
    fewer[3, 70:] = 25.0
    more[5, 70:] = 500.0

    assert (seen(book).drops.account == 3).any()
    given_up = seen(replace(book, seats=fewer)).drops
    assert not ((given_up.account == 3) & (given_up.seen >= 70)).any()
    np.testing.assert_array_equal(seen(replace(book, seats=more)).courses.expected, seen(book).courses.expected)


def test_those_too_small_or_too_new_are_not_watched() -> None:
    book = a_book(8)
    weekly, seats = book.weekly.copy(), book.seats.copy()
    weekly[0] = 4.0
    weekly[1, :-9] = np.nan
    seats[2, -1] = 10.0
    seats[3] = np.nan
    seats[4, 50:] = np.nan

    group = following.courses(replace(book, weekly=weekly, seats=seats)).group

    assert (group < 0).tolist() == [True, True, True, False, False, False, False, False]


def test_a_customer_who_came_later_is_watched_from_the_tenth_week() -> None:
    book = a_book()
    weekly = book.weekly.copy()
    weekly[0, :40] = np.nan
    weekly[1, 60:] = np.nan

    found = following.courses(replace(book, weekly=weekly))

    assert np.flatnonzero(np.isfinite(found.short[0]))[0] == 40 + following.LEAST_WEEKS + following.LAG - 1 + 1
    assert not np.isfinite(found.short[1, 60:]).any()


def test_more_false_alarms_asked_for_are_more_alarms() -> None:
    book = a_book()
    few, many = seen(book, alarms_a_year=0.2), seen(book, alarms_a_year=2.0)

    assert len(few.drops.account) < len(many.drops.account)
    assert all(low < high for low, high in zip(many.limits.heights, few.limits.heights, strict=True))


def test_alarms_on_quiet_history_kept_apart_come_at_the_asked_rate() -> None:
    learned = warning.learn(following.courses(a_book(300, seed=2)), alarms_a_year=0.5, seed=1)
    assert isinstance(learned, warning.Limits)

    found = warning.watch(a_book(300, seed=3), alarms_a_year=0.5, seed=1, limits=learned)

    assert isinstance(found, warning.Watch)
    watched = 300 * (WEEKS - 10) / 52
    assert 0.35 <= len(found.drops.account) / watched <= 0.65


def test_drops_that_lasted_are_not_learned_as_noise() -> None:
    quiet = a_book(100)
    dropped = quiet
    for account in range(0, 100, 10):
        dropped = falling(dropped, account, 50, 0.4)

    heights = [seen(book).limits.heights[2] for book in (quiet, dropped)]

    assert heights[1] == pytest.approx(heights[0], rel=0.1)


def test_weeks_to_learn_from_may_be_chosen() -> None:
    book = a_book()
    quiet = np.zeros(book.weekly.shape, bool)
    quiet[:, 52:] = True

    learned = warning.learn(following.courses(book), alarms_a_year=0.5, seed=1, quiet=quiet)

    assert isinstance(learned, warning.Limits)
    assert learned.quiet_weeks <= 60 * 52


@pytest.mark.parametrize("volumes", [a_book(3), replace(a_book(), weekly=np.ones((60, WEEKS)))])
def test_too_little_quiet_history_is_said(volumes: following.Volumes) -> None:
    found = warning.watch(volumes, alarms_a_year=0.5, seed=1)

    assert isinstance(found, NotEnough)
    assert found.needed == {"account_weeks": 520}
    assert found.have["account_weeks"] < 520


def test_few_accounts_see_no_outage() -> None:
    book = a_book(8)
    weekly = book.weekly.copy()
    weekly[:, 60] = 0.0

    assert seen(replace(book, weekly=weekly)).outages == ()


def test_a_course_is_told_without_what_came_after() -> None:
    book = falling(a_book(), 3, 90, 0.1)
    whole, before = following.courses(a_book()), following.courses(book)

    np.testing.assert_allclose(before.expected[:, :90], whole.expected[:, :90], rtol=0.05)


def test_the_band_holds_four_weeks_in_five() -> None:
    found = following.courses(a_book(200))
    low, high = found.band()
    came = a_book(200).weekly

    is_known = np.isfinite(found.expected)
    assert 0.76 <= ((low <= came) & (came <= high))[is_known].mean() <= 0.86


def cusum(short: list[float], height: float) -> list[tuple[int, int, int]]:
    """Return since, seen and ended of each alarm, by the textbook."""
    found: list[tuple[int, int, int]] = []
    total, begun, is_on = 0.0, 0, False
    for week, value in enumerate(short):
        if total <= 0:
            begun = week
        forgiven = warning.FORGIVEN_AFTER if is_on else warning.FORGIVEN
        total = min(height, max(0.0, total + value - forgiven))
        if is_on and total == 0:
            is_on = False
            found[-1] = (*found[-1][:2], week)
        elif not is_on and total == height:
            is_on = True
            found.append((begun, week, -1))
    return found


@settings(max_examples=50)
@given(st.lists(st.lists(st.floats(-3, 3), min_size=20, max_size=20), min_size=1, max_size=4), st.floats(0.5, 6.0))
def test_alarms_are_those_of_the_textbook(shorts: list[list[float]], height: float) -> None:
    short = np.array(shorts)
    ones = np.ones(short.shape)
    found = following.Courses(ones, -short, ones, short, np.ones(20), np.zeros(len(short), np.int64))
    limits = warning.Limits((height,) * 4, 0.5, 1)

    drops = warning._drops(found, limits)

    expected = [(account, *alarm) for account, one in enumerate(shorts) for alarm in cusum(one, height)]
    assert list(zip(drops.account, drops.since, drops.seen, drops.ended, strict=True)) == expected
    for size, (account, since, week, _ended) in zip(drops.size, expected, strict=True):
        assert size == pytest.approx(np.exp(-np.mean(shorts[account][since : week + 1])) - 1)
