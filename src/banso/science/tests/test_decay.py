"""Silence is followed by less use where it does cause it, and is not blamed where it does not."""

from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from banso.science import decay
from banso.science.basis import NotEnough
from banso.science.decay import Decays, decays

WINDOW = (date(2024, 1, 1), date(2025, 12, 31))


def a_history(
    accounts: int = 300, *, weekly_loss: float = 0.03, after: int = 13, seed: int = 1, chooses: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return use and touches; after so many weeks of silence use falls a little each week until somebody calls.

    With `chooses`, those whose use falls anyway are left alone.
    """
    rng = np.random.default_rng(seed)
    weeks = 104
    touched = rng.random((accounts, weeks)) < rng.choice([0.02, 0.15], accounts)[:, None]
    trend = np.zeros(accounts)
    if chooses:
        trend = np.where(rng.random(accounts) < 0.5, -0.02, 0.0)
        touched &= (trend == 0)[:, None] | (rng.random((accounts, weeks)) < 0.1)
    level, silent = np.full(accounts, np.log(60.0)), np.zeros(accounts)
    use = np.empty((accounts, weeks))
    for week in range(weeks):
        silent = np.where(touched[:, week], 0, silent + 1)
        level += trend - weekly_loss * (silent > after) + rng.normal(0, 0.02, accounts)
        use[:, week] = rng.poisson(np.exp(level) * (0.5 if week % 52 == 51 else 1.0))
    return use, touched


def found(use: np.ndarray, touched: np.ndarray, **said: object) -> Decays:
    judged = decays(use, touched, window=WINDOW, **said)  # type: ignore[arg-type]
    assert isinstance(judged, Decays)
    return judged


def test_a_planted_decay_is_found_in_its_size() -> None:
    rules = found(*a_history(weekly_loss=0.03), silences=[13]).rules

    (rule,) = rules
    assert rule.is_seen
    # From the middle of the span before to that of the span after use falls by 3 % a week for up to 8 weeks.
    assert -0.25 < rule.change.value < -0.10
    assert rule.change.low < rule.change.value < rule.change.high < 0
    assert rule.p_adjusted == rule.p
    assert "uncontrolled" in rule.cautions


def test_where_silence_does_nothing_nothing_is_seen() -> None:
    seen = [any(rule.is_seen for rule in found(*a_history(weekly_loss=0.0, seed=seed)).rules) for seed in range(20)]

    # One in twenty is what asking at 5 % costs, however many lengths are asked about.
    assert sum(seen) <= 3


def test_the_interval_covers_nothing_where_there_is_nothing() -> None:
    rules = [found(*a_history(weekly_loss=0.0, seed=seed), silences=[8]).rules[0] for seed in range(40)]

    covers = np.mean([rule.change.low < 0 < rule.change.high for rule in rules])
    assert 0.65 <= covers <= 0.95


def test_those_who_are_left_alone_because_they_fall_are_told_apart() -> None:
    (rule,) = found(*a_history(weekly_loss=0.0, chooses=True), silences=[13]).rules

    assert rule.change.value < 0
    assert rule.cautions == ("uncontrolled", "differed before")
    assert rule.before.high < 0


def test_what_was_before_the_data_is_not_taken_for_silence() -> None:
    use = np.full((3, 6), 5.0)
    use[1, :2] = np.nan
    touched = np.zeros((3, 6), bool)
    touched[0, 3] = True

    silence = decay._silence(use, touched)

    np.testing.assert_array_equal(silence[0], [np.nan, np.nan, np.nan, 0, 1, 2])
    np.testing.assert_array_equal(silence[1], [np.nan, np.nan, 0, 1, 2, 3])
    assert np.isnan(silence[2]).all()


def test_the_slope_and_its_error_are_those_of_statsmodels() -> None:
    use, touched = a_history(60)
    silence = decay._silence(use, touched)
    after, before = decay._changes(use)
    known = np.isfinite(silence) & np.isfinite(after) & np.isfinite(before)

    slope, error = decay._slope(silence >= 8, after, known)

    account, week = np.nonzero(known)
    weeks = (week[:, None] == np.unique(week)).astype(float)
    design = np.column_stack([(silence >= 8)[known].astype(float), weeks])
    oracle = sm.OLS(after[known], design).fit(cov_type="cluster", cov_kwds={"groups": account, "use_correction": False})
    groups = len(np.unique(account))
    assert slope == pytest.approx(oracle.params[0], abs=1e-9)
    assert error == pytest.approx(oracle.bse[0] * np.sqrt(groups / (groups - 1)), rel=1e-6)


def test_the_change_is_that_of_eight_weeks_against_eight() -> None:
    use = np.concatenate([np.full(8, 10.0), np.full(8, 5.0)])[None, :]

    after, before = decay._changes(use)

    assert after[0, 7] == pytest.approx(np.log(5.5 / 10.5))
    assert before[0, 15] == after[0, 7]
    assert np.isnan(after[0, 8:]).all()
    assert np.isnan(before[0, :15]).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=10))
def test_p_values_are_holms(p: list[float]) -> None:
    np.testing.assert_allclose(decay._holm(np.array(p)), multipletests(p, method="holm")[1])


def test_too_few_silent_accounts_are_said() -> None:
    use, touched = a_history(10)

    judged = decays(use, touched, window=WINDOW)

    assert isinstance(judged, NotEnough)
    assert judged.needed == {"silent_accounts": 20}
    assert 0 < judged.have["silent_accounts"] <= 10
