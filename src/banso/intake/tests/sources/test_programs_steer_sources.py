"""Programs list sources, read them, pause and resume them, with a key that may; settings and secrets stay inside."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from banso.intake.actions.sources import pulling
from banso.intake.models import SourceRun
from banso.intake.testing import a_feed, a_source, pulled
from banso.people.testing import a_key

pytestmark = pytest.mark.django_db


def asked(client: Client, method: str, path: str, scope: str = "admin") -> Any:
    headers = {"authorization": f"Bearer {a_key(scope)[1]}"}
    return getattr(client, method)(f"/api/v1/sources{path}", headers=headers)


def test_a_source_is_listed_run_and_paused(client: Client, incoming: Path, later: datetime) -> None:
    source = a_source(incoming)
    a_feed(source, ("external_id", "id"), ("name", "company"))
    (incoming / "a.csv").write_text("id,company\nA-1,Acme\n,Nobody\n", encoding="utf-8")
    pulled(source, later)
    [one] = asked(client, "get", "").json()["items"]
    assert (one["name"], one["kind"], one["last_run"]["state"]) == ("CRM", "folder", "partial")
    assert (one["last_run"]["read"], one["last_run"]["added"], one["last_run"]["refused"]) == (2, 1, 1)
    assert str(incoming) not in str(one)
    answer = asked(client, "post", f"/{source.pk}/run")
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    pulling.pull(SourceRun.objects.latest("pk").pk, now=later)
    listed = asked(client, "get", f"/{source.pk}/runs").json()["items"]
    assert sorted(run["state"] for run in listed) == ["done", "partial"]
    assert asked(client, "post", f"/{source.pk}/pause").json()["due_at"] is None
    assert asked(client, "post", f"/{source.pk}/resume").json()["paused_at"] is None


def test_what_cannot_be_is_said(client: Client, incoming: Path) -> None:
    source = a_source(incoming)
    assert asked(client, "post", f"/{source.pk}/run").status_code == 409
    assert asked(client, "get", "/99/runs").status_code == 404
    for scope in ("read", "write", "import", "events"):
        assert asked(client, "get", "", scope).status_code in {401, 403}


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    client: Client, incoming: Path, later: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def counted() -> int:
        with django_assert_max_num_queries(30) as found:
            asked(client, "get", "")
        return len(found)

    first = a_source(incoming, name="0")
    a_feed(first, ("external_id", "id"), ("name", "company"))
    pulled(first, later)
    few = counted()
    for number in range(1, 5):
        a_source(incoming, name=str(number))
    assert counted() == few
