"""Suggested weights find what protects, never reward what does not, and suggest nothing where nothing tells."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from banso.science import weights
from banso.science.basis import Days, Flags, Floats, NotEnough, Whole
from banso.science.weights import Suggestion


def book(seed: int = 1, accounts: int = 400, rows: int = 1) -> tuple[Floats, Flags, Whole, Days]:
    """Return points of five measures: the first protects twice as much as the second, the third is upside down."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 100, (accounts * rows, 5))
    odds = 1.2 - 0.04 * points[:, 0] - 0.02 * points[:, 1] + 0.02 * points[:, 2]
    lost = rng.random(len(odds)) < 1 / (1 + np.exp(-odds))
    account = np.repeat(np.arange(accounts), rows)
    return points, lost, account, np.full(len(odds), np.datetime64("2025-01-01", "D"))


def told(points: Floats, lost: Flags, account: Whole, on: Days) -> Suggestion:
    found = weights.suggested(points, lost, account, on, seed=3)
    assert isinstance(found, Suggestion)
    return found


@cache
def found() -> Suggestion:
    return told(*book())


def test_what_protects_has_the_weight_and_what_harms_or_is_noise_has_none() -> None:
    first, second, *rest = found().weights
    assert first.value > second.value > 0
    assert first.covers(2 / 3)
    assert second.covers(1 / 3)
    assert rest[0].value == 0
    assert all(weight.value < 0.06 for weight in rest)
    assert sum(weight.value for weight in found().weights) == pytest.approx(1)
    assert found().is_any


def test_without_a_penalty_and_free_of_bounds_the_fit_is_that_of_scikit_learn() -> None:
    points, lost, _, _ = book()
    design = points[:, :2] / 100
    model = LogisticRegression(C=np.inf, tol=1e-8).fit(design, lost)
    fit = weights._fitted(design, lost, np.ones(len(lost)), 0.0)
    assert fit[0] == pytest.approx(model.intercept_[0], abs=1e-3)
    assert fit[1:] == pytest.approx(-model.coef_[0], abs=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.floats(0, 30), st.floats(0, 30))
def test_a_harder_penalty_leaves_less_and_nothing_falls_below_zero(seed: int, one: float, other: float) -> None:
    points, lost, _, _ = book(seed, 60, 1)
    soft, hard = (weights._fit(points / 100, lost, np.ones(60), penalty) for penalty in sorted((one, other)))
    assert np.all(soft >= 0)
    assert hard.sum() <= soft.sum() + 1e-3


def test_noise_suggests_nothing() -> None:
    points, lost, account, on = book()
    noise = np.random.default_rng(8).uniform(0, 100, points.shape)
    nothing = told(noise, lost, account, on)
    assert not nothing.is_any
    assert [weight.value for weight in nothing.weights] == [0.0] * 5


def test_values_that_are_not_known_count_as_the_mean() -> None:
    points, lost, account, on = book()
    blind = np.where(np.random.default_rng(4).random(points.shape) < 0.2, np.nan, points)
    blind[:, 4] = np.nan
    first, second, *rest = told(blind, lost, account, on).weights
    assert first.value > second.value > 0
    assert rest[-1].value == 0


def test_fourteen_losses_are_one_too_few() -> None:
    points, _, account, on = book()
    refusal = weights.suggested(points, np.arange(400) < 14, account, on, seed=1)
    assert isinstance(refusal, NotEnough)
    assert refusal.missing == {"lost": 1}
