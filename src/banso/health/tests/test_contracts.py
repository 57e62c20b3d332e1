"""Seats, segments and the end of contracts reach the score."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from banso.accounts.testing import an_account
from banso.contracts.testing import a_contract, a_line
from banso.health import queries
from banso.health.rules import TEMPLATES, Definition, Group, Measure, Missing, Override, Words
from banso.health.testing import A_TODAY, a_scorecard, a_steady_account, computed
from banso.usage.testing import used

pytestmark = pytest.mark.django_db
SEATS = a_line("seats", kind="seats", name="ライセンス", quantity=8)


def test_people_are_held_against_the_seats_bought() -> None:
    steady = a_steady_account()
    a_contract("steady", lines=[SEATS])
    a_scorecard(TEMPLATES["seat_led"].definition)
    computed()
    parts = {part.measure: part.value for part in queries.standings([steady])[steady].parts}
    assert parts["seat_use"] == 0.25
    assert queries.available(A_TODAY).has_seats
    told = queries.explanation(steady)
    assert told is not None
    assert {part.measure: part.value_text for part in told.parts}["seat_use"] == "25%"


def test_without_seats_the_seat_led_score_is_not_known() -> None:
    steady = a_steady_account()
    a_scorecard(replace(TEMPLATES["seat_led"].definition, missing=Missing.WITHHOLD))
    computed()
    assert queries.standings([steady])[steady].score is None
    assert not queries.available(A_TODAY).has_seats


def test_who_has_no_contract_any_more_has_left() -> None:
    steady = a_steady_account()
    a_contract("steady", ends_on=date(2026, 11, 1), is_auto_renewing=False)
    a_scorecard()
    computed()
    row = queries.standings([steady])[steady]
    assert (row.score, row.left_on) == (None, date(2026, 11, 2))
    computed(with_history=False)
    assert queries.standings([steady])[steady].left_on == date(2026, 11, 2)
    a_contract("steady", "again", starts_on=A_TODAY - timedelta(days=3))
    computed()
    assert queries.standings([steady])[steady].left_on is None


def test_segments_may_weigh_otherwise() -> None:
    big, small = a_steady_account("big", segment="Enterprise"), a_steady_account("small", segment="SMB")
    usage_led = TEMPLATES["usage_led"].definition
    zero = dict.fromkeys(usage_led.keys, 0.0) | {"features": 1.0}
    a_scorecard(replace(usage_led, overrides=(Override("Enterprise", None, zero),)))
    computed()
    rows = queries.standings([big, small])
    assert [part.share for part in rows[big].parts if part.measure == "features"] == [1.0]
    assert rows[big].score != rows[small].score


def test_an_account_may_be_scored_by_its_contract_alone() -> None:
    account = an_account("quiet")
    a_contract("quiet", lines=[SEATS])
    used("other", ["2026-10-01"])
    a_scorecard(
        Definition(
            name="Contract",
            groups=(Group("contract", Words("契約", "Contract")),),
            measures=(
                Measure(
                    key="seats",
                    label=Words("ライセンス数", "Seats"),
                    group="contract",
                    weight=1,
                    points=((0, 0), (10, 100)),
                    kind="seats",
                    source="contract",
                ),
            ),
        )
    )
    computed()
    assert queries.standings([account])[account].score == 80
    assert {row.score for row in queries.history("quiet")} == {80}


def test_before_usage_there_is_nothing_for_templates_to_rest_on() -> None:
    assert not queries.available(A_TODAY).has_usage
    assert not queries.needs_computing()
    an_account("steady")
    assert not queries.needs_computing()
    used("steady", ["2026-11-20"])
    assert queries.needs_computing()
    data = queries.available(A_TODAY)
    assert (data.has_usage, data.has_people, data.has_seats, data.features) == (True, True, False, 1)
