"""Banso speaks to each person in their language and time zone."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.translation import get_language

from banso.people.middleware import speak_their_language
from banso.people.testing import a_user

pytestmark = pytest.mark.django_db


def _told(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{get_language()} {timezone.localtime(datetime(2026, 1, 1, tzinfo=UTC)):%H}")


def _streamed(_request: HttpRequest) -> StreamingHttpResponse:
    def chunks() -> Iterator[str]:
        yield f"{get_language()} "
        yield f"{timezone.localtime(datetime(2026, 1, 1, tzinfo=UTC)):%H}"

    return StreamingHttpResponse(chunks())


def test_a_user_is_spoken_to_in_their_language_and_time_zone(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = a_user(language="en", time_zone="America/New_York")
    answer = speak_their_language(_told)(request)
    assert answer.text == "en 19"  # type: ignore[attr-defined]  # not streamed
    assert answer.headers["Content-Language"] == "en"
    streamed = speak_their_language(_streamed)(request)
    assert b"".join(streamed) == b"en 19"


def test_a_visitor_chooses_by_a_cookie(client: Client) -> None:
    answer = client.post("/settings/language/", {"language": "en", "next": "/account/login/?next=/"})
    assert answer.headers["Location"] == "/account/login/?next=/"
    assert "Sign in" in client.get("/account/login/").text
    client.post("/settings/language/", {"language": "ja"})
    assert "サインイン" in client.get("/account/login/").text


def test_staff_keep_their_choice(client: Client) -> None:
    user = a_user(language="en")
    client.force_login(user)
    client.post("/settings/language/", {"language": "ja", "next": "/settings/"})
    user.refresh_from_db()
    assert user.language == "ja"
    assert client.get("/settings/").headers["Content-Language"] == "ja"


def test_an_unknown_language_and_a_foreign_address_are_ignored(client: Client) -> None:
    answer = client.post("/settings/language/", {"language": "xx", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
    assert "django_language" not in answer.cookies
    assert client.get("/settings/language/").status_code == 405
