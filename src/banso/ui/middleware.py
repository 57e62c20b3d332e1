"""Keeps parts of a page from being shown as the page."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


def keep_no_parts(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Let no browser keep what htmx asked for: Back would show that part alone, as it has the address of its page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if "HX-Request" in request.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware
