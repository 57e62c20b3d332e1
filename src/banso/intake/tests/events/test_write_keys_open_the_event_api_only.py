"""A write key sends events and opens nothing else; one that is revoked stops within seconds; wrong ones are shown."""

import json
import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from banso.api.testing import an_api_client
from banso.intake.rest import events, keys
from banso.intake.testing import a_write_key
from banso.people import actions as people_actions
from banso.people import queries as people
from banso.people.testing import A_MOMENT, AN_ACTOR, a_key, an_admin

pytestmark = pytest.mark.django_db


def _send(key: str) -> Any:
    body = json.dumps({"userId": "u1", "event": "opened"})
    headers = {"authorization": f"Bearer {key}"}
    return Client().generic("POST", "/v1/track", body, content_type="text/plain", headers=headers)


def _time_passes(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = keys.WriteKeys.source_of
    monkeypatch.setattr(keys.WriteKeys, "source_of", lambda self, secret, moment: now(self, secret, moment + seconds))


def test_a_write_key_opens_nothing_but_the_event_api() -> None:
    caller = an_api_client("events")
    for path in ("accounts", "contracts", "health/scores"):
        assert caller.get(path).status_code in {403, 404}
    assert caller.get("accounts").status_code == 403


def test_a_key_that_is_revoked_stops_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    row, secret = a_key("events")
    assert _send(secret).status_code == 200
    people_actions.revoke_key(key_id=row.id, by=AN_ACTOR, now=A_MOMENT)
    _time_passes(monkeypatch, keys.KEPT_SECONDS)
    assert _send(secret).status_code == 401
    assert keys.KEPT_SECONDS <= 5


def test_a_key_that_was_made_just_now_is_known_although_it_was_tried_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda _size: "0" * 8)
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _size: "later")
    assert _send("banso_00000000_later").status_code == 401
    secret = a_write_key()
    _time_passes(monkeypatch, keys.KEPT_SECONDS)
    assert secret == "banso_00000000_later"
    assert _send(secret).status_code == 200


def test_an_expired_key_is_refused_and_the_use_of_a_good_one_is_noted() -> None:
    now = timezone.now()
    _row, old = people_actions.create_key(
        name="old", scope="events", by=AN_ACTOR, now=now, expires_at=now - timedelta(days=1)
    )
    assert _send(old).status_code == 401
    assert _send(a_write_key()).status_code == 200
    used = {row.name: row.last_used_at is not None for row in people.keys()}  # noqa: SIM118  # no dictionary's keys
    assert used == {"old": False, "A events key": True}


def test_many_keys_at_once_are_not_remembered_for_ever() -> None:
    for number in range(keys.MOST_KEPT + 10):
        events.KEYS.source_of(f"key {number}", 0.0)
    assert len(events.KEYS._found) <= keys.MOST_KEPT


def test_who_looks_after_keys_sees_which_were_refused_until_they_dismiss_it() -> None:
    for _ in range(3):
        assert _send("segment-key-of-before").status_code == 401
    (refused,) = people.refused_keys()
    assert (refused.prefix, refused.count) == ("segmen", 3)
    client = Client()
    client.force_login(an_admin())
    page = client.get("/settings/keys/").content.decode()
    assert "segmen…" in page
    assert "segment-key" not in page
    assert client.get("/healthz").json()["parts"]["spool"]["events_refused"] == 3
    client.post(f"/settings/keys/refused/{refused.id}/dismiss/")
    assert people.refused_keys() == []
    assert client.post(f"/settings/keys/refused/{refused.id}/dismiss/").status_code == 404
    _send("segment-key-of-before")
    assert [row.count for row in people.refused_keys()] == [1]


def test_of_our_own_keys_the_prefix_is_shown_by_which_they_are_listed() -> None:
    row, secret = a_key("read")
    _send(secret)
    assert [refused.prefix for refused in people.refused_keys()] == [f"banso_{row.prefix}"]


def test_whoever_makes_up_keys_fills_no_table() -> None:
    for number in range(120):
        people_actions.note_refused_key(prefix=f"k{number}", count=1, now=A_MOMENT)
    rows = people.refused_keys()
    assert len(rows) == 101
    assert {row.prefix: row.count for row in rows}["…"] == 20
