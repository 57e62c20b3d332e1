"""What probes and operators ask: whether this installation works."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from banso.people.access import StaffRequest, public, requires
from banso.site import pulse

LABELS: Final = {
    "database": gettext_noop("Database"),
    "engine": gettext_noop("Usage engine"),
    "worker": gettext_noop("Worker"),
    "spool": gettext_noop("Usage on its way"),
}
FACTS: Final = {
    "kind": gettext_noop("Kind"),
    "seconds_since_seen": gettext_noop("Seconds since it was seen"),
    "jobs_waiting": gettext_noop("Jobs waiting"),
    "lag_seconds": gettext_noop("Seconds that the oldest waits"),
    "segments_waiting": gettext_noop("Segments waiting"),
    "bytes_waiting": gettext_noop("Waiting"),
    "events_refused": gettext_noop("Requests refused for a wrong write key (see API keys)"),
    "events_in_quarantine": gettext_noop("Events in quarantine"),
    "bytes_free": gettext_noop("Free on the disk"),
    "trouble": gettext_noop("Events cannot be written"),
}
REMEDIES: Final = {
    "database": gettext_noop("The database does not answer: see whether it runs, and BANSO_DATABASE_URL."),
    "engine": gettext_noop("The engine does not answer: see the server's log, and BANSO_ENGINE_URL."),
    "worker": gettext_noop("No worker was seen for a minute: start one with “banso worker”."),
    "spool": gettext_noop(
        "Below 1 GB free, or where the disk cannot be written, events are in danger of being turned away:"
        " make room, and see who may write BANSO_DATA. Clients send again what was turned away."
    ),
}


@dataclass(frozen=True)
class PartRow:
    """One part of the installation in the reader's words: how it is, and what to do where it is not well."""

    label: str
    status: str
    facts: list[tuple[str, object]]
    remedy: str


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
    parts = [
        PartRow(
            label=_(LABELS[part.name]) if part.name in LABELS else part.name,
            status=part.status,
            facts=[
                (_(FACTS[name]) if name in FACTS else name, _shown(name, value)) for name, value in part.facts.items()
            ],
            remedy=_(REMEDIES[part.name]) if part.status != "ok" and part.name in REMEDIES else "",
        )
        for part in pulse.take(timezone.now())
    ]
    return render(request, "operations/installation.html", {"parts": parts})


def _shown(name: str, value: object) -> object:
    """Return a fact as it is read: bytes by their unit."""
    return filesizeformat(value) if name.startswith("bytes_") and isinstance(value, int) else value
