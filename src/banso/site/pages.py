"""What probes and operators ask: whether this installation works."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from banso.people.access import StaffRequest, public, requires
from banso.site import pulse


@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # a view's signature
    """Answer 200 while people can work (`ok`, or `degraded` when jobs wait), 503 when they cannot (`down`)."""
    parts = pulse.take(timezone.now())
    status = pulse.worst(parts)
    body = {"status": status, "parts": {part.name: {"status": part.status, **part.facts} for part in parts}}
    return JsonResponse(body, status=503 if status == "down" else 200)


@requires("operations.view")
@never_cache
@require_safe
def state(request: StaffRequest) -> HttpResponse:
    """Show how each part of the installation is, and what to do where one is not well."""
    parts = [pulse.in_words(part) for part in pulse.take(timezone.now())]
    return render(request, "operations/installation.html", {"parts": parts})
