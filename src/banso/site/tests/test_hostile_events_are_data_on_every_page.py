"""What a hostile client sends comes through the front door, the spool and the lake, and stays data on every page."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone, translation

from banso.accounts.testing import an_account
from banso.intake import actions as intake
from banso.intake.actions.events import spooling
from banso.intake.testing import a_write_key
from banso.people.testing import an_admin
from banso.usage import actions as usage

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = "<script>alert(1)</script>"
SQL = "'; DROP TABLE usage_eventname; --"
FORMULA = '=HYPERLINK("http://evil.example")'
BIDI = "\u202egnp.exe"
NAMES = (SCRIPT, SQL, FORMULA, BIDI, "__proto__", "{{ 7*7 }}", "%(name)s")
PAGES = (
    "/events/",
    "/usage/unclaimed/",
    "/usage/unclaimed/?text=%3Cscript%3E",
    "/imports/quarantine/",
    "/accounts/",
    "/adoption/",
)


@pytest.fixture(autouse=True)
def _own_data_folder(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    with translation.override("en"):
        yield
    spooling.close_spool()


def _hostile() -> list[dict[str, Any]]:
    properties = {
        "__proto__": {"is_admin": True},
        "constructor": SCRIPT,
        "deep": json.loads("[" * 100 + "1" + "]" * 100),
        **{f"k{nr}": nr for nr in range(1_000)},
    }
    known = [{"event": name, "userId": name, "groupId": "acme", "properties": properties} for name in NAMES]
    unknown = [
        {"event": "x", "userId": name, "groupId": f"ws {name}", "properties": {SCRIPT: SCRIPT}} for name in NAMES
    ]
    bad = [{"event": "", "userId": name} for name in NAMES]
    every: list[dict[str, Any]] = [*known, *unknown, *bad]
    return [{"type": "track", "messageId": f"h{nr}", **one} for nr, one in enumerate(every)]


def test_nothing_of_it_is_run_nowhere(client: Client) -> None:
    an_account("acme")
    key, body = a_write_key(), json.dumps({"batch": _hostile()})
    answer = client.post("/v1/batch", body, content_type="text/plain", headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    spooling.close_spool()
    done = intake.compact(now=timezone.now())
    assert (done.events, done.quarantined) == (2 * len(NAMES), len(NAMES))
    usage.roll_up(timezone.now())
    usage.describe_events(now=timezone.now())

    client.force_login(an_admin())
    for page in PAGES:
        shown = client.get(page)
        text = shown.content.decode()
        assert shown.status_code == 200, page
        assert SCRIPT not in text, page
        assert ">49<" not in text, page
    assert "&lt;script&gt;" in client.get("/events/").content.decode()
    for file in ("/usage/unclaimed/usage.csv", "/imports/quarantine/events.csv"):
        sent: Any = client.get(file)
        table = b"".join(sent).decode("utf-8-sig")
        assert table
        assert not any(cell.startswith("=") for row in table.splitlines() for cell in row.split(","))
    assert len(client.get("/events/").context["rows"]) == len(NAMES) + 1
