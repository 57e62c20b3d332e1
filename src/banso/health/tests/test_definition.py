"""A definition says what is wrong with it, survives JSON, and weighs accounts by a stated rule."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.health.rules import (
    TEMPLATES,
    Cuts,
    Definition,
    Missing,
    Override,
    Scale,
    WrongDefinition,
    checked,
    faults_of,
    from_plain,
    to_plain,
)
from banso.health.rules.definition import AGAINST, COMPARED, NEEDS_PEOPLE, USAGE_KINDS, WHOLE_FEATURES
from banso.usage import queries as usage

USAGE_LED = TEMPLATES["usage_led"].definition
FIRST = USAGE_LED.measures[0]


def _with_first(**changes: Any) -> Definition:
    return replace(USAGE_LED, measures=(replace(FIRST, **changes), *USAGE_LED.measures[1:]))


@pytest.mark.parametrize("key", sorted(TEMPLATES))
def test_every_template_can_be_published_and_survives_json(key: str) -> None:
    definition = TEMPLATES[key].definition
    assert faults_of(definition) == []
    assert from_plain(to_plain(definition)) == definition


def test_weights_cuts_and_policy_survive_json() -> None:
    definition = replace(
        USAGE_LED,
        overrides=(Override("enterprise", None, {"recency": 5.0}),),
        scales=(Scale(None, "onboarding", cuts=Cuts(30.0, 60.0)),),
        missing=Missing.WITHHOLD,
    )
    assert from_plain(to_plain(definition)) == definition


@pytest.mark.parametrize(
    ("definition", "place", "remedy"),
    [
        (replace(USAGE_LED, name=" "), "name", "Give it one"),
        (replace(USAGE_LED, measures=()), "measures", "Add at least one"),
        (replace(USAGE_LED, measures=(FIRST, FIRST)), "measures", "its own key"),
        (replace(USAGE_LED, measures=(replace(FIRST, weight=0),)), "measures", "above zero"),
        (replace(USAGE_LED, levels=(50.0, 50.0, 70.0)), "levels", "write three"),
        (replace(USAGE_LED, cuts=Cuts(70, 40)), "cuts", "normal the lower"),
        (replace(USAGE_LED, scales=(Scale(None, "new", cuts=Cuts(0, 40)),)), "scales.1", "normal the lower"),
        (_with_first(kind="mood"), "measures.active_days", "Choose one of"),
        (_with_first(per="mood"), "measures.active_days", "Choose one of"),
        (_with_first(window_days=0), "measures.active_days", "from 1 to 3660"),
        (_with_first(of="mood"), "measures.active_days", "Choose one of"),
        (_with_first(kind="adoption"), "measures.active_days", "List at least one"),
        (_with_first(weight=-1), "measures.active_days", "zero or more"),
        (_with_first(group="mood"), "measures.active_days", "Add the group"),
        (_with_first(points=((0, 0), (0, 5))), "measures.active_days.points", "two or more pairs"),
        (_with_first(better="low"), "measures.active_days.points", "Turn the points round"),
        (replace(USAGE_LED, overrides=(Override(None, None, {}),)), "overrides.1", "Name one"),
        (replace(USAGE_LED, overrides=(Override("s", None, {"mood": 1}),)), "overrides.1", "Remove its weight"),
        (replace(USAGE_LED, overrides=(Override("s", None, {"recency": -1}),)), "overrides.1", "zero or more"),
    ],
)
def test_a_fault_names_its_place_and_a_remedy(definition: Definition, place: str, remedy: str) -> None:
    faults = faults_of(definition)
    assert any(fault.place == place and remedy in str(fault) for fault in faults), [str(fault) for fault in faults]
    with pytest.raises(WrongDefinition, match=place):
        checked(definition)


@pytest.mark.parametrize("plain", [{}, {"name": "x", "measures": 3, "groups": []}, {"name": "x", "measures": [{}]}])
def test_json_that_is_no_definition_is_refused_in_words(plain: dict[str, Any]) -> None:
    with pytest.raises(WrongDefinition, match="cannot be read"):
        from_plain(plain)


def test_the_closest_override_counts_segment_before_stage_and_the_first_of_equals() -> None:
    definition = replace(
        USAGE_LED,
        overrides=(
            Override(None, "new", {"active_days": 1}),
            Override("big", None, {"active_days": 2}),
            Override("big", None, {"active_days": 3}),
            Override("big", "new", {"active_days": 4}),
        ),
    )
    weight = {
        (segment, stage): definition.weights_for(segment, stage)[0]
        for segment in ("big", "small", None)
        for stage in ("new", "old", None)
    }
    assert weight["big", "new"] == 4
    assert weight["big", "old"] == weight["big", None] == 2
    assert weight["small", "new"] == weight[None, "new"] == 1
    assert weight["small", "old"] == weight[None, None] == FIRST.weight


def test_cut_offs_belong_to_the_better_side() -> None:
    assert [USAGE_LED.level_of(tenths, None, None) for tenths in (None, 0, 299, 300, 500, 700, 1000)] == [
        None,
        1,
        1,
        2,
        3,
        4,
        4,
    ]
    words = [USAGE_LED.condition_of(tenths, None, None) for tenths in (None, 0, 399, 400, 699, 700)]
    assert words == ["unknown", "poor", "poor", "normal", "normal", "good"]


def test_a_stage_has_its_own_cut_offs() -> None:
    definition = replace(USAGE_LED, scales=(Scale(None, "new", cuts=Cuts(20, 50)),))
    assert definition.condition_of(500, None, "new") == "good"
    assert definition.condition_of(500, None, "old") == "normal"


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_a_higher_score_never_has_a_lower_level_or_condition(one: int, other: int) -> None:
    order = ["poor", "normal", "good"]
    low, high = sorted((one, other))
    assert (USAGE_LED.level_of(low, None, None) or 0) <= (USAGE_LED.level_of(high, None, None) or 0)
    assert order.index(USAGE_LED.condition_of(low, None, None)) <= order.index(USAGE_LED.condition_of(high, None, None))


def test_units_follow_from_what_is_counted() -> None:
    seats = TEMPLATES["seat_led"].definition
    assert [measure.unit for measure in seats.measures] == ["percent", "percent", "percent", "days", "days"]
    assert [measure.needs_people for measure in seats.measures] == [True, True, True, False, False]
    assert seats.wants_contracts
    assert not USAGE_LED.wants_contracts


def test_names_are_said_in_the_readers_language() -> None:
    assert FIRST.label.said_in("ja").startswith("利用")
    assert FIRST.label.said_in("en-gb") == FIRST.label.said_in(None) == "Days with use (28 days)"


def test_whatever_usage_can_measure_a_scorecard_can_weigh() -> None:
    assert {kind: rule.unit for kind, rule in usage.KINDS.items()} == dict(USAGE_KINDS)
    assert {kind for kind, rule in usage.KINDS.items() if not rule.may_filter} == WHOLE_FEATURES
    assert {kind for kind, rule in usage.KINDS.items() if rule.needs_people} == NEEDS_PEOPLE
    assert (usage.COMPARED, usage.AGAINST) == (COMPARED, AGAINST)
