"""The list of limits: what passes first on top, filtered, paged, taken away; one account with its charts; the link."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from banso.contracts import queries as contracts
from banso.growth import queries
from banso.growth.models import Forecast
from banso.growth.queries import Asked
from banso.growth.testing import A_MOMENT, A_TODAY, EVENT, an_account_with_limit, measured, metered
from banso.people.access import User
from banso.people.testing import a_csm, a_manager, a_reader, a_user, an_admin
from banso.usage.testing import events, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: A_MOMENT)


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_manager())
    return client


def some() -> dict[str, int]:
    """Add one account over its limit, one near it, one far from it, one new and one that nothing counts for."""
    made = {
        "far": an_account_with_limit("far", limit=9000, daily=10),
        "near": an_account_with_limit("near", limit=260, daily=10),
        "over": an_account_with_limit("over", limit=200, daily=10),
        "new": an_account_with_limit("new", limit=900, starts_on=A_TODAY - timedelta(days=20)),
        "loose": an_account_with_limit("loose", limit=900, meter=""),
    }
    metered("new", 10, days=20)
    measured()
    return made


def names(**said: str) -> list[str]:
    viewer = User.objects.filter(role="admin").first() or an_admin()
    page = queries.limit_page(viewer, Asked.read(said), number=1, today=A_TODAY)
    return [line.account_external_id for line in page.lines]


def test_what_passes_first_stands_on_top() -> None:
    some()
    page = queries.limit_page(an_admin(), Asked(), number=1, today=A_TODAY)
    assert [line.account_external_id for line in page.lines] == ["over", "near", "far", "new", "loose"]
    assert page.counts == {"all": 5, "over": 1, "soon": 1, "ahead": 1, "unlinked": 1, "too_little": 1}
    over, near, far, new, loose = page.lines
    assert (over.share, over.tone, over.mrr, over.days_left) == (1.15, "poor", 10_000, -3)
    assert (near.tone, near.is_open, near.days_left) == ("warn", False, 3)
    assert (far.state_label, far.probability, far.days_left) == ("Not expected to pass", 0, None)
    assert new.missing_days == 36
    assert (loose.share, loose.meter, over.meter, over.counting) == (None, "", EVENT, "sum")


def test_the_list_is_narrowed_and_sorted_by_its_address() -> None:
    some()
    assert names(tab="over") == ["over"]
    assert names(tab="soon") == names(tab="ahead") == ["near"]
    assert names(tab="unlinked") == ["loose"]
    assert names(tab="too_little") == ["new"]
    assert names(q="far") == ["far"]
    assert names(owner="12345") == []
    assert names(owner="me", tab="x", sort="y")[0] == "over"
    assert names(sort="-share") == ["over", "near", "new", "far", "loose"]
    assert names(sort="share")[0] == "far"


def test_pages_show_tabs_interval_and_what_to_do(manager: Client) -> None:
    made = some()
    text = manager.get(reverse("growth:limits")).content.decode()
    assert "Over since 21 Nov 2026" in text
    assert "27 Nov 2026〜27 Nov 2026" in text
    assert "36 more days are needed" in text
    assert "3 days left" in text
    assert reverse("growth:link", args=[line_of(made["loose"])]) in text
    assert "when 20 more have had their time" in text
    empty = manager.get(reverse("growth:limits"), {"q": "nobody"}).content.decode()
    assert "No limit is like that" in empty
    assert manager.get(reverse("growth:limits"), {"page": "x"}).status_code == 200


def test_without_limits_the_page_says_where_they_come_from(manager: Client) -> None:
    assert "No contract has a limit yet" in manager.get(reverse("growth:limits")).content.decode()


def test_the_list_is_taken_away_as_a_file(manager: Client) -> None:
    some()
    answer: Any = manager.get(reverse("growth:export", args=["csv"]), {"tab": "soon"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].split(",") == [
        "near", "株式会社near", "", "メール配信", "通", "230.0", "260", "88.5", "Expected to pass", "2026-11-27",
        "2026-11-27", "2026-11-27", "100", "2026-11-01", "2026-12-01", "10000", "JPY", "2026-11-24",
    ]  # fmt: skip
    book: Any = manager.get(reverse("growth:export", args=["xlsx"]))
    assert b"".join(book.streaming_content)[:2] == b"PK"
    assert manager.get(reverse("growth:export", args=["pdf"])).status_code == 404


def test_an_account_shows_each_limit_with_its_chart(manager: Client) -> None:
    made = some()
    chart = queries.charts_of(made["near"], [line_of(made["near"])], today=A_TODAY)[line_of(made["near"])]
    assert chart["series"][0]["name"] == "Used"
    assert chart["marks"] == [{"y": 260, "label": "Limit"}]
    assert len(chart["x"]) == 30
    assert [round(one["values"][-1]) for one in chart["series"][1:]] == [300, 300, 300]
    assert chart["max"] == 315
    text = manager.get(reverse("growth:account", args=[made["near"]])).content.decode()
    assert "Used and foreseen, by day" in text
    assert "from 1 Nov 2026, before 1 Dec 2026" in text
    assert manager.get(reverse("growth:account", args=[10**6])).status_code == 404
    bare = manager.get(reverse("growth:account", args=[made["loose"]])).content.decode()
    assert "Used and foreseen, by day" not in bare


def test_what_counts_is_guessed_by_name_and_kept(manager: Client) -> None:
    account = an_account_with_limit("loose", meter="")
    recorded(
        events(
            ("2026-11-02T03:00:00", "loose", None, "report_opened", None),
            ("2026-11-02T03:00:00", "loose", None, "メール配信数", 5.0),
        )
    )
    measured()
    address = reverse("growth:link", args=[line_of(account)])
    assert '<option value="メール配信数" selected>' in manager.get(address).content.decode()
    wrong = manager.post(address, {"meter": "", "counting": "sum", "period": "month"})
    assert wrong.status_code == 422
    assert "Choose the event that is counted" in wrong.content.decode()
    right = {"meter": "メール配信数", "counting": "count", "period": "term"}
    assert manager.post(address, right).status_code == 302
    (row,) = contracts.limits_on(A_TODAY)
    assert (row.meter, row.counting, row.cycle.period) == ("メール配信数", "count", "term")
    long = {**right, "meter": "x" * 101}
    assert manager.post(address, long).status_code == 422
    assert manager.get(reverse("growth:link", args=[10**6])).status_code == 404


def test_only_those_who_may_change_contracts_say_what_counts(client: Client) -> None:
    account = an_account_with_limit("loose", meter="")
    measured()
    client.force_login(a_csm())
    assert client.get(reverse("growth:link", args=[line_of(account)])).status_code == 403
    client.force_login(a_reader())
    assert client.get(reverse("growth:limits")).status_code == 200
    assert client.get(reverse("growth:export", args=["csv"])).status_code == 403


def test_what_others_look_after_is_not_shown() -> None:
    some()
    assert (
        queries.limit_page(
            a_user("mori@banso.example", role="csm", reach="teams"), Asked(), number=1, today=A_TODAY
        ).lines
        == []
    )


def test_past_forecasts_tell_how_many_came_true(manager: Client) -> None:
    account = an_account_with_limit(limit=260, daily=10)
    measured()
    usual: dict[str, Any] = {"line_id": line_of(account), "made_on": A_TODAY, "probability": 1, "settles_on": A_TODAY}
    weeks = [A_TODAY - timedelta(weeks=back) for back in range(1, 22)]
    Forecast.objects.bulk_create(
        Forecast(**usual, week_on=week, expected_on=week, low_on=week, outcome="hit" if place < 15 else "late")
        for place, week in enumerate(weeks[:20])
    )
    Forecast.objects.create(**usual, week_on=weeks[20], outcome="hit")
    assert (queries.record().judged, queries.record().hits) == (20, 15)
    assert (
        "Of 20 past forecasts whose time has come, 15 (75%)" in manager.get(reverse("growth:limits")).content.decode()
    )


def test_a_limit_is_news_while_it_is_near() -> None:
    made = some()

    def told(ago: int, within: int) -> set[int]:
        return {row.account_id for row in queries.passing(A_TODAY + timedelta(days=ago), within_days=within)}

    assert told(0, 3) == {made["over"], made["near"]}  # near passes on the third day
    assert told(0, 2) == {made["over"]}
    assert told(11, 60) == {made["over"], made["near"]}  # over was passed on the 21st
    assert told(12, 60) == {made["near"]}
    assert told(40, 60) == set()


def test_a_page_asks_as_little_of_many_as_of_few(manager: Client) -> None:
    counts = []
    for size in (2, 12):
        for number in range(size):
            an_account_with_limit(f"a{size}-{number}", limit=260)
        measured()
        with CaptureQueriesContext(connection) as seen:
            manager.get(reverse("growth:limits"))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def line_of(account: int) -> int:
    return contracts.limits_on(A_TODAY, [account])[0].line_id
