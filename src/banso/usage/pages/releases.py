"""Which features came with which release: listed, added, changed, removed."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from banso.people.access import StaffRequest, actor_of, requires
from banso.usage import actions, queries
from banso.usage.forms import ReleaseForm


@requires("usage.view")
@require_safe
def releases(request: StaffRequest) -> HttpResponse:
    """List all releases with their features, newest first."""
    labels = dict(_names())
    rows = [(one, [labels.get(name, name) for name in one.features], _plans(one)) for one in queries.releases()]
    context = {"rows": rows, "may_define": request.user.may("usage.define")}
    return render(request, "usage/releases.html", context)


@requires("usage.define")
def add(request: StaffRequest) -> HttpResponse:
    """Add a release."""
    return _edited(request, None)


@requires("usage.define")
def change(request: StaffRequest, release_id: int) -> HttpResponse:
    """Change a release."""
    found = next((one for one in queries.releases() if one.id == release_id), None)
    if found is None:
        raise Http404
    return _edited(request, found)


@requires("usage.define")
@require_POST
def remove(request: StaffRequest, release_id: int) -> HttpResponse:
    """Forget a release; its features stay."""
    try:
        actions.remove_release(release_id=release_id, by=actor_of(request.user), now=timezone.now())
    except actions.WrongRelease as problem:
        raise Http404 from problem
    messages.success(request, _("The release was removed. Its features stay, without a release."))
    return redirect("usage:releases")


def _edited(request: StaffRequest, found: queries.ReleaseRow | None) -> HttpResponse:
    form = ReleaseForm(request.POST or None, names=_names(), initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.save_release(
                name=given["name"],
                released_on=given["released_on"],
                features=dict.fromkeys(given["features"], form.plans()),
                release_id=found.id if found else None,
                by=actor_of(request.user),
                now=timezone.now(),
            )
        except actions.WrongRelease as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, _("The release was saved."))
            return redirect("usage:releases")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "usage/release.html", {"form": form, "found": found}, status=status)


def _initial(found: queries.ReleaseRow | None) -> dict[str, object]:
    if found is None:
        return {}
    return {
        "name": found.name,
        "released_on": found.released_on,
        "features": list(found.features),
        "included_in": "\n".join(_plans(found)),
    }


def _plans(found: queries.ReleaseRow) -> list[str]:
    return sorted({plan for plans in found.features.values() for plan in plans})


def _names() -> list[tuple[str, str]]:
    """Return the features by label."""
    named = [(row.name, row.label or row.name) for row in queries.event_names() if row.kind == "feature"]
    return sorted(named, key=lambda one: one[1].lower())
