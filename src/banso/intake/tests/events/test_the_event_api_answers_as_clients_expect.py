"""Success is exactly 200; a refusal is JSON with code and message; what the client cannot help is 429 or 503."""

import base64
import gzip
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from banso.intake.actions.events import spooling
from banso.intake.rest import events
from banso.intake.rest.keys import WriteKeys
from banso.intake.rules.events import wire
from banso.intake.testing import a_write_key, spooled
from banso.people.testing import a_key

pytestmark = pytest.mark.django_db
EVENT: dict[str, Any] = {"userId": "u1", "event": "opened", "messageId": "m1"}
SHORT = {"t": "track", "i": "identify", "p": "page", "s": "screen", "g": "group", "a": "alias"}


@pytest.fixture
def key() -> str:
    return a_write_key()


def _basic(key: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


def _post(path: str, body: object, headers: dict[str, str], kind: str = "application/json") -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(raise_request_exception=True).generic("POST", path, content, content_type=kind, headers=headers)


def _is_refused(answer: Any, status: int, code: str) -> None:
    assert answer.status_code == status, answer.content
    said = answer.json()
    assert said["code"] == code
    assert isinstance(said["message"], str)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("call", [*SHORT, *SHORT.values()])
def test_every_single_call_is_taken_under_both_names(call: str, slash: str, key: str, own_data: Path) -> None:
    answer = _post(f"/v1/{call}{slash}", EVENT | {"sentAt": "2026-11-24T00:00:00Z"}, _basic(key))
    assert answer.status_code == 200
    assert answer.json() == {"success": True}
    (line,) = spooled(own_data)
    assert line["path"] == SHORT.get(call, call)
    assert line["events"] == [EVENT | {"sentAt": "2026-11-24T00:00:00Z"}]
    assert (line["v"], line["sent_at"], line["marks"]) == (1, "2026-11-24T00:00:00Z", [])
    assert line["received_at"] > 1_700_000_000_000_000


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/batch/", "/v1/b", "/v1/b/", "/v1/import"])
def test_a_batch_is_taken_whole(path: str, key: str, own_data: Path) -> None:
    answer = _post(path, {"batch": [EVENT, EVENT], "sentAt": None}, _basic(key))
    assert (answer.status_code, answer.content) == (200, b'{"success": true}')
    assert [line["events"] for line in spooled(own_data)] == [[EVENT, EVENT]]
    assert _post(path, {"batch": []}, _basic(key)).status_code == 200


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"])
def test_neither_the_content_type_nor_a_missing_header_of_compression_matters(
    kind: str, key: str, own_data: Path
) -> None:
    packed = gzip.compress(json.dumps({"batch": [EVENT]}).encode())
    plain = json.dumps({"batch": [EVENT]}).encode()
    for body, headers in ((packed, {}), (packed, {"content-encoding": "gzip"}), (plain, {"content-encoding": "gzip"})):
        assert _post("/v1/batch", body, _basic(key) | headers, kind).status_code == 200
    assert len(spooled(own_data)) == 3


def test_the_key_may_stand_in_the_body_and_is_not_kept(key: str, own_data: Path) -> None:
    assert _post("/v1/track", EVENT | {"writeKey": key}, {}).status_code == 200
    assert _post("/v1/b", {"batch": [EVENT | {"writeKey": key}], "writeKey": key}, {}).status_code == 200
    assert _post("/v1/batch", {"batch": [EVENT], "writeKey": "other"}, _basic(key)).status_code == 200
    assert [line["events"] for line in spooled(own_data)] == [[EVENT]] * 3
    assert key not in json.dumps(spooled(own_data))


def test_nothing_but_post_is_answered_with_success(key: str) -> None:
    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE"):
        answer = Client().generic(method, "/v1/batch", headers=_basic(key))
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")
    _is_refused(Client().get("/v1/track/"), 405, "wrong_method")
    _is_refused(Client().get("/v1/"), 404, "not_found")
    _is_refused(_post("/v1/projects", {}, _basic(key)), 404, "not_found")


def test_a_browser_may_ask_first(key: str) -> None:
    answer = Client().options(
        "/v1/t",
        headers={
            "origin": "https://app.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type",
        },
    )
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert _post("/v1/t", EVENT, _basic(key), "text/plain").headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b" ", 400, "not_json"),
        (b"hello", 400, "not_json"),
        (b"[]", 400, "not_json"),
        (b'{"events": []}', 400, "not_a_batch"),
        (b'{"batch": [NaN], 7}', 400, "not_json"),
        (b"\x1f\x8bnothing", 400, "not_compressed"),
        (b'{"batch": ["' + b"x" * 512_000 + b'"]}', 413, "too_large"),
        (gzip.compress(b"0" * 5_000_000), 413, "too_large"),
    ],
)
def test_a_body_that_is_no_batch_is_refused(body: bytes, status: int, code: str, key: str, own_data: Path) -> None:
    _is_refused(_post("/v1/batch", body, _basic(key)), status, code)
    assert spooled(own_data) == []


def test_an_event_whose_numbers_nobody_can_read_is_named() -> None:
    assert wire.faults([b'{"type":"track","event":"opened","userId":1e999}']) == ["not_an_object"]


def test_a_bad_event_costs_the_good_ones_nothing_and_is_kept_with_its_reason(key: str, own_data: Path) -> None:
    huge = EVENT | {"properties": {"text": "x" * 40_000}}
    assert _post("/v1/batch", {"batch": [EVENT, 3, huge, EVENT | {"n": float("nan")}]}, _basic(key)).status_code == 200
    (line,) = spooled(own_data)
    assert line["events"] == [EVENT, EVENT | {"n": None}]
    assert line["marks"] == [[1, "not_a_number"]]
    assert [(bad["index"], bad["reason"]) for bad in line["bad"]] == [(1, "not_an_object"), (2, "too_large")]
    _is_refused(_post("/v1/track", huge, _basic(key)), 413, "too_large")


