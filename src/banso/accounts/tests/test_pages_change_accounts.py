from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from banso.accounts import actions, queries
from banso.accounts.models import Account
from banso.accounts.testing import A_MOMENT, a_person, a_segment, an_account
from banso.people.access import User, actor_of
from banso.people.actions import deactivate_user
from banso.people.testing import AN_ACTOR, a_csm, a_manager, a_reader, a_user, an_admin

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_account_is_added_and_edited_through_the_form() -> None:
    actions.define_field(key="plan", label="Plan", kind="choice", choices=["A", "B"], by=AN_ACTOR, now=A_MOMENT)
    client = signed_in(an_admin())
    assert client.get(reverse("accounts:add")).status_code == 200
    said = {"name": "アクメ", "kind": "company", "customer_since_on": "令和6年4月1日", "field_plan": "B"}
    added = client.post(reverse("accounts:add"), said)
    account = Account.objects.get()
    assert added.headers["Location"] == f"/accounts/{account.pk}/"
    assert account.external_id.startswith("banso-")
    assert account.fields == {"plan": "B"}
    edit = reverse("accounts:edit", args=[account.pk])
    page = client.get(edit).content.decode()
    assert "2024/04/01" in page
    assert client.post(edit, {**said, "name": ""}).status_code == 422
    refused = client.post(edit, {**said, "left_on": "2020/1/1", "parent_external_id": "nobody"})
    assert refused.status_code == 422
    assert "nobody" in refused.content.decode()
    assert client.post(edit, {**said, "name": "アクメ商事", "field_plan": ""}).status_code == 302
    account.refresh_from_db()
    assert (account.name, account.fields) == ("アクメ商事", {})


def test_an_owner_and_a_choice_that_are_gone_stay_until_somebody_changes_them() -> None:
    client = signed_in(an_admin())
    field = actions.define_field(key="plan", label="Plan", kind="choice", choices=["A", "B"], by=AN_ACTOR, now=A_MOMENT)
    former = a_csm()
    pk = an_account("acme", owner_email=former.email, fields={"plan": "A"})
    actions.change_field(field_id=field.id, label="Plan", choices=["B", "C"], by=AN_ACTOR, now=A_MOMENT)
    deactivate_user(user_id=former.pk, by=AN_ACTOR, now=A_MOMENT)
    edit = reverse("accounts:edit", args=[pk])
    form = client.get(edit).context["form"]
    assert former.name in str(form["owner"])
    shown = {name: form[name].value() or "" for name in form.fields}
    assert client.post(edit, {**shown, "name": "アクメ商事"}).status_code == 302
    account = Account.objects.get(pk=pk)
    assert (account.name, account.owner, account.fields) == ("アクメ商事", former, {"plan": "A"})
    assert client.post(edit, {**shown, "owner": "", "field_plan": "C"}).status_code == 302
    account.refresh_from_db()
    assert (account.owner, account.fields) == (None, {"plan": "C"})


def test_an_id_that_is_used_cannot_be_added_again() -> None:
    an_account("acme")
    answer = signed_in(an_admin()).post(
        reverse("accounts:add"), {"name": "Other", "kind": "company", "external_id": "acme"}
    )
    assert answer.status_code == 422
    assert "already used" in answer.content.decode()  # the page speaks the user's language, English


def test_who_sees_only_some_accounts_owns_what_they_add() -> None:
    user = a_user("chiba@banso.example", role="csm", reach="teams")
    hidden = an_account("hidden")
    client = signed_in(user)
    client.post(reverse("accounts:add"), {"name": "Mine", "kind": "company"})
    assert Account.objects.get(name="Mine").owner == user
    for name in ("edit", "people", "add_note"):
        assert client.get(reverse(f"accounts:{name}", args=[hidden])).status_code == 404


def test_people_are_added_changed_and_marked_as_gone() -> None:
    pk = an_account("acme")
    client = signed_in(a_csm())
    people = reverse("accounts:people", args=[pk])
    assert "Champion" in client.get(people).content.decode()
    said = {"name": "斉藤", "role": "champion", "email": "saito@acme.example"}
    assert client.post(people, said).status_code == 302
    assert client.post(people, said).status_code == 422
    person = queries.people_of([pk])[0]
    assert person.external_id == "saito@acme.example"
    page = reverse("accounts:person", args=[pk, person.id])
    assert client.get(page).status_code == 200
    assert client.post(page, {**said, "left_on": "2026/11/1"}).status_code == 302
    assert queries.people_of([pk]) == []
    assert client.get(reverse("accounts:person", args=[pk, 0])).status_code == 404


