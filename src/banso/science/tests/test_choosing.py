"""As many measures as losses carry, folds that keep accounts and time apart, and noise that is seldom found."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import norm

from banso.science import choosing

WHOLE = np.int64


@pytest.mark.parametrize(("auc", "fewest", "most"), [(0.72, 17, 21), (0.80, 7.5, 10)])
def test_a_parameter_costs_as_many_losses_as_riley_says(auc: float, fewest: float, most: float) -> None:
    losses = 2000
    assert fewest < losses / choosing.parameters_allowed(10_000, losses, auc=auc) < most


def test_few_losses_carry_one_measure_and_never_none() -> None:
    assert choosing.parameters_allowed(60, 15) == 1
    assert choosing.parameters_allowed(285, 57) == 3


def test_r_squared_is_that_of_a_model_with_that_auc() -> None:
    rng = np.random.default_rng(3)
    rate, auc, many = 0.2, 0.72, 400_000
    lost = rng.random(many) < rate
    x = rng.normal(size=many) + np.sqrt(2) * norm.ppf(auc) * lost
    fitted = sm.Logit(lost.astype(float), sm.add_constant(x)).fit(disp=0)
    simulated = 1 - np.exp(-2 * (fitted.llf - fitted.llnull) / many)
    assert choosing.explained(rate, auc) == pytest.approx(simulated, abs=0.002)


def test_no_account_is_learnt_from_and_judged_and_time_goes_forward() -> None:
    rng = np.random.default_rng(1)
    account = np.repeat(np.arange(400), 3)
    due = np.datetime64("2020-01-01") + rng.integers(0, 1500, 1200).astype("timedelta64[D]")
    on = due - np.timedelta64(35, "D")
    splits = list(choosing.folds(account, on, due, rng.random(1200) < 0.3, 4))
    assert len(splits) == 2 * choosing.FOLDS
    for learn, judge in splits:
        assert not set(account[learn]) & set(account[judge])
        assert due[learn].max() <= on[judge].min()
    everything = np.concatenate([judge for _, judge in splits])
    assert len(everything) == len(set(everything))


def test_a_history_without_time_is_split_by_account_alone() -> None:
    account = np.arange(200)
    due = np.full(200, np.datetime64("2020-01-01"))
    splits = list(choosing.folds(account, due, due, account % 4 == 0, 4))
    assert len(splits) == choosing.FOLDS
    assert sorted(np.concatenate([judge for _, judge in splits])) == list(range(200))


def test_pure_noise_is_found_about_five_times_in_a_hundred() -> None:
    rng = np.random.default_rng(8)
    found = []
    for _ in range(500):
        account = np.repeat(np.arange(140), 2)
        use = np.repeat(rng.normal(size=140), 2) + 0.3 * rng.normal(size=280)
        lost = np.repeat(rng.random(140), 2) < 1 / (1 + np.exp(1.4 + use))
        # Noise lasts, too: the rows of an account are alike, which a plain test takes for evidence.
        noise = np.repeat(rng.normal(size=140), 2) + 0.3 * rng.normal(size=280)
        found.append(choosing.chance_of_nothing(noise, use[:, None], lost, account) < 0.05)
    assert 0.03 <= np.mean(found) <= 0.07


def test_a_measure_that_tells_is_found_and_one_that_says_nothing_more_is_not() -> None:
    rng = np.random.default_rng(9)
    use = rng.normal(size=600)
    lost = rng.random(600) < 1 / (1 + np.exp(1.4 + use))
    account = np.arange(600)
    assert choosing.chance_of_nothing(use, np.zeros((600, 0)), lost, account) < 1e-6
    assert choosing.chance_of_nothing(np.ones(600), use[:, None], lost, account) == 1.0


def test_without_clusters_the_test_is_the_robust_score_test_of_a_library() -> None:
    rng = np.random.default_rng(10)
    many = 5000
    x, z = rng.normal(size=(2, many))
    lost = rng.random(many) < 1 / (1 + np.exp(1.0 + x - 0.06 * z))
    library = sm.Logit(lost.astype(float), sm.add_constant(np.column_stack([x, z]))).fit(disp=0, cov_type="HC0")
    ours = choosing.chance_of_nothing(z, x[:, None], lost, np.arange(many))
    assert ours == pytest.approx(library.pvalues[2], rel=0.05)
