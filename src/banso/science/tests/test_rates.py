"""Rates by level are drawn to the book as the data ask, and their intervals hold what they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from banso.science.rates import rates

# Levels are alike in one world and unlike in the next.
WORLDS = 200
LEVELS = 4


def test_a_level_that_was_never_lost_is_not_said_to_be_safe() -> None:
    level = np.repeat([1, 2], [40, 5])
    found = rates(np.arange(45) < 8, level)
    assert [(one.level, one.decisions, one.losses) for one in found.levels] == [(1, 40, 8), (2, 5, 0)]
    assert 0.02 < found.of(2).value < found.of(1).value
    assert found.of(2).high > 0.1


def test_the_rate_of_the_book_is_that_of_jeffreys() -> None:
    found = rates(np.arange(20) < 3, np.ones(20, dtype=np.int64)).book
    low, high = beta.ppf([0.1, 0.9], 3.5, 17.5)
    assert (found.value, found.low, found.high) == pytest.approx((3.5 / 21, low, high), abs=2e-4)
    assert found.level == 0.8


def test_a_level_nobody_has_been_at_has_the_rate_of_the_book() -> None:
    found = rates(np.arange(20) < 3, np.ones(20, dtype=np.int64))
    assert found.of(4) == found.book


def test_levels_that_differ_with_many_decisions_keep_their_own_rates() -> None:
    lost = np.concatenate([np.arange(2000) < 200, np.arange(2000) < 800])
    found = rates(lost, np.repeat([4, 1], 2000))
    assert [one.level for one in found.levels] == [1, 4]
    assert found.of(4).value == pytest.approx(0.10, abs=0.002)
    assert found.of(1).value == pytest.approx(0.40, abs=0.002)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30)), min_size=1, max_size=5))
def test_every_rate_lies_within_its_interval_and_between_its_own_and_the_books(counts: list[tuple[int, int]]) -> None:
    held = [(many, min(many, gone)) for many, gone in counts]
    lost = np.concatenate([np.arange(many) < gone for many, gone in held])
    found = rates(lost, np.repeat(np.arange(len(held)), [many for many, _ in held]))
    for one in found.levels:
        assert 0 <= one.rate.low <= one.rate.value <= one.rate.high <= 1


def test_the_interval_of_a_level_covers_its_true_rate_four_times_out_of_five() -> None:
    rng = np.random.default_rng(20)
    covered = []
    for _ in range(WORLDS):
        mean, strength = rng.beta(2, 8), np.exp(rng.uniform(0, np.log(100)))
        true = rng.beta(mean * strength, (1 - mean) * strength, LEVELS)
        level = np.repeat(np.arange(LEVELS), rng.integers(5, 60, LEVELS))
        found = rates(rng.random(len(level)) < true[level], level)
        covered += [one.rate.low <= true[one.level] <= one.rate.high for one in found.levels]
    assert 0.75 <= np.mean(covered) <= 0.85
