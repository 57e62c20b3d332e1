"""The change between any two days, by any two definitions, is taken apart into causes that sum to the last tenth."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from banso.health.rules import (
    TEMPLATES,
    Definition,
    ExceptionRule,
    Rows,
    Side,
    adjustments_of,
    alone,
    moves_of,
    parts_of,
    scored,
)
from banso.health.tests.test_scores_are_adjusted import TODAY, USAGE_LED

MEASURES = [measure for one in TEMPLATES.values() for measure in one.definition.measures]
RULE = ExceptionRule(
    segment=None, stage=None, measure="x", when="above", limit="at_most", points=40, reason="障害", until_on=TODAY
)


@st.composite
def some_definitions(draw: st.DrawFn) -> Definition:
    """Return a definition of some measures, some with another curve, in bands, or counting something else."""
    picked = draw(st.lists(st.sampled_from(MEASURES), min_size=1, max_size=6, unique_by=lambda one: one.key))
    made = []
    for measure in picked:
        changes: dict[str, Any] = {
            "points": tuple((value * 2, points) for value, points in measure.points) if draw(st.booleans()) else None,
            "shape": "steps" if draw(st.booleans()) else None,
            "events": ("export.done",) if draw(st.booleans()) else None,
        }
        made.append(replace(measure, **{name: value for name, value in changes.items() if value is not None}))
    return replace(USAGE_LED, measures=tuple(made), exceptions=(RULE,))


@st.composite
def some_sides(draw: st.DrawFn) -> Side:
    """Return three rows scored by some definition, with anything after their measures."""
    definition = draw(some_definitions())
    count = len(definition.measures)
    value = st.one_of(st.just(math.nan), st.floats(-5, 80))
    values = np.array([[draw(value) for _ in range(count)] for _ in range(3)])
    weights = np.array([[draw(st.floats(0.1, 50)) for _ in range(count)] for _ in range(3)])
    now = scored(definition, Rows(values, weights))
    steps = []
    for own in now.tenths.tolist():
        row, was = [], own
        for _ in range(3):
            was = draw(st.integers(0, 1000)) if draw(st.booleans()) else was
            row.append(was)
        steps.append(row)
    exception = np.array([draw(st.sampled_from([-1, 0])) for _ in range(3)])
    return Side(definition, now, np.array(steps), exception)


@given(some_sides(), some_sides())
def test_moves_sum_to_the_shown_change_and_parts_with_adjustments_to_the_shown_score(one: Side, other: Side) -> None:
    rows = zip(one.steps[:, -1].tolist(), other.steps[:, -1].tolist(), moves_of(one, other), strict=True)
    for before, after, moves in rows:
        is_known = before >= 0 and after >= 0
        assert sum(move.tenths for move in moves) == (after - before if is_known else 0)
    for shown, parts, given_ in zip(
        one.steps[:, -1].tolist(), parts_of(one.definition, one.scored), adjustments_of(one), strict=True
    ):
        assert sum(part.tenths for part in parts) + sum(adjustment.tenths for adjustment in given_) == max(shown, 0)


@given(some_sides())
def test_nothing_moved_is_no_move(side: Side) -> None:
    assert moves_of(side, side) == [[], [], []]


def _side(definition: Definition, values: list[float], steps: list[int] | None = None, exception: int = -1) -> Side:
    rows = Rows(np.array([values]), np.array([definition.weights_for(None, None)]))
    made = alone(definition, scored(definition, rows))
    return replace(made, steps=np.array([steps]) if steps else made.steps, exception=np.array([exception]))


ONE = replace(USAGE_LED, measures=USAGE_LED.measures[:1], exceptions=(RULE,))


def test_other_points_for_the_same_value_are_a_cause_of_their_own() -> None:
    first = ONE.measures[0]
    doubled = replace(ONE, measures=(replace(first, points=((0, 0), (10, 100))),))
    halved = replace(ONE, measures=(replace(first, points=((0, 0), (20, 100))),))
    [moves] = moves_of(_side(halved, [5]), _side(doubled, [5]))
    assert [(move.kind, move.tenths) for move in moves] == [("points", 250)]
    # 4 of 20 is 20 points, 6 of 10 is 60: the value did 10 by the old points and 20 by the new, the mean is 15.
    [moves] = moves_of(_side(halved, [4]), _side(doubled, [6]))
    assert [(move.kind, move.tenths) for move in moves] == [("points", 250), ("moved", 150)]


def test_a_measure_that_counts_something_else_is_told_as_that() -> None:
    other = replace(ONE, measures=(replace(ONE.measures[0], events=("export.done",)),))
    [moves] = moves_of(_side(ONE, [20]), _side(other, [4]))
    assert [move.kind for move in moves] == ["points"]


def test_measures_that_come_and_go_with_a_definition_are_told_as_that() -> None:
    two = replace(USAGE_LED, measures=USAGE_LED.measures[:2])
    [added] = moves_of(_side(ONE, [20]), _side(two, [20, 60]))
    [removed] = moves_of(_side(two, [20, 60]), _side(ONE, [20]))
    assert "added" in {move.kind for move in added}
    assert "removed" in {move.kind for move in removed}
    assert sum(move.tenths for move in added) == -sum(move.tenths for move in removed) < 0


def test_an_exception_and_a_persons_word_are_causes_with_their_reason() -> None:
    [own] = scored(ONE, Rows(np.array([[20.0]]), np.array([[1.0]]))).tenths.tolist()
    plain, held = _side(ONE, [20]), _side(ONE, [20], [own, 400, 350], 0)
    [moves] = moves_of(plain, held)
    assert [(move.kind, move.tenths, move.why) for move in moves] == [
        ("exception", 400 - own, "障害"),
        ("override", -50, ""),
    ]
    [back] = moves_of(held, plain)
    assert [(move.kind, move.tenths) for move in back] == [("exception", own - 400), ("override", 50)]
    assert [(one.kind, one.tenths) for one in adjustments_of(held)[0]] == [("exception", 400 - own), ("override", -50)]


def test_where_measures_make_no_score_all_goes_to_what_made_it_known() -> None:
    nothing = _side(ONE, [math.nan], [-1, -1, 300])
    [moves] = moves_of(_side(ONE, [20]), nothing)
    [own] = scored(ONE, Rows(np.array([[20.0]]), np.array([[1.0]]))).tenths.tolist()
    assert [(move.kind, move.tenths) for move in moves] == [("override", 300 - own)]
    assert [(one.kind, one.tenths) for one in adjustments_of(nothing)[0]] == [("override", 300)]
