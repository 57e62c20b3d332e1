import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from banso.accounts import actions as account_actions
from banso.accounts import queries as accounts
from banso.accounts.testing import a_person, an_account
from banso.journal.testing import written
from banso.people.testing import AN_ACTOR, a_csm, a_key, a_manager, a_team, a_user, an_admin
from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.queries import unclaimed
from banso.usage.queries.unclaimed import Sought
from banso.usage.testing import NOW, events, recorded

pytestmark = pytest.mark.django_db(transaction=True)
SPAN = (date(2024, 1, 1), date(2026, 12, 31))
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _own_data_folder(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    with translation.override("en"):
        yield


def _some() -> None:
    """Let 3 events come for a group that we know, and 7 for four names that we do not."""
    an_account("acme")
    recorded(
        events(
            ("2026-04-01T03:00:00", "acme", "taro", "report.opened"),
            ("2026-04-01T03:00:01", "acme", "hanako", "report.opened"),
            ("2026-04-02T03:00:00", "acme", "taro", "report.opened"),
            ("2026-04-01T03:00:00", "ws-1", "jiro", "report.opened"),
            ("2026-04-02T03:00:00", "ws-1", "saburo", "report.opened"),
            ("2026-04-03T03:00:00", "ws-1", "jiro", "report.opened", 5.0),
            ("2026-03-01T03:00:00", "~user:shiro", "shiro", "report.opened"),
            ("2026-03-02T03:00:00", "~user:shiro", "shiro", "report.opened"),
            ("2026-03-03T03:00:00", "~several:goro", "goro", "report.opened"),
            ("2026-03-04T03:00:00", "~anonymous:v1", "v1", "report.opened"),
        )
    )


def _counted(*names: str) -> dict[str, tuple[int, int]]:
    actions.roll_up(LATER, time_zone="Asia/Tokyo")
    return {name: (one.n, one.people) for name, one in usage.totals_of(names, *SPAN).items()}


def _pk(external_id: str) -> int:
    return accounts.by_external_ids([external_id])[external_id]


def test_usage_without_an_account_is_listed_with_its_size_its_people_and_an_example() -> None:
    _some()
    found = unclaimed.unclaimed(Sought())
    assert [(row.kind, row.shown, row.n, row.people) for row in found.rows] == [
        ("group", "ws-1", 3, 2),
        ("user", "shiro", 2, 1),
        ("visitor", "v1", 1, 1),
        ("several", "goro", 1, 1),
    ]
    assert (found.total, found.names["group"], found.events["user"]) == (4, 1, 2)
    first = found.rows[0]
    assert (first.first_at.date(), first.last_at.date()) == (date(2026, 4, 1), date(2026, 4, 3))
    assert first.example == "report.opened"
    assert [row.name for row in unclaimed.unclaimed(Sought(kind="user")).rows] == ["~user:shiro"]
    assert [row.name for row in unclaimed.unclaimed(Sought(text="WS")).rows] == ["ws-1"]
    assert [row.n for row in unclaimed.unclaimed(Sought(sort="n"), offset=1, limit=2).rows] == [1, 2]


def test_an_installation_without_events_has_none() -> None:
    assert unclaimed.unclaimed(Sought()) == unclaimed.UnclaimedPage(rows=[], total=0, names={}, events={})


def test_attached_usage_counts_for_the_account_once_with_what_comes_later_and_can_be_taken_back() -> None:
    _some()
    user = an_admin()
    assert _counted("acme", "ws-1") == {"acme": (3, 2), "ws-1": (3, 2)}
    done = actions.attach(
        names=["ws-1", "~user:shiro", "nobody"], account_id=_pk("acme"), viewer=user, by=AN_ACTOR, now=NOW
    )
    assert (done.count, done.skipped) == (2, 1)
    assert _counted("acme", "ws-1", "~user:shiro") == {"acme": (8, 5)}
    recorded(events(("2026-04-04T03:00:00", "ws-1", "jiro", "report.opened")), now=LATER)
    assert _counted("acme", "ws-1") == {"acme": (9, 5)}
    assert [row.name for row in unclaimed.unclaimed(Sought()).rows] == ["~anonymous:v1", "~several:goro"]
    assert actions.detach(made_at=NOW, viewer=user, by=AN_ACTOR, now=LATER) == 2
    assert _counted("acme", "ws-1", "~user:shiro") == {"acme": (3, 2), "ws-1": (4, 2), "~user:shiro": (2, 1)}
    told = written("usage.attached", "usage.detached")
    assert [(row.verb, row.account_id, row.details["count"]) for row in told] == [
        ("usage.attached", _pk("acme"), 2),
        ("usage.detached", _pk("acme"), 1),
        ("usage.detached", _pk("acme"), 1),
    ]
    assert told[0].details["names"] == ["ws-1", "shiro"]


def test_a_new_account_takes_the_usage_and_goes_with_it_while_nothing_else_is_known() -> None:
    _some()
    user = an_admin()
    titles = {"ws-1": "株式会社いち", "~user:shiro": "四郎商店"}
    assert actions.attach_to_new(titles=titles, user=user, by=AN_ACTOR, now=NOW).count == 2
    assert _counted("ws-1", "shiro") == {"ws-1": (3, 2), "shiro": (2, 1)}
    assert accounts.visible_to(user).get(external_id="ws-1").name == "株式会社いち"
    a_person("shiro", "someone")
    assert actions.detach(made_at=NOW, viewer=user, by=AN_ACTOR, now=LATER) == 2
    left = accounts.visible_to(user).order_by("pk").values_list("external_id", flat=True)
    assert list(left) == ["acme", "shiro"]  # who has a person stays
    assert {row.name for row in unclaimed.unclaimed(Sought()).rows} >= {"ws-1", "~user:shiro"}
    assert [row.subject_label for row in written("account.withdrawn")] == ["株式会社いち"]


def test_an_id_that_an_account_has_already_adds_none() -> None:
    _some()
    an_account("shiro")
    with pytest.raises(account_actions.RowsRefused):
        actions.attach_to_new(titles={"ws-1": "x", "~user:shiro": "y"}, user=an_admin(), by=AN_ACTOR, now=NOW)
    assert "ws-1" not in accounts.by_external_ids(["ws-1"])
    assert unclaimed.unclaimed(Sought()).total == 4


def test_what_is_set_aside_is_not_asked_about_until_it_is_brought_back() -> None:
    _some()
    assert actions.set_aside(names=["ws-1", "~anonymous:v1"], by=AN_ACTOR, now=NOW) == 2
    assert {row.shown for row in unclaimed.unclaimed(Sought()).rows} == {"shiro", "goro"}
    assert [row.shown for row in unclaimed.names_set_aside()[0]] == ["ws-1", "v1"][::-1]
    assert actions.ask_again(made_at=NOW, by=AN_ACTOR, now=LATER) == 2
    assert actions.ask_again(names=["ws-1"], by=AN_ACTOR, now=LATER) == 0
    assert unclaimed.unclaimed(Sought()).total == 4
    assert [row.verb for row in written("usage.set_aside", "usage.asked_again")] == [
        "usage.set_aside",
        "usage.asked_again",
    ]


def test_nothing_is_attached_to_an_account_out_of_sight_or_under_a_name_that_waits_for_none() -> None:
    _some()
    csm = a_user("kita@banso.example", role="manager", reach="teams", teams=[a_team()])
    with pytest.raises(actions.NoSuchAccount):
        actions.attach(names=["ws-1"], account_id=_pk("acme"), viewer=csm, by=AN_ACTOR, now=NOW)
    with pytest.raises(actions.NotUnclaimed):
        actions.attach(names=["acme"], account_id=_pk("acme"), viewer=an_admin(), by=AN_ACTOR, now=NOW)
    assert unclaimed.unclaimed(Sought()).total == 4


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_manager())
    return client


