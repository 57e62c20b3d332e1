"""Staff sign in by e-mail and password; tries are counted in the real cache, by account and address."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from banso.people import actions
from banso.people.models import CacheEntry, Change
from banso.people.testing import A_MOMENT, AN_ACTOR, PASSWORD, a_user, an_admin

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"


def _sign_in(
    client: Client, password: str = PASSWORD, *, email: str = "aoki@banso.example", address: str = "10.0.0.1"
) -> int:
    return client.post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address).status_code


@pytest.mark.parametrize("email", ["aoki@banso.example", "AOKI@Banso.example"])
def test_a_user_signs_in_whatever_the_case_of_the_address(client: Client, email: str) -> None:
    user = a_user(password=PASSWORD)
    assert _sign_in(client, email=email) == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert Change.objects.filter(verb="user.signed_in", actor_id=user.pk).count() == 1


def test_the_session_is_another_after_signing_in(client: Client) -> None:
    a_user(password=PASSWORD)
    client.get(LOGIN)
    session = client.session
    session["seen"] = True
    session.save()
    before = session.session_key
    _sign_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_who_is_deactivated_is_out_at_once_and_stays_out(client: Client) -> None:
    an_admin()
    user = a_user("ito@banso.example", role="csm", password=PASSWORD)
    assert _sign_in(client, email=user.email) == 302
    assert client.get("/settings/").status_code == 200
    actions.deactivate_user(user_id=user.pk, by=AN_ACTOR, now=A_MOMENT)
    assert client.get("/settings/").status_code == 302
    _sign_in(client, email=user.email)
    assert client.get("/settings/").status_code == 302


def test_an_old_address_does_not_open_the_door_any_more(client: Client) -> None:
    user = a_user(password=PASSWORD)
    _sign_in(client)
    client.logout()
    actions.change_user(user_id=user.pk, email="new@banso.example", by=AN_ACTOR, now=A_MOMENT)
    _sign_in(client)
    assert "_auth_user_id" not in client.session
    assert _sign_in(client, email="new@banso.example") == 302


def test_nobody_signs_up(client: Client) -> None:
    answer = client.post("/account/signup/", {"email": "x@y.example", "password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 200
    assert "account/signup_closed.html" in [template.name for template in answer.templates]


@pytest.mark.parametrize("page", ["email", "reauthenticate", "password/change"])
def test_what_we_do_ourselves_leads_to_where_it_is_done(client: Client, page: str) -> None:
    assert client.get(f"/account/{page}/").headers["Location"] == "/settings/me/password/"


def test_behind_a_proxy_the_address_is_that_of_the_person(client: Client, settings: Settings) -> None:
    assert settings.ENVIRONMENT.https == settings.ALLAUTH_TRUSTED_PROXY_COUNT
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    a_user(password=PASSWORD)
    stranger, colleague = ({"X-Forwarded-For": address} for address in ("203.0.113.7", "203.0.113.8"))
    for _ in range(5):
        client.post(LOGIN, {"login": "aoki@banso.example", "password": "wrong-wrong-wrong"}, headers=stranger)
    said = {"login": "aoki@banso.example", "password": PASSWORD}
    assert client.post(LOGIN, said, headers=stranger).status_code == 200
    assert client.post(LOGIN, said, headers=colleague).status_code == 302
    # What a client says of itself stands before what the proxy says of it, and counts for nothing.
    made_up = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    assert Client().post(LOGIN, said, headers=made_up).status_code == 200


def test_five_wrong_tries_close_the_door_for_that_address_only(client: Client) -> None:
    a_user(password=PASSWORD)
    for _ in range(5):
        _sign_in(client, "wrong-wrong-wrong")
    assert _sign_in(client) == 200
    assert "_auth_user_id" not in client.session
    # A colleague, or the same person from elsewhere, is not locked out by a stranger.
    assert _sign_in(client, address="10.0.0.2") == 302


def test_an_address_that_tries_many_accounts_is_stopped(client: Client) -> None:
    a_user(password=PASSWORD)
    for number in range(10):
        _sign_in(client, "wrong-wrong-wrong", email=f"guess{number}@banso.example")
    assert _sign_in(client) == 200
    assert "_auth_user_id" not in client.session


def test_tries_are_counted_in_a_table_that_all_processes_share(client: Client) -> None:
    a_user(password=PASSWORD)
    _sign_in(client, "wrong-wrong-wrong")
    assert CacheEntry.objects.exists()
    cache.set("a", 1)
    assert cache.get("a") == 1


def test_an_unknown_address_is_answered_like_a_wrong_password(client: Client) -> None:
    a_user(password=PASSWORD)
    answers = [
        client.post(LOGIN, {"login": email, "password": "wrong-wrong-wrong"}).context["form"].errors
        for email in ("aoki@banso.example", "nobody@banso.example")
    ]
    assert answers[0] == answers[1]
