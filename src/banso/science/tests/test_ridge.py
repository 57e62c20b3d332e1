"""The penalised fit is that of a library, keeps its signs, and knows that rows of one account are not many."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from banso.science import ridge

FREE = np.zeros(3, dtype=np.int64)


def drawn(seed: int, many: int = 400) -> tuple[ridge.Floats, ridge.Flags]:
    rng = np.random.default_rng(seed)
    design = rng.normal(size=(many, 3))
    return design, rng.random(many) < 1 / (1 + np.exp(1 - design @ [1.0, -0.5, 0.0]))


@pytest.mark.parametrize("penalty", [0.5, 5.0])
def test_without_signs_the_fit_is_the_ridge_of_a_library(penalty: float) -> None:
    design, lost = drawn(1)
    weight = np.random.default_rng(2).uniform(0.5, 2, 400)
    library = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=1000).fit(design, lost, sample_weight=weight)
    at = ridge.fit(design, lost, weight, np.full(3, penalty), FREE)
    assert at == pytest.approx([*library.intercept_, *library.coef_[0]], abs=1e-4)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.lists(st.sampled_from([-1, 0, 1]), min_size=3, max_size=3))
def test_no_coefficient_and_no_draw_breaks_its_sign(seed: int, signs: list[int]) -> None:
    design, lost = drawn(seed, 60)
    held, penalty, weight = np.array(signs), np.full(3, 1.0), np.ones(60)
    at = ridge.fit(design, lost, weight, penalty, held)
    covariance = ridge.covariance(at, design, lost, weight, penalty, account=np.arange(60))
    draws = ridge.Ridge(at, covariance, held).draws(50, 7)
    assert np.all(held * at[1:] >= 0)
    assert np.all(held * draws[:, 1:] >= 0)


def test_the_covariance_is_the_clustered_sandwich_of_a_library() -> None:
    design, lost = drawn(3)
    account = np.arange(400) // 4
    library = sm.GLM(lost.astype(float), sm.add_constant(design), family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": account, "use_correction": False}
    )
    at = ridge.fit(design, lost, np.ones(400), np.zeros(3), FREE)
    ours = ridge.covariance(at, design, lost, np.ones(400), np.zeros(3), account=account)
    assert ours == pytest.approx(library.cov_params() * 100 / 99, rel=1e-3, abs=1e-6)


def test_the_same_rows_twice_do_not_make_an_account_surer() -> None:
    design, lost = drawn(4)
    weight, none, account = np.ones(400), np.zeros(3), np.arange(400)
    at = ridge.fit(design, lost, weight, none, FREE)
    once = ridge.covariance(at, design, lost, weight, none, account=account)
    again = [np.concatenate([one, one]) for one in (design, lost, weight, account)]
    twice = ridge.covariance(at, again[0], again[1], again[2], none, account=again[3])
    assert twice == pytest.approx(once, rel=1e-6)


def test_the_intercept_makes_the_mean_right() -> None:
    design, lost = drawn(5)
    predictor = 3 + 2 * design[:, 0]
    shift = ridge.intercept(predictor, lost, np.ones(400))
    assert np.mean(1 / (1 + np.exp(-predictor - shift))) == pytest.approx(lost.mean(), abs=1e-9)
