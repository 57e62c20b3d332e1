"""The list of alerts, the evidence of one, and what staff do about it: snooze, wake, resolve, open again."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from banso.accounts.testing import an_account
from banso.api.testing import an_api_client
from banso.contracts.testing import a_contract, a_line
from banso.health import actions, queries
from banso.health.models import Alert, Outlook, Snooze
from banso.health.queries import AlertAsked
from banso.health.testing import A_MOMENT, A_TODAY, an_alert
from banso.journal.testing import written
from banso.people.testing import AN_ACTOR, a_csm, a_manager, a_reader, a_user

pytestmark = pytest.mark.django_db

LATER = A_TODAY + timedelta(days=14)


@pytest.fixture(autouse=True)
def _in_english_today(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: A_MOMENT)
    with translation.override("en"):
        yield


@pytest.fixture
def csm(client: Client) -> Client:
    client.force_login(a_csm())
    return client


def an_outlook(**said: Any) -> None:
    Outlook.objects.create(
        **{
            "as_of_on": A_TODAY,
            "computed_at": A_MOMENT,
            "alarms_a_year": "0.5",
            "watched": 121,
            "small": 1,
            "quiet_weeks": 8455,
            **said,
        }
    )


def snoozed(alert: Alert, until_on: date = LATER) -> None:
    actions.snooze(alert_id=alert.pk, until_on=until_on, reason="繁忙期", by=AN_ACTOR, now=A_MOMENT, today=A_TODAY)


def text_of(client: Client, name: str, *args: object, **query: str) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def test_the_list_says_who_fell_since_when_and_how_far(csm: Client) -> None:
    an_outlook(outages=[["2026-11-02", 0.55]])
    an_alert("one")

    text = text_of(csm, "health:alerts")

    assert "株式会社one" in text
    assert "−50%" in text
    assert "−60%〜−40%" in text
    assert "seen 9 Nov 2026" in text
    assert "121 accounts are watched" in text
    assert "In the week from 2 Nov 2026 all accounts together did only 55%" in text


def test_the_list_is_narrowed_by_tab_text_and_owner_and_sorted(csm: Client) -> None:
    owner = a_user("owner@example.jp")
    first = an_alert("first", size=-0.2, account_id=an_account("first", owner_email=owner.email))
    rests, over = an_alert("rests"), an_alert("over", size=-0.9)
    third = an_alert("third", size=-0.7)
    snoozed(rests)
    actions.resolve(alert_id=over.pk, note="済", by=AN_ACTOR, now=A_MOMENT)

    def ids(**said: str) -> list[int]:
        page = queries.alert_page(a_viewer, AlertAsked.read(said), number=1, today=A_TODAY)
        return [line.id for line in page.lines]

    a_viewer = a_manager()
    assert ids(sort="size") == [third.pk, first.pk]
    assert ids(sort="-size") == ids(sort="-size", tab="nonsense") == [first.pk, third.pk]
    assert ids(tab="snoozed") == [rests.pk]
    assert ids(tab="closed") == [over.pk]
    assert ids(q="third") == [third.pk]
    assert ids(owner=str(owner.pk)) == [first.pk]
    assert len(ids(sort="x", owner="x")) == 2
    assert queries.alert_page(a_viewer, AlertAsked(), number=9, today=A_TODAY).counts == {
        "open": 2,
        "snoozed": 1,
        "closed": 1,
    }
    assert "No alert is like that" in text_of(csm, "health:alerts", q="nobody")
    assert "繁忙期" in text_of(csm, "health:alerts", tab="snoozed")
    assert "Resolved" in text_of(csm, "health:alerts", tab="closed")


def test_most_revenue_comes_first(csm: Client) -> None:
    small, large = an_alert("small"), an_alert("large")
    a_contract("large", lines=[a_line(amount_minor=500_000)])

    page = queries.alert_page(a_manager(), AlertAsked(), number=1, today=A_TODAY)

    assert [line.id for line in page.lines] == [large.pk, small.pk]
    assert page.lines[0].mrr == 500_000
    assert csm.get(reverse("health:alerts")).status_code == 200


def test_an_empty_list_says_why(csm: Client) -> None:
    assert "Nothing was watched yet" in text_of(csm, "health:alerts")
    an_outlook(quiet_weeks=100, needed_weeks=520)
    assert "420 more weeks of accounts" in text_of(csm, "health:alerts")
    Outlook.objects.all().delete()
    an_outlook()
    assert "uses the product clearly less" in text_of(csm, "health:alerts")
    assert "The other tabs may have some" in text_of(csm, "health:alerts", tab="closed")
    assert "No small account is known yet" in text_of(csm, "health:small")


def test_small_accounts_have_a_page_of_their_own(csm: Client) -> None:
    one, other = an_account("one", name="株式会社小"), an_account("other", name="株式会社新")
    an_outlook(months=[[one, 4, 20.0, 0.2, 0.1, 0.35], [other, 3, None, None, None, None]])

    text = text_of(csm, "health:small")

    assert "株式会社小" in text
    assert "10%〜35%" in text
    assert "株式会社新" not in text


def test_the_evidence_is_plotted_with_its_band_and_marks(csm: Client) -> None:
    alert = an_alert("one")

    text = text_of(csm, "health:alert", alert.pk)
    line = queries.alert_with(a_manager(), alert.pk, today=A_TODAY)

    assert "−50% (−60% to −40%) against what was expected, since the week from 19 Oct 2026" in text
    assert line is not None
    chart = queries.course_chart(line)
    assert [one["values"][-1] for one in chart["series"]] == [50.0, 100.0, 70.0, 130.0]
    assert [mark["x"] for mark in chart["marks"]] == [date(2026, 10, 19), date(2026, 11, 2)]
    assert "xAxis" not in text
    assert '"x": "19 Oct 2026", "label": "Fell, then seen"' in text


def test_an_alert_rests_until_its_day_and_is_heard_again(csm: Client) -> None:
    alert = an_alert("one")

    answer = csm.post(reverse("health:snooze", args=[alert.pk]), {"until_on": "2026/12/08", "reason": "決算期"})

    assert answer.status_code == 302
    line = queries.alert_with(a_manager(), alert.pk, today=A_TODAY)
    assert line is not None
    assert (line.state, line.snoozed_until_on, line.snooze_reason) == ("snoozed", date(2026, 12, 8), "決算期")
    assert line.snoozed_by
    assert not queries.alerting(A_TODAY).exists()
    assert queries.alerting(date(2026, 12, 8)).get() == alert
    assert "Snoozed until 8 Dec 2026" in text_of(csm, "health:alert", alert.pk)
    assert written("alert.snoozed")[0].details["reason"] == "決算期"

    csm.post(reverse("health:wake", args=[alert.pk]))
    csm.post(reverse("health:wake", args=[alert.pk]))
    assert queries.alerting(A_TODAY).get() == alert
    assert len(written("alert.woken")) == 1


def test_a_second_rest_takes_the_place_of_the_first() -> None:
    alert = an_alert("one")
    snoozed(alert)
    snoozed(alert, LATER + timedelta(days=7))

    line = queries.alert_with(a_manager(), alert.pk, today=A_TODAY)

    assert line is not None
    assert line.snoozed_until_on == LATER + timedelta(days=7)
    assert Snooze.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"until_on": "2026/11/24", "reason": "x"}, "Enter a day after today, within a year."),
        ({"until_on": "2028/01/01", "reason": "x"}, "Enter a day after today, within a year."),
        ({"until_on": "soon", "reason": "x"}, "is not a date"),
        ({"until_on": "2026/12/08", "reason": " "}, "required"),
    ],
)
def test_a_rest_needs_a_day_ahead_and_a_reason(csm: Client, said: dict[str, str], sentence: str) -> None:
    alert = an_alert("one")

    answer = csm.post(reverse("health:snooze", args=[alert.pk]), said)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Snooze.objects.exists()


def test_the_action_itself_refuses_what_the_form_would() -> None:
    alert = an_alert("one")
    with pytest.raises(actions.WrongDay):
        snoozed(alert, A_TODAY)
    with pytest.raises(actions.NoReason):
        actions.snooze(alert_id=alert.pk, until_on=LATER, reason=" ", by=AN_ACTOR, now=A_MOMENT, today=A_TODAY)


def test_what_was_dealt_with_is_resolved_and_can_be_opened_again(csm: Client) -> None:
    alert = an_alert("one")

    csm.post(reverse("health:resolve", args=[alert.pk]), {"note": "担当変更を支援した"})

    alert.refresh_from_db()
    assert (alert.closing, alert.note) == ("resolved", "担当変更を支援した")
    assert alert.closed_by is not None
    text = text_of(csm, "health:alert", alert.pk)
    assert "担当変更を支援した" in text
    assert "Open again" in text
    csm.post(reverse("health:reopen", args=[alert.pk]))
    alert.refresh_from_db()
    assert (alert.closed_at, alert.closing, alert.note) == (None, "", "")
    assert [one.verb for one in written()][-2:] == [
        "alert.resolved",
        "alert.reopened",
    ]


def test_what_changed_meanwhile_is_said(csm: Client) -> None:
    alert = an_alert("one")
    actions.resolve(alert_id=alert.pk, note="", by=AN_ACTOR, now=A_MOMENT)
    for name, said in (("snooze", {"until_on": "2026/12/08", "reason": "x"}), ("wake", {}), ("resolve", {})):
        answer = csm.post(reverse(f"health:{name}", args=[alert.pk]), said, follow=True)
        assert "The alert has changed meanwhile" in answer.content.decode()
    actions.reopen(alert_id=alert.pk, by=AN_ACTOR, now=A_MOMENT)
    answer = csm.post(reverse("health:reopen", args=[alert.pk]), follow=True)
    assert "The alert has changed meanwhile" in answer.content.decode()


def test_readers_look_and_do_nothing(client: Client) -> None:
    client.force_login(a_reader())
    alert = an_alert("one")

    assert "Snooze until" not in text_of(client, "health:alert", alert.pk)
    for name in ("snooze", "wake", "resolve", "reopen"):
        assert client.post(reverse(f"health:{name}", args=[alert.pk])).status_code == 403
    assert client.get(reverse("health:alert_rate")).status_code == 403
    assert client.get(reverse("health:export_alerts", args=["csv"])).status_code == 403


def test_alerts_of_others_accounts_are_not_there(client: Client) -> None:
    client.force_login(a_user("far@banso.example", role="csm", reach="teams"))
    alert = an_alert("one")

    assert client.get(reverse("health:alert", args=[alert.pk])).status_code == 404
    assert client.post(reverse("health:resolve", args=[alert.pk])).status_code == 404
    assert "株式会社one" not in text_of(client, "health:alerts")


def test_the_list_is_taken_away_as_a_file(csm: Client) -> None:
    an_alert("one")
    answer: Any = csm.get(reverse("health:export_alerts", args=["csv"]))

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert lines[1].split(",") == [
        "one", "株式会社one", "", "2026-10-19", "2026-11-09", "-50.0", "-60.0", "-40.0", "50.0", "100.0",
        "To look at", "", "", "0", "JPY", "2026-11-24",
    ]  # fmt: skip
    assert csm.get(reverse("health:export_alerts", args=["pdf"])).status_code == 404
    assert len(written("export.sent")) == 1


def test_a_manager_says_how_many_false_alarms_are_worth_it(client: Client) -> None:
    client.force_login(a_manager())
    an_outlook()

    assert "8,455 weeks of accounts" in text_of(client, "health:alert_rate")
    assert client.post(reverse("health:alert_rate"), {"rate": "9"}).status_code == 422
    assert client.post(reverse("health:alert_rate"), {"rate": "1.5"}).status_code == 302
    assert queries.alarms_a_year() == 1.5


def test_the_number_of_queries_does_not_grow_with_the_alerts() -> None:
    viewer = a_manager()

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            queries.alert_page(viewer, AlertAsked(), number=1, today=A_TODAY)
        return len(caught)

    an_alert("first")
    few = asked()
    for n in range(20):
        an_alert(f"more{n}")
    assert asked() == few


def test_alerts_speak_json() -> None:
    alert, over = an_alert("one"), an_alert("two")
    actions.resolve(alert_id=over.pk, note="", by=AN_ACTOR, now=A_MOMENT)
    caller = an_api_client("write")

    items = caller.get("alerts").json()["items"]
    assert [(one["account_external_id"], one["change"], one["state"]) for one in items] == [("one", -0.5, "open")]
    last = {"week": "2026-11-16", "events": 50.0, "expected": 100.0, "low": 70.0, "high": 130.0}
    assert items[0]["weeks"][-1] == last
    assert len(caller.get("alerts", state="all").json()["items"]) == 2
    rest = {"until_on": "2026-12-08", "reason": "決算期"}
    refused = caller.post(f"alerts/{alert.pk}/snooze", rest | {"until_on": "2026-11-24"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "until_on")
    assert caller.post(f"alerts/{alert.pk}/snooze", rest | {"reason": " "}).status_code == 422
    done = caller.post(f"alerts/{alert.pk}/snooze", rest).json()
    assert (done["state"], done["snoozed_until_on"]) == ("snoozed", "2026-12-08")
    assert caller.post(f"alerts/{alert.pk}/resolve", {"note": "済"}).json()["closing"] == "resolved"
    assert caller.post(f"alerts/{alert.pk}/resolve", {}).status_code == 409
    assert caller.post(f"alerts/{alert.pk}/snooze", rest).status_code == 409
    assert caller.post("alerts/999/resolve", {}).status_code == 404
    assert an_api_client().post(f"alerts/{alert.pk}/resolve", {}).status_code == 403
