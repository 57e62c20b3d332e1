"""Which features mark those who stay."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banso.health import queries
from banso.people.access import StaffRequest, requires


@require_safe
@requires("health.view")
def markers(request: StaffRequest) -> HttpResponse:
    """Show what each feature says of staying, candidates first."""
    return render(request, "health/markers.html", {"found": queries.marking()})
