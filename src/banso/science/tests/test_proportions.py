"""Shares carry the interval of Wilson, at any count."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from banso.science.proportions import wilson


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([0.8, 0.95]))
def test_intervals_equal_those_of_statsmodels(counts: tuple[int, int], level: float) -> None:
    events, count = counts
    found = wilson(events, count, level)
    low, high = proportion_confint(events, count, alpha=1 - level, method="wilson")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    assert found.low <= found.value == events / count <= found.high


def test_of_nobody_nothing_is_known() -> None:
    found = wilson(0, 0)
    assert (math.isnan(found.value), found.low, found.high) == (True, 0.0, 1.0)
