"""Levels are found where they were planted, never rise with the score, and noise is found as seldom as promised."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from banso.science import cutoffs
from banso.science.basis import Days, Flags, Floats, NotEnough
from banso.science.cutoffs import Cutoffs, Finding

STEPS = (25.0, 50.0, 75.0)


def days(count: int, seed: int) -> Days:
    later = np.random.default_rng(seed + 10_000).integers(0, 730, count).astype("timedelta64[D]")
    return np.datetime64("2024-01-01", "D") + later


def book(seed: int, count: int = 800) -> tuple[Floats, Flags]:
    """Return scores and losses whose rate falls at 25, 50 and 75."""
    rng = np.random.default_rng(seed)
    score = np.round(rng.uniform(0, 100, count), 1)
    return score, rng.random(count) < np.array([0.7, 0.4, 0.15, 0.04])[np.searchsorted(STEPS, score, "right")]


def found(score: Floats, lost: Flags, **settings: int) -> Cutoffs:
    result = cutoffs.cutoffs(score, lost, np.arange(len(lost)), days(len(lost), 0), seed=1, **settings)
    assert isinstance(result, Cutoffs)
    return result


def test_levels_begin_where_they_were_planted_within_their_intervals() -> None:
    score, lost = book(1)
    levels = found(score, lost).levels
    assert [level.begins is None for level in levels] == [True, False, False, False]
    for level, step in zip(levels[1:], STEPS, strict=True):
        assert level.begins is not None
        assert level.begins.low - 2 <= step <= level.begins.high + 2
        assert level.begins.value == pytest.approx(step, abs=12)
    assert sum(level.rows for level in levels) == len(score)
    assert sum(level.lost for level in levels) == lost.sum()


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 4), st.integers(3, 8))
def test_rates_never_rise_with_the_level_and_each_has_losses_enough(seed: int, count: int, least: int) -> None:
    levels = found(*book(seed, 300), levels=count, least=least).levels
    assert len(levels) <= count
    assert all(one.rate.value > other.rate.value for one, other in pairwise(levels))
    assert len(levels) == 1 or min(level.lost for level in levels) >= least


def test_the_cuts_are_the_best_of_all_that_are_allowed() -> None:
    gone, rows = np.array([9.0, 8.0, 5.0, 5.0, 2.0, 1.0]), np.full(6, 10.0)

    def likelihood(cuts: tuple[int, ...]) -> float:
        total = 0.0
        for first, last in pairwise((0, *cuts, 6)):
            left, count = gone[first:last].sum(), rows[first:last].sum()
            total += float(stats.binom.logpmf(left, count, left / count) - stats.binom.logpmf(left, count, 0.5))
        return total

    allowed = [cuts for cuts in combinations((1, 2, 4, 5), 2) if gone[cuts[1] :].sum() >= 3]
    assert cutoffs._cuts(rows, gone, gone, 3, 3) == max(allowed, key=likelihood)


def test_a_score_upside_down_has_one_level() -> None:
    score, lost = book(2)
    assert [level.begins for level in found(100 - score, lost).levels] == [None]


def test_rows_that_repeat_accounts_make_no_cut_surer() -> None:
    score, lost = book(3, 300)
    account = np.repeat(np.arange(300), 5)
    repeated = cutoffs.cutoffs(np.repeat(score, 5), np.repeat(lost, 5), account, np.repeat(days(300, 0), 5), seed=1)
    assert isinstance(repeated, Cutoffs)
    plain = found(score, lost)
    assert [level.lost for level in repeated.levels] == [level.lost for level in plain.levels]
    for one, other in zip(repeated.levels, plain.levels, strict=True):
        assert one.rate.low == pytest.approx(other.rate.low, abs=1e-6)


def test_four_levels_need_twenty_losses() -> None:
    refusal = cutoffs.cutoffs(np.arange(100.0), np.arange(100) < 19, np.arange(100), days(100, 1), seed=1)
    assert isinstance(refusal, NotEnough)
    assert refusal.missing == {"lost": 1}


def said(value: Floats, lost: Flags, seed: int = 1, **settings: str) -> Finding:
    result = cutoffs.level_finding(value, lost, np.arange(len(lost)), days(len(lost), seed), seed=seed, **settings)  # type: ignore[arg-type]
    assert isinstance(result, Finding)
    return result


def levels_of_use(seed: int, count: int = 300) -> tuple[Floats, Flags]:
    """Return utilisation levels 1–4 where those under 3 leave, as ferret One tells it."""
    rng = np.random.default_rng(seed)
    value = rng.integers(1, 5, count).astype(np.float64)
    return value, rng.random(count) < np.where(value < 3, 0.4, 0.06)


def test_under_3_cancels_is_a_finding_with_intervals_on_both_sides() -> None:
    value, lost = levels_of_use(1)
    finding = said(value, lost)
    assert (finding.cut.value, finding.cut.low, finding.cut.high) == (3, 3, 3)
    assert finding.p == pytest.approx(1 / 1000)
    assert finding.is_found
    assert finding.best.below.covers(0.4)
    assert finding.best.above.covers(0.06)
    assert finding.best.lost_below == lost[value < 3].sum()
    assert [one.cut for one in finding.cuts] == [2, 3, 4]


def test_what_is_better_low_is_found_from_the_other_side() -> None:
    value, lost = levels_of_use(1)
    finding = said(5 - value, lost, better="low")
    assert finding.cut.value == 3
    assert finding.is_found
    assert not said(5 - value, lost).is_found


def test_a_cut_that_turned_in_the_later_half_is_no_finding() -> None:
    value, lost = levels_of_use(2, 600)
    on = days(600, 2)
    late = on >= np.sort(on)[300]
    turned = np.where(late, np.random.default_rng(3).random(600) < np.where(value < 3, 0.05, 0.12), lost)
    finding = cutoffs.level_finding(value, turned, np.arange(600), on, seed=1)
    assert isinstance(finding, Finding)
    assert finding.p < 0.05
    assert not finding.is_found


def test_pure_noise_is_found_in_about_one_of_twenty_runs() -> None:
    count = 0
    for world in range(100):
        rng = np.random.default_rng(world)
        count += said(rng.integers(1, 11, 200).astype(np.float64), rng.random(200) < 0.2, seed=world).is_found
    assert count <= 11  # of 100 at 5 %, more than 11 come in less than one of two hundred tries


def test_noise_that_repeats_accounts_is_found_no_more_often() -> None:
    count = 0
    for world in range(40):
        rng = np.random.default_rng(world)
        account = np.repeat(np.arange(120), rng.integers(1, 5, 120))
        value, lost = rng.normal(size=120)[account], (rng.random(120) < 0.3)[account]
        finding = cutoffs.level_finding(value, lost, account, days(len(account), world), seed=world)
        count += isinstance(finding, Finding) and finding.is_found
    assert count <= 6


def test_values_that_are_not_known_are_left_out() -> None:
    value, lost = levels_of_use(1)
    blind = np.append(value, np.full(50, np.nan))
    assert said(blind, np.append(lost, np.ones(50, dtype=np.bool_))).basis.events == lost.sum()


def test_a_measure_with_one_value_has_no_cut() -> None:
    _, lost = levels_of_use(1)
    refusal = cutoffs.level_finding(np.full(300, 2.0), lost, np.arange(300), days(300, 1), seed=1)
    assert isinstance(refusal, NotEnough)
    assert refusal.missing == {"values": 1}


def test_fourteen_losses_make_no_finding() -> None:
    refusal = cutoffs.level_finding(np.arange(100.0), np.arange(100) < 14, np.arange(100), days(100, 1), seed=1)
    assert isinstance(refusal, NotEnough)
    assert refusal.missing == {"lost": 1}
