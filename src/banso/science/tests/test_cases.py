"""Measures become columns without losing their order, and what nobody knows stays unknown."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.science.cases import Cases, Landmarks, Measure, scale_of

type Shape = Literal["plain", "count", "share"]


@given(st.sampled_from(["plain", "count", "share"]), st.floats(-100, 1e6), st.floats(-100, 1e6))
def test_a_shape_keeps_the_order_of_values(shape: Shape, one: float, other: float) -> None:
    low, high = Measure("use", "high", shape).shaped(np.sort([one, other]))
    assert low <= high


@pytest.mark.parametrize("shape", ["plain", "count", "share"])
def test_a_shape_keeps_what_is_not_known(shape: Shape) -> None:
    assert np.isnan(Measure("use", "high", shape).shaped(np.array([np.nan]))[0])


def test_a_measure_says_which_way_its_risk_goes() -> None:
    assert [Measure("a", better).sign for better in ("high", "low", "either")] == [-1, 1, 0]


def test_columns_are_standardised_by_what_is_known_and_the_constant_says_nothing() -> None:
    values = np.array([[1.0, 5.0, np.nan], [3.0, 5.0, np.nan], [np.nan, 5.0, np.nan]])
    cases = Cases(values, np.array([0, 2, 1]), np.array([np.nan, 1.0, 3.0]), np.array([7.0, 7.0, 7.0]))
    scale = scale_of(cases, (Measure("a", "high"), Measure("b"), Measure("c")))
    assert scale.signs.tolist() == [-1, 0, 0, 0, 0, 0, 0]
    assert scale.is_context.tolist() == [False] * 3 + [True] * 4
    design = scale.design(cases)
    assert design[:2, 0].tolist() == [-1, 1]
    assert np.isnan(design[2, 0])
    assert not design[:, 1].any()
    assert np.isnan(design[:, 2]).all()
    assert design[:, 3] == pytest.approx([-np.sqrt(0.5), -np.sqrt(0.5), np.sqrt(2)])


def test_a_landmark_lies_before_its_due_day() -> None:
    cases = Cases(np.zeros((2, 1)), np.zeros(2, dtype=np.int64), np.zeros(2), np.array([7.0, 35.0]))
    due = np.full(2, np.datetime64("2026-03-31"))
    rows = Landmarks(cases, np.zeros(2, dtype=np.int64), due, np.array([True, True]))
    assert rows.on.tolist() == [np.datetime64("2026-03-24"), np.datetime64("2026-02-24")]
    assert rows.losses == 1
    assert rows.weight.tolist() == [0.5, 0.5]
