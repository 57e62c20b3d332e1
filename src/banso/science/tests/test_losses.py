"""Leads, missed losses and false alarms of small histories that can be followed by eye."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from banso.science import losses
from banso.science.basis import Days

START = np.datetime64("2026-01-05", "D")


def weeks(*numbers: int) -> Days:
    return START + np.array([7 * number for number in numbers]).astype("timedelta64[D]")


def story(flags: str, gone: str, left: dict[int, int] | None = None) -> losses.Losses:
    """Tell an account's weeks: ! is a flag, x is "lost within the horizon"; `left` says in which week by row."""
    days = weeks(*range(len(flags)))
    when = None
    if left is not None:
        when = np.full(len(flags), np.datetime64("NaT", "D"))
        for row, week in left.items():
            when[row] = weeks(week)[0]
    flag, lost = np.array([one == "!" for one in flags]), np.array([one == "x" for one in gone])
    return losses.losses(np.zeros(len(flags), dtype=np.int64), days, flag, lost, when)


def test_a_lead_runs_from_the_first_flag_that_stayed() -> None:
    found = story("!..!!!", "...xxx", {3: 6, 4: 6, 5: 6})
    assert found.row.tolist() == [5]
    assert found.lead_days.tolist() == [21]
    assert found.flagged.tolist() == [True]
    assert found.false_alarms.tolist() == [0]


def test_a_loss_whose_flag_went_off_again_was_not_flagged_but_was_once() -> None:
    found = story("!!...", "..xxx", {2: 5, 3: 5, 4: 5})
    assert found.flagged.tolist() == [False]
    assert found.ever.tolist() == [True]
    assert np.isnan(found.lead_days).all()


def test_a_loss_without_any_flag_is_a_surprise() -> None:
    found = story(".....", "..xxx")
    assert (found.flagged.tolist(), found.ever.tolist()) == ([False], [False])


def test_a_flag_in_the_horizon_of_a_loss_is_no_false_alarm_even_if_it_goes_off() -> None:
    assert story(".!..", ".xxx").false_alarms.tolist() == []
    assert story("!.!.", "....").false_alarms.tolist() == [0, 2]


def test_who_comes_back_begins_a_new_life() -> None:
    found = story("!!!.!!", "xx...x", {0: 2, 1: 2, 5: 6})
    assert found.row.tolist() == [1, 5]
    assert found.lead_days.tolist() == [14, 14]
    # The flag of the new life's first row is followed by no loss of that spell.
    assert found.false_alarms.tolist() == [2]


def test_two_losses_side_by_side_are_told_apart_by_their_day() -> None:
    assert story("....", "xxxx", {0: 2, 1: 2, 2: 4, 3: 4}).row.tolist() == [1, 3]
    assert story("....", "xxxx").row.tolist() == [3]


def test_without_the_day_of_loss_a_lead_is_at_least_as_long() -> None:
    assert story(".!!!", "..xx").lead_days.tolist() == [14]


@given(st.permutations(range(12)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    account = np.repeat([0, 1], 6)
    days, flag = np.tile(weeks(*range(6)), 2), np.array([c == "!" for c in "!..!!!.!...!"])
    lost = np.array([c == "x" for c in "...xxx....xx"])
    plain = losses.losses(account, days, flag, lost)
    mixed = losses.losses(account[order], days[order], flag[order], lost[order])
    place = np.array(order)
    assert place[mixed.row].tolist() == plain.row.tolist()
    assert place[mixed.false_alarms].tolist() == plain.false_alarms.tolist()
    assert np.array_equal(mixed.lead_days, plain.lead_days, equal_nan=True)


def test_surprises_are_counted_in_logos_and_in_money() -> None:
    account = np.arange(4)
    days, flag = np.tile(weeks(0), 4), np.array([True, False, False, True])
    lost = np.array([True, True, False, True])
    found = losses.losses(account, days, flag, lost)
    result = losses.surprise(found, account, np.array([10.0, 70.0, 50.0, 20.0]))
    assert result.losses == 3
    assert result.not_flagged.value == pytest.approx(1 / 3)
    assert result.never_flagged_money.value == pytest.approx(0.7)
    assert result.lead_days is None


@given(st.integers(0, 80), st.sampled_from([0.8, 0.95]))
def test_a_median_has_the_narrowest_interval_of_order_that_holds_it(count: int, level: float) -> None:
    found = losses.median(np.arange(1.0, count + 1), level)

    def coverage(rank: int) -> float:
        return float(stats.binom.cdf(count - rank, count, 0.5) - stats.binom.cdf(rank - 1, count, 0.5))

    if found is None:
        assert count == 0 or coverage(1) < level
        return
    assert found.value == pytest.approx((count + 1) / 2)
    assert coverage(int(found.low)) >= level - 1e-12
    assert int(found.low) == count + 1 - int(found.high)
    narrower = int(found.low) + 1
    assert narrower > count / 2 or coverage(narrower) < level


def test_six_leads_are_the_fewest_with_an_interval() -> None:
    assert losses.median(np.arange(5.0)) is None
    found = losses.median(np.arange(6.0))
    assert found is not None
    assert (found.value, found.low, found.high) == (2.5, 0, 5)
