"""Programs list events in quarantine, correct them, try them again, discard them and bring them back."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from banso.accounts.testing import an_account
from banso.api.testing import ApiClient, an_api_client
from banso.intake import actions
from banso.intake.models import Quarantined
from banso.intake.tests.events.spooled import NOW, line, segment, track
from banso.journal.testing import written
from banso.usage import actions as usage_actions
from banso.usage import queries as usage

pytestmark = pytest.mark.django_db(transaction=True)
BAD_TIME: dict[str, object] = {"timestamp": "2026-02-30T00:00:00Z", "groupId": "acme"}


@pytest.fixture(autouse=True)
def _own_data_folder(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def caller() -> ApiClient:
    return an_api_client("import")


def came(*events: dict[str, object], sequence: int = 1, **more: Any) -> list[int]:
    segment([line(*events, **more)], sequence=sequence)
    actions.compact(now=NOW)
    return list(Quarantined.objects.order_by("pk").values_list("pk", flat=True))


def used() -> int:
    usage_actions.roll_up(NOW, time_zone="Asia/Tokyo")
    total = usage.totals_of(["acme"], date(2024, 1, 1), date(2026, 12, 31)).get("acme")
    return total.n if total else 0


def test_events_are_listed_page_by_page_and_read_one_by_one(caller: ApiClient) -> None:
    pks = came(*(track(f"m{nr}", **BAD_TIME) for nr in range(3)))
    newer = came(track("m9", event=""), sequence=2, received_at=NOW + timedelta(minutes=1))[-1]
    first = caller.get("quarantine", limit=3).json()
    assert [one["id"] for one in first["items"]] == [newer, *pks[:2]]
    rest = caller.get("quarantine", limit=3, cursor=first["next_cursor"]).json()
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == (pks[2:], None)
    (nameless,) = caller.get("quarantine", reason="no_event_name").json()["items"]
    assert (nameless["cause"], nameless["is_whole"]) == ("A track call without the name of an event.", True)
    assert caller.get("quarantine", state="discarded").json()["items"] == []
    one = caller.get(f"quarantine/{pks[0]}").json()
    assert '"m0"' in one["event"]
    assert one["reason"] == "time_impossible"
    assert caller.get("quarantine/999999").status_code == 404
    assert caller.get(f"quarantine/{10**30}").status_code == 422


def test_corrected_events_count_once_and_each_that_does_not_says_why(caller: ApiClient) -> None:
    an_account("acme")
    good, bad, cut = came(
        track("m1", **BAD_TIME), track("m2", **BAD_TIME), bad=[{"index": 9, "reason": "too_large", "event": "{"}]
    )
    sent = {
        "items": [
            {"id": good, "event": track("m1", groupId="acme")},
            {"id": bad, "event": {"type": "track"}},
            {"id": cut, "event": track("m3", groupId="acme")},
            {"id": 999_999, "event": track("m4", groupId="acme")},
        ]
    }
    answer = caller.post("quarantine/correct", sent, idempotency_key="one")
    assert answer.status_code == 207
    assert (answer.json()["taken"], answer.json()["refused"]) == (1, 3)
    assert {one["id"]: one["code"] for one in answer.json()["errors"]} == {
        bad: "no_person",
        cut: "not_there",
        999_999: "not_there",
    }
    assert used() == 1
    again = caller.post("quarantine/correct", sent, idempotency_key="one")
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (answer.json(), "true")
    third = caller.post("quarantine/correct", sent)
    assert (third.json()["taken"], used()) == (0, 1)
    (told,) = written("quarantine.mended")
    assert told.details == {"count": 1, "reason": "time_impossible"}
    assert told.actor == caller.key.name


def test_events_are_tried_again_and_the_rest_says_why(caller: ApiClient) -> None:
    an_account("acme")
    good, bad = came(track("m1", groupId="acme", event=""), track("m2", **BAD_TIME))
    # As after an update that taught us to read it.
    Quarantined.objects.filter(pk=good).update(event=Quarantined.objects.get(pk=good).event.replace('""', '"opened"'))
    answer = caller.post("quarantine/retry", {"ids": [good, bad, 999_999]})
    assert answer.status_code == 207
    assert (answer.json()["taken"], answer.json()["is_more"]) == (1, False)
    assert [(one["id"], one["code"]) for one in answer.json()["errors"]] == [
        (bad, "time_impossible"),
        (999_999, "not_there"),
    ]
    assert used() == 1
    assert caller.post("quarantine/retry", {"reason": "no_event_name"}).json() == {
        "taken": 0,
        "refused": 0,
        "is_more": False,
        "errors": [],
    }


def test_events_are_discarded_and_brought_back(caller: ApiClient) -> None:
    one, two = came(track("m1", **BAD_TIME), track("m2", **BAD_TIME))
    gone = caller.post("quarantine/discard", {"ids": [one, 999_999]}).json()
    assert (gone["count"], [error["id"] for error in gone["errors"]]) == (1, [999_999])
    (listed,) = caller.get("quarantine", state="discarded").json()["items"]
    assert (listed["id"], listed["discarded_by"]) == (one, caller.key.name)
    assert caller.post("quarantine/bring-back", {"discarded_at": gone["discarded_at"]}).json()["count"] == 1
    assert caller.post("quarantine/discard", {"reason": "time_impossible"}).json()["count"] == 2
    back = caller.post("quarantine/bring-back", {"ids": [one, two]}).json()
    assert back == {"count": 2, "errors": []}
    assert [row.verb for row in written("quarantine.discarded", "quarantine.brought_back")] == [
        "quarantine.discarded",
        "quarantine.brought_back",
    ] * 2


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("discard", {}),
        ("discard", {"ids": [1], "reason": "x"}),
        ("retry", {"ids": []}),
        ("retry", {"ids": [0]}),
        ("bring-back", {}),
        ("correct", {"items": []}),
        ("correct", {"items": [{"id": 1, "event": "{}"}]}),
    ],
)
def test_a_call_that_does_not_say_which_events_is_refused(caller: ApiClient, call: str, body: dict[str, Any]) -> None:
    assert caller.post(f"quarantine/{call}", body).status_code == 422


def test_only_a_key_that_may_import_sees_or_decides() -> None:
    (one,) = came(track("m1", **BAD_TIME))
    for scope in ("read", "write"):
        stranger = an_api_client(scope)
        assert stranger.get("quarantine").status_code == 403
        assert stranger.get(f"quarantine/{one}").status_code == 403
        for call in ("correct", "retry", "discard", "bring-back"):
            assert stranger.post(f"quarantine/{call}", {"ids": [one]}).status_code == 403
    assert Quarantined.objects.get().discarded_at is None


def test_the_list_asks_the_database_as_often_however_much_lies_there(
    caller: ApiClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    caller.get("quarantine")  # the first call notes that the key is used
    counts = []
    for size in (2, 60):
        came(*(track(f"m{size}-{nr}", **BAD_TIME) for nr in range(size)), sequence=size)
        with django_assert_max_num_queries(15) as seen:
            caller.get("quarantine", limit=200)
        counts.append(len(seen))
    assert counts[0] == counts[1]
