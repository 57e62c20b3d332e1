"""Speaks to signed-in staff in their language and their time zone."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from banso.people.models import User


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


def _spoken(chunks: Iterable[bytes], language: str, zone: ZoneInfo) -> Iterator[bytes]:
    pieces = iter(chunks)
    while True:
        with translation.override(language), timezone.override(zone):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
