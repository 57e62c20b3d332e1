"""After the measures a score is rolled up from the accounts below, and held by exceptions: stated, and never hidden."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from banso.health.rules import (
    TEMPLATES,
    Adjusted,
    Definition,
    ExceptionRule,
    Places,
    Scale,
    WrongDefinition,
    adjusted,
    checked,
    days_of,
    faults_of,
    from_plain,
    read,
    to_plain,
    written,
)
from banso.health.rules.definition import Cuts

USAGE_LED = TEMPLATES["usage_led"].definition
TODAY = date(2026, 11, 24)
COUNT = len(USAGE_LED.measures)


def _rule(**said: Any) -> ExceptionRule:
    usual: dict[str, Any] = {
        "segment": None,
        "stage": None,
        "measure": "recency",
        "when": "at_least",
        "value": 30.0,
        "limit": "at_most",
        "points": 40.0,
        "reason": "重大な障害",
        "until_on": TODAY,
    }
    return ExceptionRule(**(usual | said))


def _with(*rules: ExceptionRule, rollup: Any = "own") -> Definition:
    return replace(USAGE_LED, exceptions=rules, rollup=rollup)


def _with_shape(shape: Any) -> Definition:
    return replace(USAGE_LED, measures=(replace(USAGE_LED.measures[0], shape=shape),))


def _adjusted(definition: Definition, own: list[int], recency: list[float], **said: Any) -> Adjusted:
    values = np.full((len(own), COUNT), 1.0)
    values[:, USAGE_LED.keys.index("recency")] = recency
    places = Places(
        days_of(said.get("days", [TODAY] * len(own))),
        said.get("kinds", [(None, None)]),
        np.array(said.get("kind", [0] * len(own))),
        np.array(said.get("parent", [-1] * len(own))),
        np.array(said.get("mrr", [0.0] * len(own))),
    )
    return adjusted(definition, values, np.array(own), places)


@pytest.mark.parametrize(
    ("when", "held"),
    [
        ("at_least", [False, True, True, False]),
        ("at_most", [True, True, False, False]),
        ("above", [False, False, True, False]),
        ("below", [True, False, False, False]),
        ("missing", [False, False, False, True]),
    ],
)
def test_a_cap_holds_where_the_measure_says_so(when: Any, held: list[bool]) -> None:
    rule, values = _rule(when=when), [29.0, 30.0, 31.0, float("nan")]
    made = _adjusted(_with(rule), [900] * 4, values)
    assert made.computed.tolist() == [400 if one else 900 for one in held]
    assert made.exception.tolist() == [0 if one else -1 for one in held]
    assert [rule.meets(None if value != value else value) for value in values] == held  # noqa: PLR0124  # NaN


def test_a_cap_never_lifts_a_floor_never_lowers_and_what_is_not_known_stays_so() -> None:
    cap, floor = _rule(), _rule(limit="at_least", points=60)
    assert _adjusted(_with(cap), [300, 401, -1], [30] * 3).computed.tolist() == [300, 400, -1]
    assert _adjusted(_with(floor), [300, 900, -1], [30] * 3).computed.tolist() == [600, 900, -1]


def test_of_a_cap_and_a_floor_that_disagree_the_cap_has_the_last_word_in_any_order() -> None:
    cap, floor, lower = _rule(), _rule(limit="at_least", points=60), _rule(points=10)
    for rules in ((cap, floor), (floor, cap)):
        assert _adjusted(_with(*rules), [900, 100], [30, 30]).computed.tolist() == [400, 400]
    assert _adjusted(_with(lower, cap), [900], [30]).computed.tolist() == [100]
    assert _adjusted(_with(lower, cap), [900], [30]).exception.tolist() == [0]


def test_an_exception_lasts_to_its_day_and_holds_for_whom_it_is_meant() -> None:
    days = [TODAY, TODAY + timedelta(days=1)]
    assert _adjusted(_with(_rule()), [900, 900], [30, 30], days=days).computed.tolist() == [400, 900]
    made = _adjusted(
        _with(_rule(segment="Enterprise")),
        [900, 900],
        [30, 30],
        kinds=[("Enterprise", None), (None, None)],
        kind=[0, 1],
    )
    assert made.computed.tolist() == [400, 900]


# A company (row 0) with two below it, one of which has one below itself; row 4 stands alone.
TREE = [-1, 0, 0, 2, -1]


def test_own_scores_are_left_alone() -> None:
    assert _adjusted(_with(), [800, 200, 400, 100, 50], [1] * 5, parent=TREE).rolled.tolist() == [
        800,
        200,
        400,
        100,
        50,
    ]


def test_the_worst_below_is_everybodys_above() -> None:
    made = _adjusted(_with(rollup="worst"), [800, 200, 400, 100, 50], [1] * 5, parent=TREE)
    assert made.rolled.tolist() == [100, 200, 100, 100, 50]
    assert made.worst.tolist() == [3, 1, 3, 3, 4]
    unknown = _adjusted(_with(rollup="worst"), [-1, 200, -1, -1, -1], [1] * 5, parent=TREE)
    assert unknown.rolled.tolist() == [200, 200, -1, -1, -1]


def test_revenue_weighs_all_below_and_the_company_itself() -> None:
    made = _adjusted(
        _with(rollup="mrr"), [800, 200, 400, 100, 50], [1] * 5, parent=TREE, mrr=[100.0, 300.0, 0.0, 100.0, 0.0]
    )
    # (80 × 100 + 20 × 300 + 10 × 100) / 500 = 30, and below the middle one only its child pays.
    assert made.rolled.tolist() == [300, 200, 100, 100, 50]
    without = _adjusted(_with(rollup="mrr"), [800, 200, -1, -1, 50], [1] * 5, parent=TREE)
    assert without.rolled.tolist() == [800, 200, -1, -1, 50]


def test_exceptions_hold_what_was_rolled_up() -> None:
    made = _adjusted(_with(_rule(points=15), rollup="worst"), [800, 200], [30, 1], parent=[-1, 0])
    assert (made.own.tolist(), made.rolled.tolist(), made.computed.tolist()) == ([800, 200], [200, 200], [150, 200])


def test_cut_offs_may_differ_by_segment_and_stage_and_the_closest_aim_counts() -> None:
    definition = replace(
        USAGE_LED,
        scales=(
            Scale(None, "Onboarding", (10.0, 20.0, 30.0), Cuts(20, 40)),
            Scale("Enterprise", None, (40.0, 60.0, 80.0)),
            Scale("Enterprise", "Onboarding", None, Cuts(50, 90)),
        ),
    )
    assert checked(definition) == definition
    assert definition.level_of(300, None, "Onboarding") == 4
    assert definition.level_of(599, "Enterprise", "Onboarding") == 2
    assert definition.condition_of(600, "Enterprise", "Onboarding") == "normal"
    assert definition.condition_of(600, "Enterprise", None) == "normal"
    assert definition.condition_of(700, None, None) == "good"


def test_all_of_it_survives_json_and_a_file() -> None:
    measures = (replace(USAGE_LED.measures[0], shape="steps"), *USAGE_LED.measures[1:])
    definition = replace(
        _with(_rule(segment="Enterprise"), rollup="mrr"), measures=measures, scales=(Scale("A", None, (1.0, 2.0, 3.0)),)
    )
    assert from_plain(to_plain(definition)) == definition
    assert read(written((), definition)).scorecard == definition
    unquoted = written((), definition).replace("'2026-11-24'", "2026-11-24")
    assert "'2026-11-24'" not in unquoted
    assert read(unquoted).scorecard == definition
    with pytest.raises(WrongDefinition, match="such as 2027-03-31"):
        read(written((), definition).replace("2026-11-24", "2026-31-31"))


def test_versions_of_old_keep_their_cut_offs_by_stage() -> None:
    plain = to_plain(USAGE_LED)
    del plain["scales"], plain["exceptions"], plain["rollup"]
    plain["cuts_by_stage"] = {"Onboarding": {"normal_from": 20, "good_from": 50}}
    assert from_plain(plain).scales == (Scale(None, "Onboarding", cuts=Cuts(20, 50)),)


@pytest.mark.parametrize(
    ("definition", "place", "field"),
    [
        (_with(_rule(measure="mood")), "exceptions.1", "measure"),
        (_with(_rule(), _rule(when="often")), "exceptions.2", "when"),
        (_with(_rule(limit="exactly")), "exceptions.1", "limit"),
        (_with(_rule(points=101)), "exceptions.1", "points"),
        (_with(_rule(reason=" ")), "exceptions.1", "reason"),
        (_with(rollup="best"), "rollup", ""),
        (replace(USAGE_LED, scales=(Scale(None, None),)), "scales.1", "segment"),
        (replace(USAGE_LED, scales=(Scale("a", None, (3.0, 2.0, 1.0)),)), "scales.1", "levels"),
        (_with_shape("wave"), "measures.active_days", "shape"),
    ],
)
def test_a_fault_of_an_adjustment_names_its_field(definition: Definition, place: str, field: str) -> None:
    assert (place, field) in {(fault.place, fault.field) for fault in faults_of(definition)}
    with pytest.raises(WrongDefinition):
        checked(definition)


def test_bands_give_the_points_of_the_band_a_value_lies_in_from_its_lower_end_on() -> None:
    measure = replace(USAGE_LED.measures[0], points=((0, 10), (5, 50), (20, 100)), shape="steps")
    found = measure.curve(np.array([-1, 0, 4.9, 5, 19.9, 20, 99, np.nan]))
    assert found[:-1].tolist() == [10, 10, 10, 50, 50, 100, 100]
    assert np.isnan(found[-1])
