"""A session ends after a while without use, and in any case some days after the sign-in."""

import time

import pytest
from django.conf import settings
from django.test import Client

from banso.people.testing import PASSWORD, a_user

pytestmark = pytest.mark.django_db
PAGE = "/settings/me/"
DAY = 24 * 3600


def signed_in_and(**ago: float) -> Client:
    """Sign in and let what the session remembers lie some seconds back."""
    client = Client()
    client.post("/account/login/", {"login": a_user(password=PASSWORD).email, "password": PASSWORD})
    assert client.get(PAGE).status_code == 200
    session = client.session
    for name, seconds in ago.items():
        session[name] -= seconds
    session.save()
    return client


def test_who_comes_back_within_some_days_goes_on() -> None:
    client = signed_in_and(seen_at=2 * DAY)
    assert client.get(PAGE).status_code == 200
    assert time.time() - client.session["seen_at"] < 60  # and the time runs anew


@pytest.mark.parametrize("ago", [{"seen_at": 3 * DAY}, {"began_at": 14 * DAY}], ids=["idle", "too long"])
def test_who_was_away_too_long_signs_in_again_and_reads_why(ago: dict[str, float]) -> None:
    assert (settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE) == (3 * DAY, 14 * DAY)
    client = signed_in_and(**ago)
    answer = client.get(PAGE)
    assert answer.headers["Location"] == f"/account/login/?next={PAGE}"
    assert "しばらく" in client.get(answer.headers["Location"]).content.decode()
    assert client.get(PAGE).status_code == 302


def test_not_every_request_is_written_down() -> None:
    client = signed_in_and(seen_at=60)
    before = client.session["seen_at"]
    client.get(PAGE)
    assert client.session["seen_at"] == before
