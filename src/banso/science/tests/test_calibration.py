"""Calibration agrees with statsmodels and scikit-learn, is right for true probabilities, and names what is wrong."""

from itertools import pairwise

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from sklearn.metrics import brier_score_loss, log_loss

from banso.science import calibration
from banso.science.basis import Flags, Floats, NotEnough, Whole
from banso.science.calibration import Calibration


def book(seed: int = 3, accounts: int = 250, times: int = 4, twist: float = 1.0) -> tuple[Floats, Flags, Whole]:
    """Return told probabilities, outcomes and accounts; told log-odds are `twist` times the true ones."""
    rng = np.random.default_rng(seed)
    odds = np.repeat(rng.normal(-1, 1, accounts), times) + rng.normal(0, 0.5, accounts * times)
    lost = rng.random(len(odds)) < special.expit(odds)
    return special.expit(twist * odds), lost, np.repeat(np.arange(accounts), times)


def found(told: Floats, lost: Flags, account: Whole | None = None) -> Calibration:
    result = calibration.calibration(told, lost, account)
    assert isinstance(result, Calibration)
    return result


def test_slope_and_intercept_with_their_errors_are_those_of_statsmodels() -> None:
    told, lost, account = book()
    odds = special.logit(told)
    groups = {"cov_type": "cluster", "cov_kwds": {"groups": account}}
    slope = sm.Logit(lost.astype(float), sm.add_constant(odds)).fit(disp=0, **groups)
    binomial = sm.families.Binomial()
    start = sm.GLM(lost.astype(float), np.ones(len(lost)), family=binomial, offset=odds).fit(**groups)
    result = found(told, lost, account)
    assert result.slope is not None
    # statsmodels adds a factor (n - 1) / (n - k), which 1,000 rows hide in the fourth digit.
    for ours, value, bounds in (
        (result.slope, slope.params[1], slope.conf_int()[1]),
        (result.intercept, start.params[0], start.conf_int()[0]),
    ):
        assert ours.value == pytest.approx(value, abs=1e-6)
        assert (ours.low, ours.high) == pytest.approx(tuple(bounds), abs=2e-3)


def test_errors_of_probabilities_are_those_of_scikit_learn() -> None:
    told, lost, account = book()
    result = found(told, lost, account)
    base = np.full(len(lost), lost.mean())
    assert result.brier == pytest.approx(brier_score_loss(lost, told))
    assert result.brier_skill == pytest.approx(1 - result.brier / brier_score_loss(lost, base))
    assert result.log_loss == pytest.approx(log_loss(lost, told))
    assert result.log_loss_skill == pytest.approx(1 - result.log_loss / log_loss(lost, base))


def test_true_probabilities_are_found_right_in_most_worlds() -> None:
    worlds = [found(*book(seed)) for seed in range(60)]
    for name, right in (("observed_over_expected", 1.0), ("intercept", 0.0), ("slope", 1.0)):
        held = sum(getattr(world, name).covers(right) for world in worlds)
        assert held >= 52, name  # 95 % of 60 is 57; 52 lies two and a half deviations below


def test_probabilities_twice_too_extreme_have_a_slope_of_a_half() -> None:
    result = found(*book(accounts=4000, twist=2.0))
    assert result.slope is not None
    assert result.slope.value == pytest.approx(0.5, abs=0.05)


def test_probabilities_a_fifth_too_low_are_named_by_observed_over_expected() -> None:
    told, lost, account = book(accounts=4000)
    result = found(told / 1.2, lost, account)
    assert result.observed_over_expected.value == pytest.approx(lost.sum() / told.sum() * 1.2)
    assert result.observed_over_expected.low > 1


def test_telling_everybody_the_base_rate_has_no_skill_and_no_slope() -> None:
    _, lost, account = book()
    result = found(np.full(len(lost), lost.mean()), lost, account)
    assert result.slope is None
    assert result.brier_skill == pytest.approx(0)
    assert result.observed_over_expected.value == pytest.approx(1)
    assert len(result.curve) == 1


def test_an_order_without_a_mistake_has_no_finite_slope() -> None:
    lost = np.arange(40) < 20
    rising = np.linspace(0.9, 0.1, 40)
    right, wrong = found(rising, lost).slope, found(1 - rising, lost).slope
    assert right is not None
    assert wrong is not None
    assert (right.value, wrong.value) == (np.inf, -np.inf)


def test_certain_probabilities_that_fail_are_very_wrong_but_not_infinitely() -> None:
    lost = np.arange(40) % 2 == 0
    result = found(np.where(np.arange(40) < 39, lost, ~lost).astype(np.float64), lost)
    assert np.isfinite(result.log_loss)


def test_nine_losses_are_one_too_few() -> None:
    lost = np.arange(40) < 9
    refusal = calibration.calibration(np.full(40, 0.2), lost)
    assert isinstance(refusal, NotEnough)
    assert refusal.missing == {"lost": 1}


@given(st.integers(1, 300), st.integers(0, 2**32), st.integers(1, 30))
def test_groups_of_the_curve_are_large_enough_and_hold_every_row_once(count: int, seed: int, kinds: int) -> None:
    rng = np.random.default_rng(seed)
    told, lost = rng.integers(0, kinds, count) / kinds, rng.random(count) < 0.3
    bins = calibration.curve(told, lost, np.arange(count))
    assert sum(one.rows for one in bins) == count
    assert sum(one.lost for one in bins) == lost.sum()
    assert len(bins) <= 10
    assert len(bins) == 1 or min(one.rows for one in bins) >= 20
    assert all(one.predicted < other.predicted for one, other in pairwise(bins))


def test_a_score_becomes_the_probability_that_logistic_regression_gives() -> None:
    told, lost, _ = book()
    score = 100 * (1 - told)
    count = int(lost.sum())
    # Platt's targets written as weights: each row counts for both outcomes.
    target = np.where(lost, (count + 1) / (count + 2), 1 / (len(lost) - count + 2))
    model = sm.GLM(target, sm.add_constant(score), family=sm.families.Binomial()).fit()
    fit = calibration.platt(score, lost)
    assert (fit.intercept, fit.slope) == pytest.approx(tuple(model.params), rel=1e-5)
    assert np.allclose(fit(score), model.fittedvalues)
    assert np.isnan(fit(np.array([np.nan]))).all()


def test_a_score_that_parts_all_losses_or_none_still_becomes_a_probability() -> None:
    lost = np.arange(40) < 20
    parted = calibration.platt(np.where(lost, 10.0, 90.0), lost)
    assert parted(np.array([10.0, 90.0])) == pytest.approx([21 / 22, 1 / 22])
    alike = calibration.platt(np.full(40, 50.0), lost)
    assert alike(np.array([50.0])) == pytest.approx([0.5])
