from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from banso.people.testing import a_csm, a_manager
from banso.usage import actions
from banso.usage.queries import catalogue
from banso.usage.testing import NOW, events, recorded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_data_folder(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_manager())
    return client


def _came(*names: str, day: str = "2026-04-01") -> dict[str, int]:
    recorded(events(*((f"{day}T03:00:00", "acme", "taro", name) for name in names)))
    actions.describe_events(now=NOW)
    return {row.name: row.id for row in catalogue.catalogue(catalogue.Sought(), limit=500)[0]}


def test_a_name_is_renamed_merged_and_put_back_as_it_was(manager: Client) -> None:
    ids = _came("report.opened", "Report Opened")
    page = manager.get(reverse("desk:event", args=[ids["Report Opened"]]))
    assert "What it stands for" in page.content.decode()
    change = reverse("desk:change_event", args=[ids["Report Opened"]])
    into = {"label": "Reports", "kind": "feature", "counts_as": str(ids["report.opened"])}
    done = manager.post(change, into, follow=True)
    row = done.context["row"]
    assert (row.label, row.counts_as_name) == ("Reports", "report.opened")
    other = manager.get(reverse("desk:event", args=[ids["report.opened"]]))
    assert [one.name for one in other.context["detail"].merged] == ["Report Opened"]
    manager.post(change, {**done.context["undo"], "undo": "1"})
    row = manager.get(reverse("desk:event", args=[ids["Report Opened"]])).context["row"]
    assert (row.label, row.counts_as_name) == ("", "")


def test_a_merge_that_cannot_be_says_why(manager: Client) -> None:
    ids = _came("a", "b", "c")
    manager.post(reverse("desk:change_event", args=[ids["a"]]), {"kind": "feature", "counts_as": str(ids["b"])})
    chain = manager.post(reverse("desk:change_event", args=[ids["b"]]), {"kind": "feature", "counts_as": str(ids["c"])})
    assert chain.status_code == 422
    assert "Separate them first" in chain.content.decode()
    assert manager.post(reverse("desk:change_event", args=[0]), {"kind": "feature"}).status_code == 404


def test_ticked_names_are_ignored_and_count_again(manager: Client) -> None:
    ids = _came("a", "b", "c")
    manager.post(reverse("desk:classify_events"), {"ids": [ids["a"], ids["b"]], "kind": "ignored"})
    ignored = manager.get(reverse("desk:events"), {"kind": "ignored"})
    assert {row.name for row in ignored.context["rows"]} == {"a", "b"}
    manager.post(reverse("desk:classify_events"), {"ids": [ids["a"]], "kind": "feature"})
    assert manager.get(reverse("desk:events"), {"kind": "ignored"}).context["total"] == 1


def test_hostile_names_are_shown_as_text(manager: Client) -> None:
    _came('<img src=x onerror="alert(1)">', "\u202egnp.exe")
    text = manager.get(reverse("desk:events")).content.decode()
    assert "<img src=x" not in text
    assert "<bdi>\u202egnp.exe</bdi>" in text


def test_who_may_only_look_sees_the_names_and_changes_nothing(client: Client) -> None:
    client.force_login(a_csm())
    ids = _came("a")
    page = client.get(reverse("desk:event", args=[ids["a"]]))
    assert page.status_code == 200
    assert "What it stands for" not in page.content.decode()
    assert client.post(reverse("desk:change_event", args=[ids["a"]]), {"kind": "ignored"}).status_code == 403
    assert client.post(reverse("desk:classify_events"), {"ids": [ids["a"]], "kind": "ignored"}).status_code == 403


def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    manager: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for size in (2, 70):
        _came(*(f"n{size}-{nr}" for nr in range(size)))
        with django_assert_max_num_queries(12) as seen:
            page = manager.get(reverse("desk:events"), {"sort": "-n"})
        counts.append(len(seen))
    assert page.context["total"] == 72
    assert counts[0] == counts[1]
    assert NOW - timedelta(days=30) < page.context["described_at"]