def test_a_person_attaches_what_they_ticked_and_undoes_it(manager: Client) -> None:
    _some()
    chosen = manager.post(reverse("usage:attach"), {"ids": ["ws-1", "~user:shiro"]})
    assert "2 IDs will count" in chosen.content.decode()
    found = manager.post(reverse("usage:attach"), {"names": ["ws-1", "~user:shiro"], "q": "acme", "account": ""})
    assert [one.external_id for one in found.context["candidates"]] == ["acme"]
    done = manager.post(
        reverse("usage:attach"), {"names": ["ws-1", "~user:shiro"], "q": "acme", "account": _pk("acme")}, follow=True
    )
    assert "2 IDs count for the account" in done.content.decode()
    listed = manager.get(reverse("usage:unclaimed"), {"state": "attached"})
    assert {(row.shown, row.made_by) for row in listed.context["rows"]} == {("ws-1", "馬場 文"), ("shiro", "馬場 文")}
    undo = done.context["undo"]
    manager.post(reverse("usage:take_back"), {"made_at": undo["moment"], "what": undo["what"]})
    assert unclaimed.unclaimed(Sought()).total == 4


def test_a_person_adds_accounts_for_what_they_ticked(manager: Client) -> None:
    _some()
    page = manager.post(reverse("usage:add_accounts"), {"ids": ["ws-1"]})
    assert "Name of the account ws-1" in page.content.decode()
    empty = manager.post(reverse("usage:add_accounts"), {"names": ["ws-1"], "sure": "1", "title:ws-1": ""})
    assert empty.status_code == 422
    manager.post(reverse("usage:add_accounts"), {"names": ["ws-1"], "sure": "1", "title:ws-1": "いち"})
    assert accounts.names_of([_pk("ws-1")]) == {_pk("ws-1"): "いち"}


