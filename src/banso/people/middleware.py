"""Ends sessions that nobody uses, and speaks to signed-in staff in their language and their time zone."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from banso.people.models import User
from banso.people.rules import BEGAN, SEEN, is_stale

# Written down not at every request: a session is a row of the database.
NOTED_EVERY_SECONDS: Final = 300


def end_stale_sessions(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Sign out whoever has been idle or signed in for longer than the installation allows, and say so."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User) and SEEN in request.session:
            _keep_or_end(request, timezone.now().timestamp())
        return get_response(request)

    return middleware


def speak_their_language(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Activate the language and time zone of the signed-in user for the time of one request."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return get_response(request)
        language, zone = request.user.language, ZoneInfo(request.user.time_zone)
        with translation.override(language), timezone.override(zone):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            # The body of an export is made after this middleware has gone; it must speak the same language.
            chunks: Any = response.streaming_content
            response.streaming_content = _spoken(chunks, language, zone)
        return response

    return middleware


def _keep_or_end(request: HttpRequest, now: float) -> None:
    session = request.session
    began_at, seen_at = session[BEGAN], session[SEEN]
    limits = {"idle_seconds": settings.SESSION_IDLE_SECONDS, "most_seconds": settings.SESSION_COOKIE_AGE}
    if is_stale(began_at=began_at, seen_at=seen_at, now=now, **limits):
        logout(request)
        messages.warning(request, _("You were signed out because it has been a while. Sign in again to go on."))
    elif now - seen_at >= NOTED_EVERY_SECONDS:
        session[SEEN] = now


def _spoken(chunks: Iterable[bytes], language: str, zone: ZoneInfo) -> Iterator[bytes]:
    pieces = iter(chunks)
    while True:
        with translation.override(language), timezone.override(zone):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
