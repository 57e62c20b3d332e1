"""A call sent twice under one Idempotency-Key is done once and answered the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from banso.api import actions
from banso.api.models import Reply
from banso.api.testing import an_api_client
from banso.people import queries as people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("banso.api.tests.tiny")]

EAST = {"external_id": "east"}


def test_a_repeated_call_is_answered_as_before_and_done_once() -> None:
    caller = an_api_client("write")
    first = caller.post("teams", EAST, idempotency_key="one")
    again = caller.post("teams", EAST, idempotency_key="one")
    assert (again.status_code, again.json()) == (first.status_code, first.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert len(people.teams()) == 1


def test_a_name_used_for_another_body_is_refused() -> None:
    caller = an_api_client("write")
    caller.post("teams", EAST, idempotency_key="one")
    refused = caller.post("teams", {"external_id": "west"}, idempotency_key="one")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency-key-reused")
    assert len(people.teams()) == 1


def test_names_of_other_keys_and_other_addresses_are_other_names() -> None:
    caller, other = an_api_client("write"), an_api_client("write")
    caller.post("teams", EAST, idempotency_key="one")
    assert other.post("teams", EAST, idempotency_key="one").json()["code"] == "conflict"
    assert caller.post("anything", EAST, idempotency_key="one").status_code == 200


def test_a_call_that_is_still_at_work_is_not_begun_again() -> None:
    caller = an_api_client("write")
    caller.post("teams", EAST, idempotency_key="one")
    Reply.objects.update(status=None)
    waiting = caller.post("teams", EAST, idempotency_key="one")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "in-progress")
    assert waiting.headers["Retry-After"] == "2"


def test_a_call_whose_doer_died_may_be_made_again() -> None:
    caller = an_api_client("write")
    caller.post("anything", EAST, idempotency_key="one")
    Reply.objects.update(status=None, claimed_at=timezone.now() - timedelta(minutes=6))
    assert caller.post("anything", EAST, idempotency_key="one").status_code == 200
    assert Reply.objects.get().status == 200


def test_after_a_day_a_name_is_forgotten() -> None:
    caller = an_api_client("write")
    caller.post("teams", EAST, idempotency_key="one")
    Reply.objects.update(claimed_at=timezone.now() - timedelta(hours=24))
    caller.post("teams", {"external_id": "west"}, idempotency_key="one")
    assert len(people.teams()) == 2


def test_a_refused_or_broken_call_changes_nothing_and_may_be_made_again() -> None:
    caller = an_api_client("write")
    assert caller.post("teams", {}, idempotency_key="one").status_code == 422
    assert caller.post("anything", {"break": 1}, idempotency_key="two").status_code == 500
    assert not people.teams()
    assert not Reply.objects.exists()
    assert caller.post("teams", EAST, idempotency_key="one").status_code == 201


def test_reading_remembers_nothing() -> None:
    caller = an_api_client()
    caller.client.get("/api/v1/users", headers={**caller._headers({}), "Idempotency-Key": "one"})
    assert not Reply.objects.exists()


@pytest.mark.parametrize("name", ["x" * 256, "a\tb"])
def test_a_name_that_is_no_name_is_refused(name: str) -> None:
    assert an_api_client("write").post("teams", EAST, idempotency_key=name).status_code == 400


def test_who_was_given_up_too_early_does_not_store_a_second_answer() -> None:
    call = actions.Call(key_id=1, route="POST /x", name="n", digest="d")
    now = timezone.now()
    slow = actions.claim(call, now=now)
    quick = actions.claim(call, now=now + timedelta(minutes=5))
    assert isinstance(slow, actions.Claim)
    assert isinstance(quick, actions.Claim)
    actions.keep_answer(quick, status=200, body="{}")
    with pytest.raises(actions.StillAtWork):
        actions.keep_answer(slow, status=200, body="{}")
    actions.give_back(slow)
    assert actions.claim(call, now=now + timedelta(minutes=6)) == actions.Answer(200, "{}")