def test_all_that_a_filter_finds_is_set_aside_and_one_is_asked_about_again(manager: Client) -> None:
    _some()
    done = manager.post(reverse("usage:set_aside"), {"every": "1", "kind": "user", "text": ""}, follow=True)
    assert "1 ID was set aside." in done.content.decode()
    assert manager.get(reverse("usage:unclaimed"), {"state": "aside"}).context["total"] == 1
    manager.post(reverse("usage:take_back"), {"what": "aside", "names": ["~user:shiro"]})
    assert unclaimed.unclaimed(Sought()).total == 4
    again = manager.post(reverse("usage:set_aside"), {"ids": ["nobody"]}, follow=True)
    assert "counts for an account already" in again.content.decode()


def test_the_list_goes_out_as_csv_that_runs_nothing(manager: Client) -> None:
    recorded(events(("2026-04-01T03:00:00", "=1+1", "taro", "report.opened")))
    answer: Any = manager.get(reverse("usage:unclaimed_file"))
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows[1][:4] == ["Accounts unknown to us", "'=1+1", "1", "1"]


def test_only_who_may_say_what_usage_stands_for_sees_or_attaches_it(client: Client) -> None:
    client.force_login(a_csm())
    for name in ("unclaimed", "unclaimed_file"):
        assert client.get(reverse(f"usage:{name}")).status_code == 403
    for name in ("attach", "set_aside", "take_back"):
        assert client.post(reverse(f"usage:{name}"), {"ids": ["ws-1"]}).status_code == 403
    assert client.post(reverse("usage:add_accounts"), {"ids": ["ws-1"]}).status_code == 403


def test_the_page_asks_as_often_for_many_as_for_few(
    manager: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for size in (2, 200):
        recorded(events(*(("2026-04-01T03:00:00", f"ws-{size}-{nr}", "taro", "x") for nr in range(size))))
        with django_assert_max_num_queries(15) as seen:
            page = manager.get(reverse("usage:unclaimed"))
        counts.append(len(seen))
    assert page.context["total"] == 202
    assert counts[0] == counts[1]


def test_programs_list_attach_and_detach(client: Client) -> None:
    _some()
    _key, secret = a_key("admin")
    said: dict[str, Any] = {"headers": {"Authorization": f"Bearer {secret}"}, "content_type": "application/json"}
    listed = client.get("/api/v1/usage/unclaimed?kind=group", **said).json()
    assert (listed["total"], listed["items"][0]["name"], listed["items"][0]["events"]) == (1, "ws-1", 3)
    body = {"names": ["ws-1"], "account_external_id": "acme"}
    assert client.post("/api/v1/usage/unclaimed/attach", body, **said).json() == {"count": 1}
    assert client.post("/api/v1/usage/unclaimed/attach", body, **said).status_code == 409
    gone = body | {"account_external_id": "ghost"}
    assert client.post("/api/v1/usage/unclaimed/attach", gone, **said).status_code == 404
    assert client.post("/api/v1/usage/unclaimed/detach", {"names": ["ws-1"]}, **said).json() == {"count": 1}
    _key, reader = a_key("read")
    refused = client.get("/api/v1/usage/unclaimed", headers={"Authorization": f"Bearer {reader}"})
    assert refused.status_code == 403
