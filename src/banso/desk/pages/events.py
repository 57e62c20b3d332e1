"""The catalogue of event names: how much of each comes, what it stands for, and what depends on that."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banso.desk.forms import EventForm
from banso.desk.queries.events import dependents
from banso.people.access import StaffRequest, actor_of, requires
from banso.shared.numbers import whole_number
from banso.shared.paging import page_count, page_number
from banso.shared.text import one_line
from banso.usage import actions
from banso.usage.queries import catalogue as queries

MOST_AT_ONCE = 500


@requires("usage.view")
@require_safe
def events(request: StaffRequest) -> HttpResponse:
    """List the names that events came with, those that came most lately first."""
    number = page_number(request.GET.get("page", ""))
    sort = request.GET.get("sort", "")
    sought = queries.Sought(
        kind=request.GET.get("kind", ""),
        text=one_line(request.GET.get("text", ""))[:200],
        sort=sort if sort.removeprefix("-") in queries.SORTS else queries.NEWEST_FIRST,
    )
    offset = (number - 1) * queries.PAGE
    rows, total = queries.catalogue(sought, offset=offset)
    context = {
        "rows": rows,
        "sought": sought,
        "default_sort": queries.NEWEST_FIRST,
        "total": total,
        "page": number,
        "pages": page_count(total, queries.PAGE),
        "first": min(total, offset + 1),
        "last": offset + len(rows),
        "may_define": request.user.may("usage.define"),
        "described_at": next((row.described_at for row in rows if row.described_at), None),
    }
    return render(request, "desk/events.html", context)


@requires("usage.view")
@require_http_methods(["GET", "HEAD"])
def event(request: StaffRequest, event_id: int) -> HttpResponse:
    """Show one name: how much of it comes, its properties, and what depends on what it stands for."""
    return _shown(request, _found(event_id), None)


@requires("usage.define")
@require_POST
def change_event(request: StaffRequest, event_id: int) -> HttpResponse:
    """Change what a name stands for, what it is called, and which other it counts as; it can be undone."""
    found = _found(event_id)
    form = EventForm(request.POST, others=queries.merge_choices(event_id))
    if not form.is_valid():
        return _shown(request, found, form)
    by, now, row, given = actor_of(request.user), timezone.now(), found.row, form.cleaned_data
    into = queries.event_in_catalogue(int(given["counts_as"])) if given["counts_as"] else None
    try:
        actions.merge_event(row.name, into=into.row.name if into else None, by=by, now=now)
    except actions.CannotMerge:
        form.add_error("counts_as", _("Other names count as this one. Separate them first, then merge it."))
        return _shown(request, found, form)
    actions.classify_event(row.name, kind=given["kind"], label=given["label"], by=by, now=now)
    if request.POST.get("undo"):
        messages.success(request, _("It is as it was before. Measures follow within a minute."))
        return redirect("desk:event", event_id)
    before = {"kind": row.kind, "label": row.label, "counts_as": str(row.counts_as_id or "")}
    return redirect(reverse("desk:event", args=[event_id], query={"changed": "1", **before}))


@requires("usage.define")
@require_POST
def classify_events(request: StaffRequest) -> HttpResponse:
    """Let the ticked names count as features, or not at all."""
    kind = "ignored" if request.POST.get("kind") == "ignored" else "feature"
    ticked = (whole_number(one, digits=18) for one in request.POST.getlist("ids")[:MOST_AT_ONCE])
    ids = [one for one in ticked if one is not None]
    by, now = actor_of(request.user), timezone.now()
    names = queries.names_of_events(ids)
    count = sum(actions.classify_event(name, kind=kind, by=by, now=now) for name in names)
    words = (
        ngettext("%(count)s name does not count any more.", "%(count)s names do not count any more.", count)
        if kind == "ignored"
        else ngettext("%(count)s name counts as a feature now.", "%(count)s names count as features now.", count)
    )
    messages.success(request, words % {"count": f"{count:,}"})
    return redirect("desk:events")


def _shown(request: StaffRequest, found: queries.CatalogueDetail, form: EventForm | None) -> HttpResponse:
    row = found.row
    may_define = request.user.may("usage.define")
    initial = {"kind": row.kind, "label": row.label, "counts_as": str(row.counts_as_id or "")}
    shown = form or EventForm(initial=initial, others=queries.merge_choices(row.id) if may_define else [])
    context = {
        "row": row,
        "detail": found,
        "form": shown,
        "may_define": may_define,
        "depends": dependents(row.name, get_language() or "en"),
        "undo": {name: request.GET.get(name, "") for name in initial} if request.GET.get("changed") else None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(request, "desk/event.html", context, status=status)


def _found(event_id: int) -> queries.CatalogueDetail:
    found = queries.event_in_catalogue(event_id)
    if found is None:
        raise Http404
    return found