def test_many_people_are_listed_page_by_page(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    pk = an_account("acme")
    client, people = signed_in(a_csm()), reverse("accounts:people", args=[pk])
    a_person("acme", "z", name="Champion", role="champion")
    a_person("acme", "a", name="Gone", left_on=date(2026, 11, 1))
    with CaptureQueriesContext(connection) as few:
        client.get(people)
    for number in range(50):
        a_person("acme", f"u{number}", name=f"User {number:02}")
    with django_assert_num_queries(len(few)):
        first = client.get(people)
    assert [one.name for one in first.context["people"]] == ["Champion", *(f"User {number:02}" for number in range(49))]
    second = client.get(people, {"page": "2"})
    assert [one.name for one in second.context["people"]] == ["User 49", "Gone"]
    assert client.get(reverse("accounts:person", args=[pk, second.context["people"][1].id])).status_code == 200
    assert client.get(reverse("accounts:person", args=[an_account("other"), 1])).status_code == 404


def test_a_note_is_written_changed_deleted_and_brought_back() -> None:
    pk = an_account("acme")
    client = signed_in(a_csm())
    add = reverse("accounts:add_note", args=[pk])
    assert client.get(add).status_code == 200
    assert client.post(add, {"body": " "}).status_code == 422
    assert (
        client.post(add, {"body": "**太字**", "next": "https://evil.example/"}).headers["Location"]
        == f"/accounts/{pk}/"
    )
    note = queries.notes_of([pk])[0]
    assert "<strong>太字</strong>" in note.html
    page = reverse("accounts:note", args=[pk, note.id])
    assert client.get(page).status_code == 200
    assert client.post(page, {"body": "changed"}).status_code == 302
    removed = client.post(reverse("accounts:remove_note", args=[pk, note.id]))
    assert queries.notes_of([pk]) == []
    back = reverse("accounts:bring_note_back", args=[pk, note.id])
    assert back in removed.content.decode()
    client.post(back)
    client.post(back)
    assert queries.notes_of([pk])[0].body == "changed"
    assert signed_in(a_manager()).get(page).status_code == 404


def test_views_are_saved_shared_and_deleted() -> None:
    manager, csm = a_manager(), a_csm()
    client = signed_in(manager)
    views = reverse("accounts:views")
    assert "stage=2" in client.get(views, {"stage": "2"}).content.decode()
    assert 'value="stage=2"' in client.get(views, {"q": "", "stage": "2", "field.plan": ""}).content.decode()
    said = {"name": "Renewals", "query": "stage=2&sort=-mrr", "is_shared": "on"}
    assert client.post(views, said).headers["Location"] == "/accounts/?stage=2&sort=-mrr"
    assert client.post(views, said).status_code == 422
    view = queries.saved_views(csm)[0]
    other = signed_in(csm)
    delete = reverse("accounts:delete_view", args=[view.id])
    other.post(delete)
    assert queries.saved_views(csm)
    assert other.post(views, {"name": "Mine", "query": ""}).status_code == 302
    assert [one.name for one in queries.saved_views(csm)] == ["Mine", "Renewals"]
    client.post(delete)
    assert [one.name for one in queries.saved_views(csm)] == ["Mine"]
    assert queries.saved_views(manager) == []


@pytest.mark.parametrize("kind", ["segment", "stage"])
def test_segments_and_stages_are_kept_in_the_settings(kind: str) -> None:
    client = signed_in(an_admin())
    page = reverse(f"accounts:{kind}s")
    for name in ("First", "Second"):
        assert client.post(page, {"name": name}).status_code == 302
    assert client.post(page, {"name": "ＦＩＲＳＴ"}).status_code == 422
    rows = queries.segments if kind == "segment" else queries.stages
    client.post(reverse(f"accounts:step_{kind}", args=[rows()[1].id]), {"way": "up"})
    assert [row.name for row in rows()] == ["Second", "First"]
    assert "Second" in client.get(page).content.decode()
    one = reverse(f"accounts:{kind}", args=[rows()[0].id])
    assert client.get(one).status_code == 200
    client.post(one, {"name": "Renamed"})
    said: dict[str, Any] = {kind: "Renamed"}
    an_account("acme", **said)
    remove = reverse(f"accounts:remove_{kind}", args=[rows()[0].id])
    client.post(remove)
    assert [row.name for row in rows()] == ["Renamed", "First"]
    Account.objects.all().delete()
    client.post(remove)
    assert [row.name for row in rows()] == ["First"]
    assert client.post(remove).status_code == 302
    assert client.get(reverse(f"accounts:{kind}", args=[0])).status_code == 404


def test_custom_fields_are_kept_in_the_settings() -> None:
    client = signed_in(an_admin())
    page = reverse("accounts:fields")
    said = {"label": "Plan", "key": "plan", "kind": "choice", "choices": "A\nB\n"}
    assert client.post(page, said).status_code == 302
    assert client.post(page, said).status_code == 422
    assert client.post(page, {**said, "key": "Plan!"}).status_code == 422
    field = queries.custom_fields()[0]
    assert field.choices == ("A", "B")
    assert "Plan" in client.get(page).content.decode()
    one = reverse("accounts:field", args=[field.id])
    assert client.get(one).status_code == 200
    assert client.post(one, {"label": "Plan", "choices": ""}).status_code == 422
    assert client.post(one, {"label": "Tariff", "choices": "C"}).status_code == 302
    client.post(reverse("accounts:remove_field", args=[field.id]))
    client.post(reverse("accounts:remove_field", args=[field.id]))
    assert queries.custom_fields() == []
    assert client.get(reverse("accounts:field", args=[field.id])).status_code == 404


def test_who_may_only_look_changes_nothing() -> None:
    pk = an_account("acme")
    a_person("acme")
    a_segment()
    client = signed_in(a_reader())
    for address in (
        reverse("accounts:add"),
        reverse("accounts:edit", args=[pk]),
        reverse("accounts:people", args=[pk]),
        reverse("accounts:segments"),
        reverse("accounts:fields"),
    ):
        assert client.get(address).status_code == 403
    assert actor_of(a_csm()).kind == "user"


def test_pages_speak_japanese() -> None:
    client = signed_in(a_user("ja@banso.example", language="ja"))
    assert "アカウントを追加" in client.get(reverse("accounts:add")).content.decode()
