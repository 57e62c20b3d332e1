"""Templates rest on data that exists, and fit themselves to the company's own accounts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.health.rules import TEMPLATES, Available, faults_of, fitted, suggest_template

USAGE_LED = TEMPLATES["usage_led"].definition


@pytest.mark.parametrize(
    ("people", "seats", "features", "key"),
    [
        (True, True, 12, "seat_led"),
        (True, False, 12, "adoption_led"),
        (False, True, 12, "adoption_led"),
        (True, False, 3, "usage_led"),
        (False, False, 1, "usage_led"),
    ],
)
def test_the_template_that_the_data_carries_is_suggested(people: bool, seats: bool, features: int, key: str) -> None:  # noqa: FBT001  # a table of facts
    data = Available(has_usage=True, has_people=people, has_seats=seats, features=features)
    assert suggest_template(data) == key
    assert TEMPLATES[key].stands_on(data)


@pytest.mark.parametrize("key", ["usage_led", "adoption_led"])
def test_without_persons_more_than_half_of_the_weight_is_known(key: str) -> None:
    measures = TEMPLATES[key].definition.measures
    known = sum(measure.weight for measure in measures if not measure.needs_people)
    assert known / sum(measure.weight for measure in measures) >= 0.8


@given(st.lists(st.floats(0, 1000), min_size=10, max_size=60), st.lists(st.integers(1, 400), min_size=10, max_size=60))
def test_a_fitted_definition_can_always_be_published(days: list[float], recency: list[int]) -> None:
    definition = fitted(USAGE_LED, {"active_days": days, "features": days, "recency": recency})
    assert faults_of(definition) == []


def test_the_median_account_gets_sixty_points() -> None:
    days = [float(day) for day in range(1, 22)]
    definition = fitted(USAGE_LED, {"active_days": days, "recency": days})
    curves = {measure.key: dict(measure.points) for measure in definition.measures}
    assert curves["active_days"][11.0] == 60
    assert curves["active_days"][0.0] == 0


def test_a_long_weekend_costs_nothing() -> None:
    days = [float(day) for day in range(1, 22)]
    recency = next(one for one in fitted(USAGE_LED, {"recency": days}).measures if one.key == "recency")
    assert [float(recency.curve(np.array([value]))[0]) for value in (1.0, 5.0, 60.0)] == [100, 100, 0]


def test_shares_changes_and_what_hardly_varies_keep_their_curves() -> None:
    values = {"events_trend": [1.0] * 30, "active_days": [3.0] * 30, "features": [1.0] * 9}
    assert fitted(USAGE_LED, values) == USAGE_LED


def test_where_less_is_better_the_curve_falls() -> None:
    errors = replace(USAGE_LED.measures[0], key="errors", kind="value_sum", better="low", points=((0, 100), (9, 0)))
    definition = replace(USAGE_LED, measures=(errors, *USAGE_LED.measures[1:]))
    found = fitted(definition, {"errors": [float(count) for count in range(1, 22)]})
    assert faults_of(found) == []
    assert dict(found.measures[0].points)[11.0] == 60
