"""Scorecards are monotone and bounded, and their parts sum to the whole."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from banso.science import scorecard
from banso.science.scorecard import Curve, Missing, Scores

MEASURES = 4
RISING = Curve((0.0, 10.0, 20.0), (0.0, 80.0, 100.0))
FALLING = Curve((0.0, 30.0), (100.0, 0.0))

some_points = st.one_of(st.just(math.nan), st.floats(0, 100))
rows_of_points = npst.arrays(np.float64, (6, MEASURES), elements=some_points)
some_weights = npst.arrays(np.float64, (6, MEASURES), elements=st.one_of(st.just(0.0), st.floats(0.01, 10))).filter(
    lambda weights: bool(np.all(weights.sum(axis=1) > 0))
)


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    count = draw(st.integers(2, 6))
    steps = draw(st.lists(st.floats(0.01, 50), min_size=count, max_size=count))
    heights = sorted(draw(st.lists(st.floats(0, 100), min_size=count, max_size=count)))
    if draw(st.booleans()):
        heights.reverse()
    return Curve(tuple(np.cumsum(steps).tolist()), tuple(heights))


@given(curves(), st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_a_curve_is_monotone_and_stays_between_0_and_100(curve: Curve, values: list[float]) -> None:
    points = curve(np.sort(np.asarray(values)))
    assert np.all((points >= 0) & (points <= 100))
    steps = np.diff(points)
    assert np.all(steps >= -1e-9) or np.all(steps <= 1e-9)


def test_a_curve_is_straight_between_its_points_and_flat_outside() -> None:
    values = np.array([-5.0, 0.0, 5.0, 15.0, 99.0])
    assert RISING(values).tolist() == [0, 0, 40, 90, 100]


def test_a_value_that_is_not_known_has_no_points() -> None:
    assert np.isnan(RISING(np.array([np.nan]))).all()


@pytest.mark.parametrize(
    ("values", "points", "words"),
    [
        ((0.0,), (0.0,), "two or more"),
        ((0.0, 1.0), (0.0,), "two or more"),
        ((0.0, 0.0), (0.0, 1.0), "rise strictly"),
        ((0.0, math.inf), (0.0, 1.0), "finite"),
        ((0.0, 1.0, 2.0), (0.0, 50.0, 20.0), "only rise or only fall"),
        ((0.0, 1.0), (0.0, 101.0), "between 0 and 100"),
    ],
)
def test_a_crooked_curve_is_refused(values: tuple[float, ...], points: tuple[float, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Curve(values, points)


def test_missing_measures_are_left_out_and_the_others_scaled_up() -> None:
    scored = scorecard.score(np.array([[80.0, np.nan, 50.0]]), np.array([2.0, 1.0, 1.0]))
    assert scored.score[0] == pytest.approx(70.0)
    assert scored.coverage[0] == pytest.approx(0.75)
    assert scored.shares[0].tolist() == pytest.approx([2 / 3, 0, 1 / 3])


def test_a_score_is_not_known_below_half_of_the_weight_and_known_at_half() -> None:
    rows = np.array([[90.0, np.nan], [np.nan, 90.0]])
    assert np.isnan(scorecard.score(rows, np.array([0.49, 0.51])).score).tolist() == [True, False]
    assert scorecard.score(rows, np.array([0.5, 0.5])).score.tolist() == [90, 90]


def test_a_scorecard_that_withholds_wants_every_measure() -> None:
    rows = np.array([[90.0, np.nan], [80.0, 80.0]])
    scored = scorecard.score(rows, np.array([0.9, 0.1]), Missing.WITHHOLD)
    assert np.isnan(scored.score).tolist() == [True, False]


@given(rows_of_points, some_weights)
def test_contributions_sum_to_the_score_within_bounds(points: scorecard.Floats, weights: scorecard.Floats) -> None:
    scored = scorecard.score(points, weights)
    known = ~np.isnan(scored.score)
    assert np.all((scored.score[known] >= 0) & (scored.score[known] <= 100))
    assert np.allclose(scored.contributions.sum(axis=1)[known], scored.score[known], atol=1e-9)
    assert np.all((scored.coverage >= 0) & (scored.coverage <= 1))
    assert np.all(np.isclose(scored.shares.sum(axis=1), 1) | (scored.coverage == 0))


@given(rows_of_points, some_weights, st.integers(0, MEASURES - 1), st.floats(0, 100))
def test_more_points_never_lower_the_score(
    points: scorecard.Floats, weights: scorecard.Floats, measure: int, more: float
) -> None:
    raised = points.copy()
    raised[:, measure] = np.minimum(raised[:, measure] + more, 100)
    before, after = scorecard.score(points, weights).score, scorecard.score(raised, weights).score
    known = ~np.isnan(before)
    assert np.all(after[known] >= before[known] - 1e-9)


@given(rows_of_points, some_weights, st.floats(0.01, 100))
def test_only_the_proportion_of_weights_counts(
    points: scorecard.Floats, weights: scorecard.Floats, factor: float
) -> None:
    one, other = scorecard.score(points, weights), scorecard.score(points, weights * factor)
    assert np.allclose(one.shares, other.shares, atol=1e-9)


@given(rows_of_points, rows_of_points, some_weights, some_weights)
def test_a_change_is_the_sum_of_its_parts(
    before: scorecard.Floats, after: scorecard.Floats, old: scorecard.Floats, new: scorecard.Floats
) -> None:
    one, two = scorecard.score(before, old), scorecard.score(after, new)
    change = scorecard.attribute(one, two, old, new)
    parts = change.moved.sum(axis=1) + change.presence.sum(axis=1) + change.weights
    known = ~np.isnan(change.total)
    assert np.allclose(parts[known], (two.score - one.score)[known], atol=1e-9, rtol=0)
    assert np.isnan(parts[~known]).all()


@given(rows_of_points, some_weights)
def test_nothing_changed_has_no_parts(points: scorecard.Floats, weights: scorecard.Floats) -> None:
    scored = scorecard.score(points, weights)
    change = scorecard.attribute(scored, scored, weights, weights)
    for part in (change.total, change.moved, change.presence, change.weights):
        assert np.nanmax(np.abs(part), initial=0) < 1e-9


def _change(before: list[float], after: list[float], old: list[float], new: list[float]) -> scorecard.Change:
    one, two = _scored(before, old), _scored(after, new)
    return scorecard.attribute(one, two, np.array([old]), np.array([new]))


def _scored(points: list[float], weights: list[float]) -> Scores:
    return scorecard.score(np.array([points]), np.array([weights]))


def test_a_measure_that_moved_is_credited_alone() -> None:
    change = _change([80, 40], [60, 40], [1, 1], [1, 1])
    assert change.moved[0].tolist() == pytest.approx([-10, 0])
    assert change.presence[0].tolist() == [0, 0]
    assert change.weights[0] == pytest.approx(0)


def test_a_measure_that_became_known_is_credited_its_distance_from_the_rest() -> None:
    change = _change([80, math.nan], [80, 20], [1, 1], [1, 1])
    assert change.presence[0].tolist() == pytest.approx([0, -30])


def test_a_change_of_weights_alone_is_called_that() -> None:
    change = _change([80, 40], [80, 40], [1, 1], [3, 1])
    assert change.weights[0] == pytest.approx(10)
    assert change.moved[0].tolist() == pytest.approx([0, 0])


def test_when_nothing_that_weighs_stayed_all_is_presence() -> None:
    change = _change([80, math.nan], [math.nan, 20], [1, 0], [0, 1])
    assert change.presence[0].sum() == pytest.approx(-60)
    assert change.weights[0] == 0


@given(st.data())
def test_tenths_sum_to_their_total_and_stay_near_their_part(data: st.DataObject) -> None:
    parts = data.draw(npst.arrays(np.float64, (5, MEASURES), elements=st.floats(-50, 50)))
    totals = scorecard.tenths(np.abs(parts.sum(axis=1))) * np.sign(parts.sum(axis=1)).astype(np.int64)
    shown = scorecard.to_tenths(parts, totals)
    assert np.array_equal(shown.sum(axis=1), totals)
    assert np.all(np.abs(shown - parts * 10) <= 2)


@given(npst.arrays(np.int64, (5, MEASURES), elements=st.integers(-500, 500)))
def test_rounding_what_is_round_changes_nothing(parts: scorecard.Whole) -> None:
    assert np.array_equal(scorecard.to_tenths(parts / 10, parts.sum(axis=1)), parts)


def test_a_part_that_is_zero_stays_zero() -> None:
    shown = scorecard.to_tenths(np.array([[0.0, 0.04, 0.04]]), np.array([1]))
    assert shown.tolist() == [[0, 1, 0]]


def test_scores_are_shown_in_tenths_half_up_and_unknown_as_minus_one() -> None:
    assert scorecard.tenths(np.array([70.25, 70.249, 0.0, 100.0, np.nan])).tolist() == [703, 702, 0, 1000, -1]


def test_groups_show_the_weighted_mean_of_what_is_known() -> None:
    scored = scorecard.score(np.array([[80.0, 20.0, np.nan]]), np.array([3.0, 1.0, 4.0]))
    groups = scorecard.group_points(scored, (0, 0, 1), 2)
    assert groups[0, 0] == pytest.approx(65)
    assert np.isnan(groups[0, 1])


@given(curves(), curves(), npst.arrays(np.float64, (50, 2), elements=st.one_of(st.just(math.nan), st.floats(-9, 300))))
def test_many_rows_score_as_one_by_one(first: Curve, second: Curve, values: scorecard.Floats) -> None:
    weights = np.array([1.0, 2.0])
    many, coverage = scorecard.score_many(values, (first, second), weights)
    one = scorecard.score(scorecard.points(values, (first, second)), weights)
    assert np.array_equal(many, one.score, equal_nan=True)
    assert np.array_equal(coverage, one.coverage)


def test_a_million_account_weeks_are_scored_in_blocks() -> None:
    rows = np.tile(np.array([[10.0, 15.0]]), (scorecard.BLOCK + 1, 1))
    scores, _ = scorecard.score_many(rows, (RISING, FALLING), np.array([1.0, 1.0]))
    assert np.all(scores == 65)


@pytest.mark.parametrize(
    "weights", [np.array([1.0]), np.array([0.0, 0.0]), np.array([-1.0, 2.0]), np.array([np.nan, 1.0])]
)
def test_weights_that_weigh_nothing_are_refused(weights: scorecard.Floats) -> None:
    with pytest.raises(ValueError, match="eights"):
        scorecard.score(np.array([[1.0, 2.0]]), weights)


def test_values_without_a_curve_are_refused() -> None:
    with pytest.raises(ValueError, match="curves"):
        scorecard.points(np.zeros((1, 3)), (RISING,))
