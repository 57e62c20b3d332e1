import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from banso.accounts.testing import an_account
from banso.intake import actions
from banso.intake.models import Quarantined
from banso.intake.queries import event_reasons, quarantine
from banso.intake.tests.events.spooled import NOW, line, segment, track
from banso.journal.testing import written
from banso.people.testing import AN_ACTOR, a_csm, a_manager
from banso.usage import actions as usage_actions
from banso.usage import queries as usage

pytestmark = pytest.mark.django_db(transaction=True)
SPAN = (date(2024, 1, 1), date(2026, 12, 31))
BAD_TIME = {"timestamp": "2026-02-30T00:00:00Z", "groupId": "acme"}


@pytest.fixture(autouse=True)
def _own_data_folder(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_manager())
    return client


def _came(*events: dict[str, object], sequence: int = 1, **more: Any) -> list[Quarantined]:
    segment([line(*events, **more)], sequence=sequence)
    actions.compact(now=NOW)
    return list(Quarantined.objects.order_by("pk"))


def _used(account: str) -> int:
    usage_actions.roll_up(NOW, time_zone="Asia/Tokyo")
    total = usage.totals_of([account], *SPAN).get(account)
    return total.n if total else 0


def _body(answer: Any) -> bytes:
    return b"".join(answer)


def test_an_event_that_was_corrected_counts_once_and_leaves_quarantine() -> None:
    an_account("acme")
    (one,) = _came(track("m1", **BAD_TIME))
    good = json.dumps(track("m1", groupId="acme"))
    actions.mend(event_id=one.pk, event=good, by=AN_ACTOR, now=NOW)
    assert (Quarantined.objects.count(), _used("acme")) == (0, 1)
    _came(track("m1", groupId="acme"), sequence=2)
    assert _used("acme") == 1
    assert [row.details for row in written("quarantine.mended")] == [{"count": 1, "reason": "time_impossible"}]
    with pytest.raises(actions.NotThere):
        actions.mend(event_id=one.pk, event=good, by=AN_ACTOR, now=NOW)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not_json"),
        ("[]", "not_an_object"),
        ('{"type": "track"}', "no_person"),
        ('{"type":"track","event":"x","userId":"u","properties":{"a":"' + "x" * 33_000 + '"}}', "too_large"),
    ],
)
def test_a_correction_that_is_none_says_why_and_changes_nothing(text: str, reason: str) -> None:
    (one,) = _came(track("m1", **BAD_TIME))
    with pytest.raises(actions.StillWrong) as wrong:
        actions.mend(event_id=one.pk, event=text, by=AN_ACTOR, now=NOW)
    assert wrong.value.reason == reason
    assert Quarantined.objects.count() == 1


def test_what_can_be_counted_now_is_taken_in_and_the_rest_stays_under_its_reason_of_now() -> None:
    # As after an update that taught us to read them: the first was refused by an older rule.
    good, bad, _cut = _came(
        track("m1", **BAD_TIME), track("m2", **BAD_TIME), bad=[{"index": 9, "reason": "too_large", "event": "{"}]
    )
    Quarantined.objects.filter(pk=good.pk).update(event=json.dumps(track("m1", groupId="acme")), reason="unexpected")
    Quarantined.objects.filter(pk=bad.pk).update(reason="unexpected")
    an_account("acme")
    done = actions.retry(by=AN_ACTOR, now=NOW)
    assert (done.taken, done.still, done.is_more) == (1, 1, False)
    assert _used("acme") == 1
    assert {one.reason for one in Quarantined.objects.all()} == {"time_impossible", "too_large"}


def test_what_is_told_of_people_is_taken_in_too() -> None:
    an_account("acme")
    segment([line(track("m1"))], sequence=1)
    (one,) = _came({"type": "group", "userId": "taro"}, sequence=2)
    assert (one.reason, _used("acme")) == ("no_group", 0)
    said = json.dumps({"type": "group", "userId": "taro", "groupId": "acme"})
    actions.mend(event_id=one.pk, event=said, by=AN_ACTOR, now=NOW)
    assert _used("acme") == 1


def test_events_are_discarded_by_somebody_brought_back_and_forgotten_when_old(settings: LazySettings) -> None:
    first, second = _came(track("m1", **BAD_TIME), track("m2", event="", groupId="acme"))
    assert actions.discard(reason="time_impossible", by=AN_ACTOR, now=NOW).count == 1
    first.refresh_from_db()
    assert (first.discarded_by, first.discarded_at) == ("A test", NOW)
    assert quarantine.totals() == quarantine.Totals(waiting=1, discarded=1)
    assert actions.retry(ids=[first.pk], by=AN_ACTOR, now=NOW).still == 0
    assert actions.bring_back(discarded_at=NOW, by=AN_ACTOR, now=NOW).count == 1
    assert actions.discard(ids=[second.pk], by=AN_ACTOR, now=NOW).count == 1
    assert actions.bring_back(ids=[second.pk, first.pk], by=AN_ACTOR, now=NOW) == actions.Decided(
        1, frozenset({first.pk})
    )
    verbs = ["quarantine.discarded", "quarantine.brought_back"]
    assert [row.verb for row in written(*verbs)] == verbs * 2
    settings.UPLOAD_DAYS = 30
    assert actions.forget_old_events(now=NOW + timedelta(days=29)) == 0
    assert actions.forget_old_events(now=NOW + timedelta(days=31)) == 2


