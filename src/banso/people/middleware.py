"""Speaks to signed-in staff in their language and their time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from banso.people.models import User


def speak_their_language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Activate the language and time zone of the signed-in user for the time of one request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User):
            return get_response(request)
        with translation.override(request.user.language), timezone.override(ZoneInfo(request.user.time_zone)):
            return get_response(request)

    return middleware
