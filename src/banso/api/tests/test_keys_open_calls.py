"""A call needs a key whose scope includes what the operation declares."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from ninja import Router

from banso.api.access import requires
from banso.api.testing import ApiClient, an_api_client
from banso.api.urls import Undeclared, build_api
from banso.people import actions as people
from banso.people import queries as people_queries
from banso.people.testing import A_MOMENT, AN_ACTOR, an_admin

pytestmark = [pytest.mark.django_db, pytest.mark.urls("banso.api.tests.tiny")]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer banso_00000000_wrong", "Bearer é"])
def test_a_call_without_a_valid_key_is_a_problem_that_says_how_to_send_one(client: Client, header: str) -> None:
    answer = client.get("/api/v1/users", headers={"Authorization": header, "Accept-Language": "en"})
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "no-key"
    assert "Authorization: Bearer" in answer.json()["detail"]


def test_a_session_opens_no_call(client: Client) -> None:
    client.force_login(an_admin())
    assert client.get("/api/v1/users").status_code == 401


def test_a_key_opens_what_its_scope_includes_and_nothing_else() -> None:
    reader = an_api_client("read")
    assert reader.get("users").status_code == 200
    refused = reader.post("teams", {"external_id": "east"})
    assert refused.status_code == 403
    assert "accounts.change" in refused.json()["detail"]
    assert an_api_client("write").post("teams", {"external_id": "east"}).status_code == 201


def test_a_revoked_or_expired_key_opens_nothing() -> None:
    caller = an_api_client()
    people.revoke_key(key_id=caller.key.id, by=AN_ACTOR, now=timezone.now())
    assert caller.get("users").status_code == 401
    key, secret = people.create_key(
        name="late", scope="read", by=AN_ACTOR, now=A_MOMENT, expires_at=timezone.now() - timedelta(seconds=1)
    )
    late = ApiClient(Client(), key, secret)
    assert late.get("users").status_code == 401


def test_the_last_use_of_a_key_is_kept() -> None:
    caller = an_api_client()
    caller.get("users")
    (key,) = people_queries.keys()
    assert key.last_used_at is not None


def test_an_operation_that_declares_no_permission_stops_the_start() -> None:
    router = Router()

    @router.get("/open")
    def opened(request: object) -> str:  # noqa: ARG001  # ninja looks for the name
        return "everything"

    with pytest.raises(Undeclared):
        build_api([router])


def test_an_operation_that_no_scope_opens_stops_the_start() -> None:
    router = Router()

    @router.get("/mine")
    @requires("me.change")
    def mine(request: object) -> str:  # noqa: ARG001  # ninja looks for the name
        return "nothing"

    with pytest.raises(Undeclared):
        build_api([router])