def test_an_encoding_that_is_not_spoken_is_named(key: str) -> None:
    _is_refused(_post("/v1/batch", b"x", _basic(key) | {"content-encoding": "br"}), 415, "wrong_encoding")


@pytest.mark.parametrize("path", ["/v1/track", "//v1/track"])
def test_a_body_that_broke_off_is_no_body(path: str, key: str, own_data: Path) -> None:
    body = json.dumps(EVENT).encode()
    asked = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "HTTP_AUTHORIZATION": _basic(key)["authorization"],
        "CONTENT_LENGTH": str(len(body) + 1),
    }
    status, _headers, said = events.answered(asked | {"wsgi.input": BytesIO(body)})
    assert (status[:3], json.loads(said)["code"]) == ("400", "not_complete")
    assert spooled(own_data) == []
    for length in ("", str(len(body))):  # in chunks there is no length
        status, _headers, said = events.answered(asked | {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": length})
        assert (status[:3], json.loads(said)) == ("200", {"success": True})


def test_the_bulk_door_tells_of_each_event_that_it_refuses(key: str, own_data: Path) -> None:
    good = EVENT | {"type": "track"}
    events = [good, {"type": "track", "userId": "u"}, {"type": "x", "userId": "u"}, 3, {"type": "group", "userId": "u"}]
    answer = _post("/v1/bulk", {"batch": [*events, {"type": "page"}, good | {"n": float("inf")}]}, _basic(key))
    assert answer.status_code == 200
    said = answer.json()
    assert (said["success"], said["accepted"], said["refused"]) == (True, 2, 5)
    assert [(error["index"], error["code"]) for error in said["errors"]] == [
        (1, "no_event_name"),
        (2, "unknown_type"),
        (3, "not_an_object"),
        (4, "no_group"),
        (5, "no_person"),
    ]
    assert all(error["message"].endswith(".") for error in said["errors"])
    (line,) = spooled(own_data)
    assert (line["events"], line["marks"]) == ([good, good | {"n": None}], [[1, "not_a_number"]])


def test_the_bulk_door_takes_five_thousand_events_and_no_more(key: str, own_data: Path) -> None:
    event = EVENT | {"type": "track", "properties": {"text": "x" * 600}}
    assert _post("/v1/bulk", {"batch": [event] * 5_000}, _basic(key)).json()["accepted"] == 5_000
    _is_refused(_post("/v1/bulk", {"batch": [{"type": "page"}] * 5_001}, _basic(key)), 413, "too_many")
    _is_refused(_post("/v1/bulk", b"0" * (wire.LARGEST_BULK + 1), _basic(key)), 413, "too_large")
    assert [len(line["events"]) for line in spooled(own_data)] == [5_000]


def test_the_size_of_a_batch_can_be_set(key: str, settings: Settings) -> None:
    settings.EVENTS_BATCH_BYTES = 100
    _is_refused(_post("/v1/batch", {"batch": [EVENT] * 5}, _basic(key)), 413, "too_large")


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": ""}, {"authorization": "Basic Og=="}, {"authorization": "Digest x"}],
)
def test_without_a_key_nothing_is_taken(headers: dict[str, str], own_data: Path) -> None:
    _is_refused(_post("/v1/batch", {"batch": [EVENT]}, headers), 401, "no_key")
    assert spooled(own_data) == []


@pytest.mark.parametrize("wrong", ["nobody", "banso_00000000_x", "鍵", "\0", "x" * 5_000])
def test_a_wrong_key_is_refused_whatever_it_is(wrong: str) -> None:
    _is_refused(_post("/v1/batch", {"batch": [EVENT]}, _basic(wrong)), 401, "wrong_key")
    _is_refused(_post("/v1/batch", {"batch": [EVENT]}, {"authorization": "Basic not!base64"}), 401, "wrong_key")


@pytest.mark.parametrize("scope", ["read", "write", "import", "admin"])
def test_only_a_write_key_sends_events(scope: str) -> None:
    _is_refused(_post("/v1/batch", {"batch": [EVENT]}, _basic(a_key(scope)[1])), 401, "wrong_key")


def test_a_bearer_key_is_a_key(key: str) -> None:
    assert _post("/v1/track", EVENT, {"authorization": f"Bearer {key}"}).status_code == 200


def test_a_database_that_is_down_asks_to_come_again(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_given: object) -> int:
        raise OperationalError("connection refused")

    monkeypatch.setattr(WriteKeys, "_looked_up", down)
    answer = _post("/v1/batch", {"batch": [EVENT]}, _basic(key))
    _is_refused(answer, 503, "no_database")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_queue_that_is_full_and_a_disk_that_is_full_ask_to_come_again(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for raised, status, code in (
        (spooling.TooMuchWaiting(), 429, "busy"),
        (spooling.NotWritten(), 503, "not_writable"),
    ):

        def fails(_line: bytes, raised: Exception = raised) -> None:
            raise raised

        monkeypatch.setattr(spooling, "spool_line", fails)
        answer = _post("/v1/batch", {"batch": [EVENT]}, _basic(key))
        _is_refused(answer, status, code)
        assert int(answer.headers["Retry-After"]) > 0


def test_what_nobody_foresaw_is_answered_in_json(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_body: bytes) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(wire, "batch", breaks)
    _is_refused(_post("/v1/batch", {"batch": [EVENT]}, _basic(key)), 500, "broken")
