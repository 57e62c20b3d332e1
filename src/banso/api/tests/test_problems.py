"""Every refusal is an RFC 9457 problem, in the reader's language, and nothing of the inside shows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from banso.api.testing import ApiClient, an_api_client
from banso.people import queries as people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("banso.api.tests.tiny")]

WRONG: dict[str, tuple[int, str, Callable[[ApiClient], Any]]] = {
    "an id that does not exist": (404, "not-found", lambda caller: caller.get("teams/2")),
    "an address that does not exist": (404, "not-found", lambda caller: caller.post("nowhere", {})),
    "a slash too many": (404, "not-found", lambda caller: caller.post("teams/", {"external_id": "a"})),
    "a method that is not taken": (405, "wrong-method", lambda caller: caller.delete("teams")),
    "a body that is missing": (422, "invalid", lambda caller: caller.post("anything", "")),
    "half a body": (400, "bad-request", lambda caller: caller.post("anything", '{"a": ')),
    "not a number": (400, "bad-request", lambda caller: caller.post("anything", '{"a": NaN}')),
    "infinity": (400, "bad-request", lambda caller: caller.post("anything", '{"a": -Infinity}')),
    "a lone surrogate": (400, "bad-request", lambda caller: caller.post("anything", r'{"a": "\ud800"}')),
    "a NUL": (400, "bad-request", lambda caller: caller.post("anything", r'{"a": [{"b\u0000": 1}]}')),
    "a NUL in the address": (400, "bad-request", lambda caller: caller.get("users?cursor=%00")),
    "bytes that are no text": (400, "bad-request", lambda caller: caller.post("anything", b'{"a": "\xff"}')),
    "deep nesting": (400, "bad-request", lambda caller: caller.post("anything", "[" * 100_000)),
    "a list for an object": (422, "invalid", lambda caller: caller.post("anything", "[]")),
    "a field left out": (422, "invalid", lambda caller: caller.post("teams", {})),
    "a name that is taken": (409, "conflict", lambda caller: [caller.post("teams", {"external_id": "a"})] * 2),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_answered_is_a_problem(name: str) -> None:
    status, code, call = WRONG[name]
    caller = an_api_client("write")
    if code == "conflict":
        caller.post("teams", {"external_id": "a"})
    answer = call(caller)
    answer = answer[-1] if isinstance(answer, list) else answer
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["type"] == f"/api/v1/docs#{code}"
    assert problem["title"]
    assert problem["detail"]


def test_a_wrong_method_names_the_right_ones() -> None:
    assert an_api_client("write").get("teams").headers["Allow"] == "POST"


def test_each_wrong_value_is_named_with_its_place_and_what_to_do() -> None:
    answer = an_api_client("write").post("teams", {"external_id": "", "founded_on": "yesterday", "size": 101})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "pointer": "/external_id",
            "code": "string_too_short",
            "message": "At least 1 characters are needed here.",
        },
        {
            "pointer": "/founded_on",
            "code": "date_from_datetime_parsing",
            "message": "A date such as 2026-11-24 is needed here.",
        },
        {"pointer": "/size", "code": "less_than_equal", "message": "The value must be 100 or less."},
    ]


def test_a_wrong_parameter_is_named() -> None:
    (error,) = an_api_client().get("users", limit=201).json()["errors"]
    assert (error["pointer"], error["message"]) == ("limit", "The value must be 200 or less.")


def test_problems_speak_the_language_of_the_reader() -> None:
    caller = an_api_client("write")
    japanese = caller.post("teams", {}, accept_language="ja").json()
    assert japanese["title"] == "使えない値"
    assert japanese["errors"][0]["message"] == "この値は必須です。"


def test_what_nobody_foresaw_says_nothing_of_the_inside(caplog: pytest.LogCaptureFixture) -> None:
    answer = an_api_client("write").post("anything", {"break": 1})
    assert answer.status_code == 500
    assert answer.json()["code"] == "broken"
    assert "secret inside" not in answer.text
    assert "secret inside" in caplog.text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = an_api_client("write").post("anything", {"a": "x" * 1000})
    assert answer.status_code == 413
    assert "1,000" in answer.json()["detail"]


def test_answers_are_not_kept_by_caches_on_the_way(client: Client) -> None:
    assert an_api_client().get("users").headers["Cache-Control"] == "no-store"
    assert client.get("/api/v1/users").headers["Cache-Control"] == "no-store"
    assert not people.teams()