def test_nothing_is_discarded_by_nobody() -> None:
    (one,) = _came(track("m1", **BAD_TIME))
    one.discarded_at = NOW
    with pytest.raises(IntegrityError, match="discarded_by_somebody_sometime"), transaction.atomic():
        one.save()


def test_every_reason_has_its_words_in_both_languages() -> None:
    for reason in event_reasons._REASONS:
        words = event_reasons.words_of(reason)
        assert len(words.cause) > 10
        assert len(words.remedy) > 10
        with translation.override("ja"):
            assert event_reasons.words_of(reason).cause != words.cause
            assert event_reasons.words_of(reason).remedy != words.remedy
    assert event_reasons.words_of("odd").cause == "odd"


def test_the_page_counts_by_reason_and_shows_no_address_of_anybody(manager: Client) -> None:
    hostile = {"event": "<script>alert(1)</script>\u202etxt", "userId": "taro@acme.example"}
    _came(track("m1", **BAD_TIME, **hostile), track("m2", **BAD_TIME), track("m3", event=""))
    page = manager.get(reverse("intake:quarantine"))
    text = page.content.decode()
    assert [(row.reason, row.count) for row in page.context["reasons"]] == [
        ("time_impossible", 2),
        ("no_event_name", 1),
    ]
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text
    assert "taro@acme.example" not in text
    one = manager.get(reverse("intake:quarantined", args=[page.context["found"].rows[-1].id]))
    assert "t…@acme.example" in one.content.decode()
    only = manager.get(reverse("intake:quarantine"), {"reason": "no_event_name"})
    assert only.context["found"].total == 1


def test_a_person_corrects_an_event_on_its_page(manager: Client) -> None:
    an_account("acme")
    (one,) = _came(track("m1", **BAD_TIME))
    address = reverse("intake:quarantined", args=[one.pk])
    refused = manager.post(address, {"event": "{"})
    assert refused.status_code == 422
    assert "not JSON" in refused.content.decode()
    assert manager.post(address, {"event": json.dumps(track("m1", groupId="acme"))}).status_code == 302
    assert _used("acme") == 1
    assert manager.get(address).status_code == 404


def test_a_person_tries_again_discards_and_takes_it_back(manager: Client) -> None:
    one, two = _came(track("m1", **BAD_TIME), track("m2", **BAD_TIME))
    tried = manager.post(reverse("intake:retry_events"), {"ids": [one.pk]}, follow=True)
    assert "1 event still cannot be counted" in tried.content.decode()
    gone = manager.post(reverse("intake:discard_events"), {"every": "1", "reason": "time_impossible"}, follow=True)
    assert "2 events were discarded." in gone.content.decode()
    assert Quarantined.objects.filter(discarded_by="馬場 文").count() == 2
    listed = manager.get(reverse("intake:quarantine"), {"state": "discarded"})
    assert [row.id for row in listed.context["found"].rows] == [two.pk, one.pk]
    manager.post(reverse("intake:bring_events_back"), {"discarded_at": gone.context["undo"]["moment"]})
    assert quarantine.totals() == quarantine.Totals(waiting=2, discarded=0)
    assert manager.post(reverse("intake:bring_events_back"), {"discarded_at": "now"}).status_code == 400


def test_what_is_in_quarantine_goes_out_whole_and_harmless(manager: Client) -> None:
    _came(track("m1", **BAD_TIME, userId="=cmd|' /C calc'!A0"))
    address = reverse("intake:quarantine_file", args=["jsonl"])
    sent = _body(manager.get(address))
    (row,) = [json.loads(text) for text in sent.splitlines()]
    assert json.loads(row["event"])["userId"] == "=cmd|' /C calc'!A0"
    table = _body(manager.get(reverse("intake:quarantine_file", args=["csv"]))).decode("utf-8-sig")
    assert table.splitlines()[0] == "reason,received_at,path,is_whole,place,event"
    assert "time_impossible" in table
    assert manager.get(reverse("intake:quarantine_file", args=["exe"])).status_code == 404


def test_only_who_may_import_sees_or_decides(client: Client) -> None:
    client.force_login(a_csm())
    (one,) = _came(track("m1", **BAD_TIME))
    for name, arguments in (("quarantine", []), ("quarantined", [one.pk]), ("quarantine_file", ["csv"])):
        assert client.get(reverse(f"intake:{name}", args=arguments)).status_code == 403
    for name in ("retry_events", "discard_events", "bring_events_back"):
        assert client.post(reverse(f"intake:{name}"), {"ids": [one.pk]}).status_code == 403


def test_the_page_asks_the_database_as_often_however_much_lies_there(
    manager: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for size in (2, 60):
        _came(*(track(f"m{size}-{nr}", **BAD_TIME) for nr in range(size)), sequence=size)
        with django_assert_max_num_queries(15) as seen:
            manager.get(reverse("intake:quarantine"))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_an_account_may_not_be_called_as_our_own_names_are() -> None:
    (one,) = _came(track("m1", groupId="~several:taro"))
    assert one.reason == "reserved_name"
    assert one.received_at == datetime(2026, 4, 6, 3, tzinfo=UTC)
