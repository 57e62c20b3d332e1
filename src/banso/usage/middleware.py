"""Says what is wrong where a page cannot count usage, instead of failing."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from banso.usage.rules.addresses import EngineDown, WrongEngine

RETRY_SECONDS = "30"
log = structlog.get_logger(__name__)


def say_when_the_engine_is_down(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer 503 with a page of its own where the engine does not answer; its words stand in the log."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, EngineDown | WrongEngine):
            return None
        log.warning("a page could not count usage", path=request.path, error=str(error))
        response = render(request, "usage/engine_down.html", status=503)
        response.headers["Retry-After"] = RETRY_SECONDS
        return response

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django looks for it here
    return middleware
