"""Curves of staying have the figures of the textbook and of lifelines, also for who was not watched from the start."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time
from scipy import stats
from statsmodels.duration.survfunc import survdiff

from banso.science import survival
from banso.science.basis import Flags, Floats

# Remission in weeks under 6-MP and under placebo (Freireich et al. 1963, Gehan 1965); a plus is "still in remission".
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def read(words: str) -> tuple[Floats, Flags]:
    return np.array([float(word.strip("+")) for word in words.split()]), np.array(["+" not in w for w in words.split()])


@st.composite
def watched(draw: st.DrawFn) -> tuple[Floats, Flags, Floats]:
    count = draw(st.integers(2, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    entered = rng.integers(0, 5, count).astype(np.float64)
    entered[0] = 0
    time = entered + rng.integers(1, 12, count)
    time[0] = 20
    left = rng.random(count) < 0.6
    left[1] = True
    return time, left, entered


def test_remission_has_the_figures_that_r_gives() -> None:
    treated, placebo = survival.curve(*read(TREATED)), survival.curve(*read(PLACEBO))
    shares = {6: 0.857143, 7: 0.806723, 10: 0.752941, 13: 0.690196, 16: 0.627451, 22: 0.537815, 23: 0.448179}
    for week, share in shares.items():
        assert treated.at(week).value == pytest.approx(share, abs=5e-7)
    errors = dict(zip(treated.time.tolist(), treated.error.tolist(), strict=True))
    for week, error in {6: 0.0763604, 10: 0.0963497, 23: 0.1345915}.items():
        assert errors[week] == pytest.approx(error, abs=5e-8)
    assert (treated.median().value, placebo.median().value) == (23, 8)
    assert treated.mean_until(20).value == pytest.approx(16.12, abs=0.005)
    assert placebo.mean_until(20).value == pytest.approx(8.43, abs=0.005)
    assert survival.difference(read(TREATED), read(PLACEBO)).chi_square == pytest.approx(16.792941, abs=5e-7)


@settings(max_examples=20, deadline=None)
@given(watched())
def test_a_curve_is_that_of_lifelines_also_where_accounts_were_not_watched_from_the_start(
    book: tuple[Floats, Flags, Floats],
) -> None:
    time, left, entered = book
    found = survival.curve(time, left, entered)
    model = KaplanMeierFitter().fit(time, left, entry=entered)
    expected = model.survival_function_at_times(found.time).to_numpy()
    assert found.share == pytest.approx(expected, abs=1e-9)


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")
@settings(max_examples=20, deadline=None)
@given(watched())
def test_a_curve_without_late_entries_is_that_of_scipy_with_its_interval(book: tuple[Floats, Flags, Floats]) -> None:
    time, left, _ = book
    found = survival.curve(time, left)
    expected = stats.ecdf(stats.CensoredData(uncensored=time[left], right=time[~left])).sf
    assert found.share == pytest.approx(expected.evaluate(found.time))
    some = (found.share > 0) & (found.share < 1)
    bounds = expected.confidence_interval(0.95, method="log-log")
    assert found.low[some] == pytest.approx(bounds.low.evaluate(found.time[some]))
    assert found.high[some] == pytest.approx(bounds.high.evaluate(found.time[some]))
    assert np.all(np.diff(found.share) <= 0)


@settings(max_examples=20, deadline=None)
@given(watched(), st.floats(0.5, 20))
def test_the_mean_within_a_limit_is_that_of_lifelines(book: tuple[Floats, Flags, Floats], limit: float) -> None:
    time, left, _ = book
    found = survival.curve(time, left).mean_until(limit)
    model = KaplanMeierFitter().fit(time, left)
    assert found.value == pytest.approx(restricted_mean_survival_time(model, t=limit), abs=1e-6)
    assert 0 <= found.low <= found.value <= found.high <= limit


def test_the_mean_s_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    truth = 10 * (1 - np.exp(-1.0))  # exponential stays of mean 10, up to 10
    held = 0
    for _ in range(200):
        stay, end = rng.exponential(10, 80), rng.uniform(11, 30, 80)
        held += survival.curve(np.minimum(stay, end), stay <= end).mean_until(10).covers(truth)
    assert 180 <= held <= 198  # 95 % of 200 is 190


def test_groups_are_compared_as_statsmodels_does() -> None:
    both = [np.concatenate(pair) for pair in zip(read(TREATED), read(PLACEBO), strict=True)]
    chi_square, p = survdiff(*both, np.repeat([0, 1], 21))
    found = survival.difference(read(TREATED), read(PLACEBO))
    assert found.chi_square == pytest.approx(chi_square)
    assert found.p == pytest.approx(p)


def test_a_median_that_is_not_reached_is_infinite_and_an_exact_half_lies_in_the_middle() -> None:
    few = survival.curve(np.array([1.0, 5, 5, 5]), np.array([True, False, False, False]))
    assert few.median().value == np.inf
    half = survival.curve(np.array([1.0, 2, 4, 8]), np.ones(4, dtype=np.bool_))
    assert half.median().value == 3
    stays = survival.curve(np.array([1.0, 2, 9, 9]), np.array([True, True, False, False]))
    assert stays.median().value == 2


def test_before_the_first_loss_all_are_here_and_beyond_the_last_day_nothing_is_known() -> None:
    found = survival.curve(np.array([3.0, 5.0]), np.array([True, False]))
    assert found.at(2).value == 1
    assert found.at(4).value == 0.5
    assert np.isnan(found.at(6).value)
    with pytest.raises(ValueError, match="so long"):
        found.mean_until(6)


def test_nobody_is_watched_for_no_time() -> None:
    with pytest.raises(ValueError, match="some time"):
        survival.curve(np.array([1.0]), np.array([True]), np.array([1.0]))
