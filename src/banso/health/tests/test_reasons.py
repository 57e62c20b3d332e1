"""Parts and moves add up in tenths, and become one sentence in the reader's language."""

import math

import numpy as np
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from banso.health.queries.wording import fault_text, labels_of, points_text, reason_text, value_text
from banso.health.rules import (
    TEMPLATES,
    Fault,
    Move,
    Part,
    Reason,
    Rows,
    Scored,
    alone,
    change_of,
    disagrees,
    moves_of,
    parts_of,
    reason_for,
    scored,
)

USAGE_LED = TEMPLATES["usage_led"].definition
COUNT = len(USAGE_LED.measures)

some_values = npst.arrays(np.float64, (4, COUNT), elements=st.one_of(st.just(math.nan), st.floats(0, 60)))
some_weights = npst.arrays(np.float64, (4, COUNT), elements=st.floats(0.1, 50))


def _scored(values: list[float]) -> Scored:
    return scored(USAGE_LED, Rows(np.array([values]), np.array([USAGE_LED.weights_for(None, None)])))


@given(some_values, some_values, some_weights, some_weights)
def test_parts_sum_to_the_shown_score_and_moves_to_the_shown_change(
    old: np.ndarray, new: np.ndarray, before: np.ndarray, after: np.ndarray
) -> None:
    was, now = scored(USAGE_LED, Rows(old, before)), scored(USAGE_LED, Rows(new, after))
    for tenths, parts in zip(now.tenths.tolist(), parts_of(USAGE_LED, now), strict=True):
        assert sum(part.tenths for part in parts) == max(tenths, 0)
    changes = [change_of(*pair) for pair in zip(was.tenths.tolist(), now.tenths.tolist(), strict=True)]
    for change, moves in zip(changes, moves_of(alone(USAGE_LED, was), alone(USAGE_LED, now)), strict=True):
        assert sum(move.tenths for move in moves) == (change or 0)
        assert [abs(move.tenths) for move in moves] == sorted((abs(move.tenths) for move in moves), reverse=True)


def test_a_change_is_told_with_its_largest_cause() -> None:
    was, now = _scored([20, 1, 1.0, 1.0, 10]), _scored([4, 1, 1.0, 1.0, 10])
    moves = moves_of(alone(USAGE_LED, was), alone(USAGE_LED, now))[0]
    change = change_of(was.tenths[0], now.tenths[0])
    reason = reason_for(int(now.tenths[0]), change, parts_of(USAGE_LED, now)[0], moves)
    with translation.override("en"):
        assert reason_text(reason, USAGE_LED) == "15 points down: Days with use (28 days) 20 → 4"
    with translation.override("ja"):
        assert reason_text(reason, USAGE_LED) == "15点低下：利用のあった日数（28日） 20 → 4"


def test_what_became_known_or_stopped_being_known_is_told_as_that() -> None:
    full, half = _scored([20, 1, 1.0, 1.0, 10]), _scored([20, 1, math.nan, 1.0, 10])
    gone, come = (
        moves_of(alone(USAGE_LED, full), alone(USAGE_LED, half))[0],
        moves_of(alone(USAGE_LED, half), alone(USAGE_LED, full))[0],
    )
    assert [move.kind for move in gone] == ["vanished"]
    assert [move.kind for move in come] == ["appeared"]
    with translation.override("en"):
        told = reason_text(Reason("down", 34, tuple(come)), USAGE_LED)
        assert told == "3.4 points down: Use against the 28 days before became known: 100%"
        told = reason_text(Reason("up", 34, tuple(gone)), USAGE_LED)
        assert told == "3.4 points up: Use against the 28 days before is no longer known, was 100%"


def test_a_change_of_weights_alone_is_told_as_that() -> None:
    values = np.array([[20.0, 60.0, 1.0, 1.0, 10.0]])
    was = scored(USAGE_LED, Rows(values, np.array([[1.0, 1.0, 1.0, 1.0, 1.0]])))
    now = scored(USAGE_LED, Rows(values, np.array([[9.0, 1.0, 1.0, 1.0, 1.0]])))
    moves = moves_of(alone(USAGE_LED, was), alone(USAGE_LED, now))[0]
    assert [move.kind for move in moves] == ["sorted"]
    with translation.override("en"):
        assert reason_text(Reason("up", moves[0].tenths, tuple(moves)), USAGE_LED).endswith("segment or stage changed")


def _part(measure: str, points: float | None, share: float) -> Part:
    return Part(measure, 3.0, points, share, 0)


def _move(measure: str, tenths: int) -> Move:
    return Move("moved", measure, 20.0, 3.0, tenths)


@pytest.mark.parametrize(
    ("score", "change", "moves", "sentence"),
    [
        (None, None, [], "Not known: too little is measured."),
        (500, 9, [], "Steady. Held down by: Days since last use 3"),
        (500, None, [], "Steady. Held down by: Days since last use 3"),
        (500, -30, [], "3 points down"),
        (500, 30, [], "3 points up"),
        (500, 10, [], "1 point up"),
        (500, -11, [], "1.1 points down"),
        (500, -10, [_move("recency", -10)], "1 point down: Days since last use 20 → 3"),
        (500, -30, [_move("recency", -40), _move("features", 10)], "3 points down: Days since last use 20 → 3"),
        (
            500,
            -30,
            [_move("recency", -20), _move("features", -10)],
            "3 points down: Days since last use 20 → 3; Features used (28 days) 20 → 3",
        ),
    ],
)
def test_the_reason_fits_the_case(score: int | None, change: int | None, moves: list[Move], sentence: str) -> None:
    parts = [_part("features", 90, 0.5), _part("recency", 20, 0.5), _part("active_days", None, 0)]
    with translation.override("en"):
        assert reason_text(reason_for(score, change, parts, moves), USAGE_LED) == sentence


def test_a_score_with_nothing_to_gain_is_just_steady() -> None:
    with translation.override("en"):
        assert reason_text(reason_for(1000, 0, [_part("features", 100, 1)], []), USAGE_LED) == "Steady."
        unknown = Reason("steady", weakest=_part("gone", 0, 1))
        assert reason_text(unknown, USAGE_LED) == "Steady."


@pytest.mark.parametrize(
    ("condition", "rating", "says"),
    [
        ("good", 2, True),
        ("good", 3, False),
        ("poor", 4, True),
        ("poor", 3, False),
        ("normal", 1, False),
        ("good", None, False),
    ],
)
def test_a_pulse_disagrees_when_it_says_the_opposite(condition: str, rating: int | None, says: bool) -> None:  # noqa: FBT001  # a table
    assert disagrees(condition, rating) is says


def test_values_and_points_are_said_as_people_say_them() -> None:
    shares = next(measure for measure in USAGE_LED.measures if measure.unit == "percent")
    days = USAGE_LED.measures[0]
    with translation.override("en"):
        assert [value_text(shares, 0.434), value_text(days, 1234.0), value_text(days, 2.25)] == ["43%", "1,234", "2.2"]
        assert [value_text(days, None), points_text(-120), points_text(123)] == ["not known", "12", "12.3"]
        assert labels_of(USAGE_LED)["recency"] == "Days since last use"
        assert fault_text(Fault("x", "The weight is %(weight)s. Write zero or more.", {"weight": -1})).startswith(
            "The w"
        )
