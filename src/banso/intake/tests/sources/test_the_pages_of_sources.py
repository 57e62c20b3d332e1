"""Sources are set up, watched, paused and removed on their pages, by those who may."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from banso.intake import actions
from banso.intake.actions.sources import keeping, parts
from banso.intake.models import Feed, Import, Source, SourceRun
from banso.intake.queries.connectors import folder
from banso.intake.testing import a_feed, a_source, pulled
from banso.people.testing import AN_ACTOR, a_csm, a_manager, an_admin

pytestmark = pytest.mark.django_db

COLUMNS = (("external_id", "id"), ("name", "company"))


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(an_admin())
    return client


@pytest.fixture(autouse=True)
def quiet_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "QUIET", timedelta(seconds=-5))


def posted(client: Client, view: str, /, *args: object, **data: object) -> str:
    answer = client.post(reverse(f"intake:{view}", args=args), data, follow=True)
    return answer.content.decode()


def adding(kind: str) -> str:
    return f"{reverse('intake:add_source')}?kind={kind}"


def test_a_folder_is_set_up_from_the_form_to_its_first_rows(admin: Client, incoming: Path) -> None:
    assert "Nothing is read by itself yet" in admin.get(reverse("intake:sources")).content.decode()
    (incoming / "a.csv").write_text("id,company\nA-1,Acme\n", encoding="utf-8")
    assert "PostgreSQL" in admin.get(reverse("intake:add_source")).content.decode()
    admin.post(adding("folder"), {"name": "CRM", "folder": str(incoming), "every_minutes": "60"})
    source = Source.objects.get()
    assert (source.name, source.every_minutes, source.settings) == ("CRM", 60, {"folder": str(incoming)})
    assert "Acme" in posted(admin, "add_feed", source.pk, kind="accounts", what="*.csv")
    draft = Import.objects.get()
    form = admin.get(reverse("intake:columns", args=[draft.pk])).context["form"]
    data = {field.html_name: field.value() or "" for field in form if field.value() not in {None, False}}
    admin.post(reverse("intake:columns", args=[draft.pk]), data)
    admin.post(reverse("intake:preview", args=[draft.pk]), {"bad_rows": "skip"})
    assert Feed.objects.get().mapping["columns"] == [
        {"to": "external_id", "from": "id"},
        {"to": "name", "from": "company"},
    ]
    posted(admin, "run_source", source.pk)
    actions.pull(SourceRun.objects.get().pk, now=timezone.now())
    page = admin.get(reverse("intake:source", args=[source.pk]))
    assert [run["run"].added for run in page.context["runs"]] == [1]
    assert "a.csv" in page.content.decode()
    assert admin.get(reverse("intake:source", args=[source.pk]), headers={"HX-Request": "true"}).status_code == 200


def test_a_warehouse_is_set_up_with_a_statement_and_its_cursor(admin: Client, settings: Settings) -> None:
    place = {
        "name": "DWH",
        "host": "127.0.0.1",
        "port": "9",
        "database": "dwh",
        "user": "reader",
        "every_minutes": "60",
    }
    asked = admin.post(adding("postgresql"), {**place, "tls": "disable", "password": "canary"})
    assert "BANSO_SOURCE_HOSTS" in asked.content.decode()
    settings.SOURCE_HOSTS = ("127.0.0.1",)
    admin.post(adding("postgresql"), {**place, "tls": "disable", "password": "canary"})
    source = Source.objects.get()
    assert parts.secrets_of(source) == {"password": "canary"}
    data = {"kind": "accounts", "what": "SELECT 1 WHERE a > :cursor", "cursor_column": "", "starts_at": "0"}
    assert admin.post(reverse("intake:add_feed", args=[source.pk]), data).status_code == 422
    page = posted(admin, "add_feed", source.pk, **{**data, "cursor_column": "a"})
    assert "The other system did not answer" in page
    feed = Feed.objects.get()
    assert (feed.cursor_column, feed.starts_at, feed.cursor) == ("a", "0", "")
    Feed.objects.update(cursor="7")
    assert "read up to a = 7" in admin.get(reverse("intake:source", args=[source.pk])).content.decode()
    assert "from the beginning" in posted(admin, "start_over", feed.pk)


def test_the_columns_that_were_confirmed_are_offered_again(admin: Client, incoming: Path) -> None:
    source = a_source(incoming)
    feed = a_feed(source, ("external_id", "company"), ("name", "id"))
    (incoming / "a.csv").write_text("id,company\nA-1,Acme\n", encoding="utf-8")
    posted(admin, "sample_feed", feed.pk)
    assert Import.objects.get().mapping["columns"][0] == {"to": "external_id", "from": "company"}


def test_wrong_settings_are_refused_with_what_to_do(admin: Client, incoming: Path) -> None:
    a_source(incoming, name="CRM")
    elsewhere = {"name": "X", "folder": "/etc", "every_minutes": "60"}
    answer = admin.post(adding("folder"), elsewhere)
    assert answer.status_code == 422
    assert "BANSO_SOURCE_FOLDERS" in answer.content.decode()
    taken = {"name": "CRM", "folder": str(incoming), "every_minutes": "60"}
    assert "name" in admin.post(adding("folder"), taken).context["form"].errors
    assert admin.post(adding("folder"), {**taken, "name": ""}).status_code == 422
    answer = admin.post(reverse("intake:add_feed", args=[Source.objects.get().pk]), {"kind": "usage", "what": "../x"})
    assert answer.status_code == 422
    assert admin.get(reverse("intake:add_source") + "?kind=oracle").status_code == 404


def test_a_source_is_changed_paused_resumed_and_removed(admin: Client, incoming: Path) -> None:
    source = a_source(incoming)
    feed = a_feed(source, *COLUMNS)
    assert str(incoming) in admin.get(reverse("intake:change_source", args=[source.pk])).content.decode()
    posted(admin, "change_source", source.pk, name="SFA", folder=str(incoming), every_minutes="1440")
    assert "Paused" in posted(admin, "pause_source", source.pk)
    assert "Paused" in admin.get(reverse("intake:sources")).content.decode()
    posted(admin, "resume_source", source.pk)
    source.refresh_from_db()
    assert (source.name, source.every_minutes, source.paused_at) == ("SFA", 1440, None)
    posted(admin, "remove_feed", feed.pk)
    assert "first confirm the columns" in posted(admin, "run_source", source.pk)
    assert not SourceRun.objects.exists()
    assert "SFA" in posted(admin, "remove_source", source.pk)
    assert not Source.objects.exists()


def test_what_is_wrong_is_said_on_the_page(admin: Client, incoming: Path, later: datetime) -> None:
    (incoming / "crm").mkdir()
    source = a_source(incoming / "crm")
    feed = a_feed(source, *COLUMNS)
    assert "nothing to read yet" in posted(admin, "sample_feed", feed.pk)
    (incoming / "crm" / "bad.csv").write_text("id,firm\nA-1,Acme\n", encoding="utf-8")
    (incoming / "crm" / "link.csv").symlink_to("/etc/passwd")
    pulled(source, later)
    page = admin.get(reverse("intake:source", args=[source.pk])).content.decode()
    assert "no column “company”" in page
    assert "link.csv" in page
    for path in (incoming / "crm").iterdir():
        path.unlink()
    (incoming / "crm").rmdir()
    pulled(source, later)
    assert "cannot be opened" in admin.get(reverse("intake:sources")).content.decode()
    assert str(incoming / "crm") in posted(admin, "sample_feed", feed.pk)


def test_only_those_who_set_sources_up_see_them_and_their_samples(
    client: Client, incoming: Path, later: datetime
) -> None:
    source = a_source(incoming)
    feed = keeping.add_feed(source_id=source.pk, kind="accounts", what="*.csv", by=AN_ACTOR, now=later)
    (incoming / "a.csv").write_text("id,company\nA-1,Acme\n", encoding="utf-8")
    client.force_login(an_admin())
    posted(client, "sample_feed", feed.pk)
    draft = Import.objects.get()
    manager = a_manager()
    for user in (manager, a_csm()):
        client.force_login(user)
        assert client.get(reverse("intake:sources")).status_code == 403
        assert client.post(reverse("intake:remove_source", args=[source.pk])).status_code == 403
    client.force_login(manager)
    assert client.get(reverse("intake:columns", args=[draft.pk])).status_code == 404
    assert reverse("intake:sources") not in client.get(reverse("intake:imports")).content.decode()


def test_a_source_that_is_gone_is_not_found(admin: Client) -> None:
    assert admin.get(reverse("intake:source", args=[7])).status_code == 404
    assert admin.post(reverse("intake:sample_feed", args=[7])).status_code == 404


def test_the_pages_ask_the_database_as_often_for_many_as_for_one(
    admin: Client, incoming: Path, later: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def counted(name: str, *args: object) -> int:
        with django_assert_max_num_queries(30) as asked:
            admin.get(reverse(f"intake:{name}", args=args))
        return len(asked)

    source = a_source(incoming, name="1")
    a_feed(source, *COLUMNS)
    (incoming / "1.csv").write_text("id,company\nA-1,Acme\n", encoding="utf-8")
    pulled(source, later)
    few = counted("sources"), counted("source", source.pk)
    for number in range(2, 6):
        a_feed(a_source(incoming, name=str(number)), *COLUMNS)
        (incoming / f"{number}.csv").write_text(f"id,company\nA-{number},Acme\n", encoding="utf-8")
        pulled(source, later)
    assert (counted("sources"), counted("source", source.pk)) == few
