"""Other systems read health and its reasons, and record pulses."""

from datetime import date, timedelta

import pytest

from banso.accounts.testing import an_account
from banso.api.testing import an_api_client
from banso.health import queries
from banso.health.testing import A_TODAY, a_fading_account, a_pulse, a_steady_account, computed

pytestmark = pytest.mark.django_db


def test_health_is_listed_and_read_by_external_id() -> None:
    a_steady_account()
    fading = a_fading_account()
    a_pulse(fading, 5)
    computed()
    caller = an_api_client()
    listed = caller.get("health", limit=1).json()
    assert [one["external_id"] for one in listed["items"]] == ["steady"]
    rest = caller.get("health", cursor=listed["next_cursor"]).json()
    assert [one["external_id"] for one in rest["items"]] == ["fading"]
    one = caller.get("accounts/fading/health").json()
    assert one == rest["items"][0]
    assert (one["pulse"], one["as_of_on"]) == (5, A_TODAY.isoformat())
    assert one["change"] == pytest.approx(one["score"] - one["score_week_ago"])


def test_an_explanation_adds_up_in_json() -> None:
    a_fading_account()
    computed()
    told = an_api_client().get("accounts/fading/health/explanation").json()
    assert sum(round(part["score"] * 10) for part in told["parts"]) == round(told["score"] * 10)
    assert sum(round(move["change"] * 10) for move in told["moves"]) == round(told["change"] * 10)
    assert told["against_on"] == (A_TODAY - timedelta(days=7)).isoformat()


def test_the_history_is_told_by_week() -> None:
    a_steady_account()
    computed()
    told = an_api_client().get("accounts/steady/health/history").json()
    assert len(told["items"]) == 16
    assert told["items"][-1]["condition"] == "good"


def test_what_does_not_exist_is_a_problem_in_words() -> None:
    an_account("new")
    caller = an_api_client()
    for path in ("accounts/nobody/health", "accounts/new/health", "accounts/new/health/explanation"):
        answer = caller.get(path)
        assert answer.status_code == 404
        assert answer.json()["detail"]


def test_pulses_are_recorded_by_keys_that_may() -> None:
    account = an_account("new")
    assert an_api_client("read").post("accounts/new/pulses", {"rating": 4}).status_code == 403
    caller = an_api_client("write")
    made = caller.post("accounts/new/pulses", {"rating": 4, "reason": "from the CRM"})
    assert made.status_code == 201
    assert caller.get("accounts/new/pulses").json()["items"] == [made.json()]
    assert queries.pulses([account])[0].given_by_id is None
    assert caller.post("accounts/new/pulses", {"rating": 6}).status_code == 422


def test_definitions_are_read_checked_and_applied_by_programs() -> None:
    text = "measures:\n  active: {label: Active, kind: active_people, window_days: 28}\n"
    caller, reader = an_api_client("admin"), an_api_client("read")
    wrong = caller.post("definitions/apply", {"text": text.replace("28", "0")})
    assert wrong.status_code == 422
    [fault] = wrong.json()["faults"]
    assert (fault["line"], fault["place"]) == (2, "measures.active")
    assert fault["message"]
    assert caller.post("definitions/apply", {"text": text, "dry_run": True}).json()["changes"][0]["sort"] == "added"
    assert reader.get("measures").json() == {"items": []}

    assert caller.post("definitions/apply", {"text": text, "note": "by program"}).status_code == 200
    [listed] = reader.get("measures").json()["items"]
    assert (listed["key"], listed["version"], listed["note"]) == ("active", 1, "by program")
    assert listed["definition"]["window_days"] == 28
    assert reader.get("measures/active").json()["items"] == [listed]
    assert reader.get("measures/never").status_code == 404
    again = reader.get("definitions").json()["text"]
    assert caller.post("definitions/check", {"text": again}).json() == {"faults": [], "changes": []}
    assert reader.post("definitions/apply", {"text": text}).status_code == 403


def test_a_score_is_set_by_hand_and_goes_back() -> None:
    a_steady_account()
    computed()
    caller = an_api_client(scope="admin")
    address = "accounts/steady/health/overrides"
    until = (date.today() + timedelta(days=7)).isoformat()  # noqa: DTZ011  # the API asks the clock, too
    made = caller.post(address, {"score": 20, "reason": "経営者の交代", "until_on": until})
    assert made.status_code == 201
    one = caller.get("accounts/steady/health").json()
    assert (one["score"], one["is_overridden"]) == (20, True)
    assert one["computed_score"] > 50
    told = caller.get("accounts/steady/health/explanation").json()
    assert sum(part["score"] for part in [*told["parts"], *told["adjustments"]]) == pytest.approx(20)
    assert [row["reason"] for row in caller.get(address).json()["items"]] == ["経営者の交代"]
    wrong = caller.post(address, {"reason": "?", "until_on": until})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/score")
    number = made.json()["id"]
    assert caller.delete(f"{address}/{number}").status_code == 200
    assert caller.delete(f"{address}/{number}").status_code == 404
    assert caller.delete(f"{address}/{number + 1}").status_code == 404
    assert caller.get("accounts/steady/health").json()["is_overridden"] is False
    assert an_api_client(scope="write").post(address, {"score": 1, "reason": "?", "until_on": until}).status_code == 403


def test_a_score_that_was_never_computed_is_not_set() -> None:
    an_account()
    until = (date.today() + timedelta(days=7)).isoformat()  # noqa: DTZ011  # likewise
    said = {"score": 20, "reason": "?", "until_on": until}
    assert an_api_client(scope="admin").post("accounts/acme/health/overrides", said).status_code == 404
