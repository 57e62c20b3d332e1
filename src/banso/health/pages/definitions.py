"""Definitions as a file: downloaded, edited, checked to the line, seen as changes, applied."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from banso.health import actions, queries
from banso.health.forms import DefinitionsForm
from banso.people.access import StaffRequest, actor_of, requires


@require_safe
@requires("usage.view")
def download(request: StaffRequest) -> HttpResponse:  # noqa: ARG001  # every view has one
    """Send all definitions in force as a file."""
    answer = HttpResponse(queries.exported(), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="banso-definitions.yaml"'
    return answer


@requires("usage.define")
def edit(request: StaffRequest) -> HttpResponse:
    """Check a text and show what it changes; apply it once it is asked to."""
    form = DefinitionsForm(request.POST or None, initial={"text": queries.exported()})
    faults: list[dict[str, object]] = []
    plan = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            plan = queries.plan(given["text"], prune=given["prune"])
            if "apply" in request.POST:
                return _applied(request, given)
        except actions.WrongDefinition as wrong:
            faults = [{"line": one.line, "place": one.place, "text": queries.fault_text(one)} for one in wrong.faults]
    context = {
        "form": form,
        "faults": faults,
        "plan": plan,
        "remarks": [queries.fault_text(one) for one in plan.remarks] if plan else [],
    }
    status = HTTPStatus.OK if plan or request.method != "POST" else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "health/definitions.html", context, status=status)


def _applied(request: StaffRequest, given: dict[str, object]) -> HttpResponse:
    done = actions.apply_definitions(
        str(given["text"]),
        by=actor_of(request.user),
        now=timezone.now(),
        note=str(given["note"]),
        prune=bool(given["prune"]),
    )
    count = len(done.plan.changes)
    text = ngettext("%(count)s definition was put in force.", "%(count)s definitions were put in force.", count)
    messages.success(request, text % {"count": count})
    return redirect("measures:catalogue")
