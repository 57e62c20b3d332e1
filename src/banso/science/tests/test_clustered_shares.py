"""A share of rows is no surer for rows that repeat an account, and a refusal says what is missing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from banso.science import proportions
from banso.science.basis import Interval, NotEnough, short_of


def test_a_share_of_nothing_is_not_known() -> None:
    empty = proportions.clustered_share(np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.int64))
    assert np.isnan(empty.value)


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_rows_that_are_each_their_own_account_have_the_plain_interval(outcomes: list[bool]) -> None:
    found = proportions.clustered_share(np.array(outcomes), np.arange(len(outcomes)))
    plain = proportions.wilson(sum(outcomes), len(outcomes))
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), abs=1e-9)


@given(st.lists(st.booleans(), min_size=2, max_size=40), st.integers(2, 13))
def test_telling_every_row_again_makes_a_share_no_surer(outcomes: list[bool], times: int) -> None:
    happened = np.repeat(outcomes, times)
    found = proportions.clustered_share(happened, np.repeat(np.arange(len(outcomes)), times))
    plain = proportions.wilson(sum(outcomes), len(outcomes))
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), abs=1e-9)


def test_a_share_of_money_weighs_accounts_by_their_revenue() -> None:
    happened, account = np.array([True, False, False]), np.arange(3)
    found = proportions.clustered_share(happened, account, np.array([60.0, 20.0, 20.0]))
    assert found.value == pytest.approx(0.6)
    # Kish: .24 / (.6² × .16 + 2 × .2² × .36) = 2.778 rows' worth.
    assert (found.low, found.high) == pytest.approx(proportion_confint(1.66667, 2.77778, method="wilson"), abs=1e-4)


def test_rows_without_revenue_say_nothing_of_money() -> None:
    found = proportions.clustered_share(np.array([True, False, False]), np.arange(3), np.array([0.0, 5.0, 5.0]))
    assert (found.value, found.high) == pytest.approx((0.0, proportions.wilson(0, 2).high))


def test_even_clusters_are_as_sure_as_their_rows() -> None:
    found = proportions.clustered_share(np.array([True, False] * 6), np.repeat(np.arange(6), 2))
    assert (found.low, found.high) == pytest.approx(proportion_confint(6, 12, method="wilson"))


def test_a_refusal_says_how_many_are_missing() -> None:
    assert short_of({"lost": 15}, {"lost": 15}) is None
    refusal = short_of({"lost": 15, "kept": 15}, {"lost": 11, "kept": 40}, "rule")
    assert refusal == NotEnough({"lost": 15, "kept": 15}, {"lost": 11, "kept": 40}, "rule")
    assert refusal is not None
    assert refusal.missing == {"lost": 4}


def test_an_interval_covers_its_bounds() -> None:
    interval = Interval(0.5, 0.4, 0.6)
    assert interval.covers(0.4)
    assert interval.covers(0.6)
    assert not interval.covers(0.61)
