"""The settings: one's own for everybody, users, teams, keys and the company for administrators."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from banso.people import actions, queries
from banso.people.access import SYSTEM
from banso.people.models import User
from banso.people.rules import PERMISSIONS
from banso.people.testing import A_MOMENT, PASSWORD, a_csm, a_manager, a_reader, a_team, a_user, an_admin

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "nine-herons-wade-slowly"
OURS = {
    "name": "伴走商事",
    "currency": "JPY",
    "country": "JP",
    "fiscal_year_starts_in": 4,
    "language": "ja",
    "time_zone": "Asia/Tokyo",
}
GOVERNING = ("users", "add_user", "teams", "keys", "company")


@pytest.fixture
def admin_client(client: Client) -> Client:
    client.force_login(an_admin())
    return client


@pytest.mark.parametrize("page", ["settings", "me", "password", "roles", *GOVERNING])
def test_an_administrator_opens_every_page(admin_client: Client, page: str) -> None:
    answer = admin_client.get(reverse(f"people:{page}"))
    assert answer.status_code == 200
    assert "<c-" not in answer.text


@pytest.mark.parametrize("page", GOVERNING)
@pytest.mark.parametrize("role", ["manager", "csm", "read_only"])
def test_others_open_their_own_settings_only(client: Client, role: str, page: str) -> None:
    client.force_login(a_user(role=role))
    assert client.get(reverse(f"people:{page}")).status_code == 403
    assert client.get(reverse("people:me")).status_code == 200
    assert reverse("people:users") not in client.get(reverse("people:settings")).text


def test_a_visitor_is_asked_to_sign_in_first(client: Client) -> None:
    assert client.get("/settings/users/").headers["Location"] == "/account/login/?next=/settings/users/"


def test_a_person_changes_their_name_language_and_time_zone(client: Client) -> None:
    user = a_reader()
    client.force_login(user)
    facts = {"name": "土井 大", "language": "ja", "time_zone": "Europe/Berlin"}
    assert client.post(reverse("people:me"), facts).status_code == 302
    user.refresh_from_db()
    assert (user.language, user.time_zone) == ("ja", "Europe/Berlin")
    assert client.post(reverse("people:me"), {**facts, "time_zone": "Mars/Base"}).status_code == 422


def test_a_new_password_ends_other_sessions_and_not_this_one(client: Client) -> None:
    user = a_user(password=PASSWORD, role="csm")
    elsewhere = Client()
    elsewhere.force_login(user)
    client.force_login(user)
    page = reverse("people:password")
    assert client.post(page, {"current": "wrong", "new": NEW_PASSWORD}).status_code == 422
    assert client.post(page, {"current": PASSWORD, "new": "short"}).status_code == 422
    assert client.post(page, {"current": PASSWORD, "new": NEW_PASSWORD}).status_code == 302
    assert client.get(page).status_code == 200
    assert elsewhere.get(page).status_code == 302


def test_a_user_is_added_and_changed(admin_client: Client) -> None:
    team = a_team()
    facts = {
        "name": "伊藤 樹",
        "email": "ito@banso.example",
        "role": "csm",
        "reach": "teams",
        "teams": [team],
        "language": "ja",
        "time_zone": "Asia/Tokyo",
    }
    add = reverse("people:add_user")
    assert admin_client.post(add, {**facts, "password": "short"}).status_code == 422
    assert admin_client.post(add, {**facts, "password": NEW_PASSWORD}).status_code == 302
    again = admin_client.post(add, {**facts, "password": NEW_PASSWORD})
    assert "email" in again.context["form"].errors
    user = User.objects.get(email="ito@banso.example")
    page = reverse("people:user", args=[user.pk])
    assert admin_client.get(page).context["form"].initial["teams"] == [team]
    assert admin_client.post(page, {**facts, "role": "manager", "teams": []}).status_code == 302
    user.refresh_from_db()
    assert (user.role, user.teams.count()) == ("manager", 0)
    listed = admin_client.get(reverse("people:users")).text
    assert "伊藤 樹" in listed
    assert "Manager" in listed


def test_a_colleague_gets_a_new_password(admin_client: Client) -> None:
    user = a_csm()
    page = reverse("people:set_password", args=[user.pk])
    assert admin_client.post(page, {"new": "short"}).status_code == 422
    assert admin_client.post(page, {"new": NEW_PASSWORD}).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


def test_the_last_administrator_is_told_why_they_must_stay(admin_client: Client) -> None:
    (admin,) = queries.staff()
    answer = admin_client.post(reverse("people:deactivate", args=[admin.id]))
    assert answer.status_code == 422
    assert "last administrator" in answer.text
    facts = {"name": "A", "email": admin.email, "reach": "all", "language": "en", "time_zone": "UTC", "role": "csm"}
    assert "role" in admin_client.post(reverse("people:user", args=[admin.id]), facts).context["form"].errors


def test_a_colleague_goes_and_comes_back(admin_client: Client) -> None:
    user = a_manager()
    admin_client.post(reverse("people:deactivate", args=[user.pk]))
    assert not User.objects.get(pk=user.pk).is_active
    assert "cannot sign in" in admin_client.get(reverse("people:user", args=[user.pk])).text
    admin_client.post(reverse("people:reactivate", args=[user.pk]))
    assert User.objects.get(pk=user.pk).is_active


def test_whoever_does_not_exist_is_not_there(admin_client: Client) -> None:
    assert admin_client.get(reverse("people:user", args=[404])).status_code == 404
    assert admin_client.get(reverse("people:team", args=[404])).status_code == 404
    assert admin_client.post(reverse("people:revoke_key", args=[404])).status_code == 404


def test_teams_are_added_and_renamed(admin_client: Client) -> None:
    assert admin_client.post(reverse("people:teams"), {"name": "東日本"}).status_code == 302
    assert admin_client.post(reverse("people:teams"), {"name": "東日本"}).status_code == 422
    (team,) = queries.teams()
    page = reverse("people:team", args=[team.id])
    assert admin_client.get(page).status_code == 200
    assert admin_client.post(page, {"name": "関東"}).status_code == 302
    assert [team.name for team in queries.teams()] == ["関東"]
    assert "関東" in admin_client.get(reverse("people:teams")).text


def test_a_key_is_shown_once_and_can_be_revoked(admin_client: Client) -> None:
    page = reverse("people:keys")
    made = admin_client.post(page, {"name": "CRM", "scope": "read", "lifetime": "90"})
    found = re.search(r"<code data-secret>(banso_\w{8}_[\w-]+)</code>", made.text)
    assert found
    assert made.headers["Cache-Control"] == "no-store"
    key = queries.key_from_header(found[1], datetime.now(UTC))
    assert key is not None
    assert key.expires_at is not None
    assert key.expires_at - key.made_at == timedelta(days=90)
    assert found[1] not in admin_client.get(page).text
    assert admin_client.post(page, {"name": "CRM", "scope": "all", "lifetime": "90"}).status_code == 422
    admin_client.post(reverse("people:revoke_key", args=[key.id]))
    assert queries.key_from_header(found[1], datetime.now(UTC)) is None
    assert "Revoked" in admin_client.get(page).text


def test_a_key_may_never_expire(admin_client: Client) -> None:
    admin_client.post(reverse("people:keys"), {"name": "CRM", "scope": "read", "lifetime": "0"})
    assert queries.keys()[0].expires_at is None


@pytest.mark.parametrize("closures", ["12-29\n12-30", "12/29、12月30日", " 12-30, 12-29 12-29 "])
def test_closures_are_understood_as_people_write_them(admin_client: Client, closures: str) -> None:
    page = reverse("people:company")
    assert admin_client.post(page, {**OURS, "closures": closures}).status_code == 302
    assert queries.company().closures == ("12-29", "12-30")
    assert "12-29" in admin_client.get(page).text


@pytest.mark.parametrize("wrong", [{"closures": "02-30"}, {"closures": "soon"}, {"fiscal_year_starts_in": 13}])
def test_a_wrong_company_setting_is_refused(admin_client: Client, wrong: dict[str, object]) -> None:
    assert admin_client.post(reverse("people:company"), {**OURS, **wrong}).status_code == 422
    assert queries.company().name == ""


def test_the_list_of_users_costs_the_same_at_any_size(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = reverse("people:users")
    with django_assert_num_queries(5):  # session, user, count, users, their teams
        admin_client.get(page)
    for number in range(60):
        actions.create_user(
            email=f"u{number}@banso.example", name="U", role="csm", password=None, by=SYSTEM, now=A_MOMENT
        )
    with django_assert_num_queries(5):
        answer = admin_client.get(page, {"page": 2})
    assert len(answer.context["users"]) == 11


def test_the_page_of_roles_has_a_line_for_every_permission(client: Client) -> None:
    client.force_login(a_reader())
    rows = client.get(reverse("people:roles")).context["rows"]
    assert len(rows) == len(PERMISSIONS)
    assert all(words for words, _held in rows)
