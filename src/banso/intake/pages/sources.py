"""Sources: the list, one with its runs, adding and changing it, and what is read from it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banso.intake import actions
from banso.intake.actions.sources import keeping, pulling
from banso.intake.forms.sources import FORMS, RHYTHMS, SourceForm, feed_form
from banso.intake.models import SourceKind
from banso.intake.queries import sources as queries
from banso.intake.queries import wording
from banso.intake.queries.sources import CameRow, FeedRow, RunRow, SourceRow
from banso.people.access import StaffRequest, actor_of, requires
from banso.shared.paging import page_number

SHOWN_FILES: Final = 10
PLACES: Final = ("folder", "address", "host", "database")  # the setting that says where a source lies
ABOUT: Final = {
    SourceKind.FOLDER: gettext_lazy("CSV, Excel and Parquet files that other systems drop into a folder of the server"),
    SourceKind.POSTGRESQL: gettext_lazy("Rows of a database or warehouse that speaks PostgreSQL, by SQL"),
    SourceKind.CLICKHOUSE: gettext_lazy("Rows of a ClickHouse warehouse, by SQL"),
    SourceKind.DUCKDB: gettext_lazy("Parquet, CSV and DuckDB files in a folder of the server, by SQL"),
    SourceKind.SALESFORCE: gettext_lazy("Accounts, contracts, won opportunities, contacts and held meetings"),
    SourceKind.HUBSPOT: gettext_lazy("Companies, won deals, contacts and held meetings"),
}


@requires("intake.sources")
@require_safe
def sources(request: StaffRequest) -> HttpResponse:
    """List the sources, each with its last run and its next."""
    rows = [_shown(row) for row in queries.all_sources()]
    return render(request, "intake/sources/list.html", {"rows": rows, "now": timezone.now()})


@requires("intake.sources")
@require_http_methods(["GET", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    """Ask what kind a new source is, then where it lies, and add it."""
    kind = request.GET.get("kind", "")
    if not kind:
        kinds = [(one.value, one.label, str(ABOUT[one])) for one in SourceKind]
        return render(request, "intake/sources/kinds.html", {"kinds": kinds})
    if kind not in FORMS:
        raise Http404
    form = FORMS[kind](request.POST or None)
    made: list[int] = []

    def save() -> None:
        data = form.cleaned_data
        made.append(
            keeping.add(
                kind=kind,
                name=data["name"],
                settings=form.settings(),
                secrets=form.secrets(),
                every_minutes=data["every_minutes"],
                by=actor_of(request.user),
                now=timezone.now(),
            ).pk
        )

    if form.is_bound and _is_saved(form, save):
        messages.success(request, _("The source was added. Now say what is read from it."))
        return redirect("intake:source", made[0])
    context = {"form": form, "kind": kind, "kind_label": SourceKind(kind).label}
    return render(request, "intake/sources/form.html", context, status=_status(form))


@requires("intake.sources")
@require_safe
def show(request: StaffRequest, source_id: int) -> HttpResponse:
    """Show a source: what is read from it, its runs, what came in, and what went wrong."""
    row = _row(source_id)
    return _page(request, row, feed_form(row.kind)(), number=page_number(request.GET.get("page", "")))


@requires("intake.sources")
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, source_id: int) -> HttpResponse:
    """Change the name, the place and the rhythm of a source."""
    row = _row(source_id)
    form = FORMS[row.kind](request.POST or None, row=row)

    def save() -> None:
        data = form.cleaned_data
        keeping.change(
            source_id=row.id,
            name=data["name"],
            settings=form.settings(),
            secrets=form.secrets(),
            every_minutes=data["every_minutes"],
            by=actor_of(request.user),
            now=timezone.now(),
        )

    if form.is_bound and _is_saved(form, save):
        messages.success(request, _("The source was changed."))
        return redirect("intake:source", row.id)
    context = {"form": form, "row": row, "kind": row.kind, "kind_label": row.kind_label}
    return render(request, "intake/sources/form.html", context, status=_status(form))


@requires("intake.sources")
@require_POST
def pause(request: StaffRequest, source_id: int) -> HttpResponse:
    """Let a source not be read by itself until it is resumed."""
    keeping.pause(source_id=_row(source_id).id, by=actor_of(request.user), now=timezone.now())
    return _done(request, source_id, _("The source is paused. It is read by itself again when you resume it."))


@requires("intake.sources")
@require_POST
def resume(request: StaffRequest, source_id: int) -> HttpResponse:
    """Let a paused source be read again."""
    keeping.resume(source_id=_row(source_id).id, by=actor_of(request.user), now=timezone.now())
    return _done(request, source_id, _("The source is read by itself again."))


@requires("intake.sources")
@require_POST
def run_now(request: StaffRequest, source_id: int) -> HttpResponse:
    """Read a source at once."""
    try:
        pulling.run_now(source_id=_row(source_id).id, by=actor_of(request.user), now=timezone.now())
    except actions.NothingToRead:
        messages.warning(request, _("Nothing was read: first confirm the columns of what is read from this source."))
        return redirect("intake:source", source_id)
    return _done(request, source_id, _("The reading has been accepted. It starts as soon as a worker is free."))


@requires("intake.sources")
@require_POST
def remove(request: StaffRequest, source_id: int) -> HttpResponse:
    """Remove a source."""
    row = _row(source_id)
    keeping.remove(source_id=row.id, by=actor_of(request.user), now=timezone.now())
    messages.success(request, _("The source “%(name)s” was removed. What it brought in stays.") % {"name": row.name})
    return redirect("intake:sources")


@requires("intake.sources")
@require_POST
def add_feed(request: StaffRequest, source_id: int) -> HttpResponse:
    """Say what else is read from a source."""
    row = _row(source_id)
    form = feed_form(row.kind)(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    feed = keeping.add_feed(source_id=row.id, **form.cleaned_data, by=actor_of(request.user), now=timezone.now())
    return _sampled(request, row.id, feed.pk)


@requires("intake.sources")
@require_POST
def sample(request: StaffRequest, feed_id: int) -> HttpResponse:
    """Take the newest part of what is read, and go on to its columns."""
    _feed, source_id = _feed_of(feed_id)
    return _sampled(request, source_id, feed_id)


@requires("intake.sources")
@require_POST
def start_over(request: StaffRequest, feed_id: int) -> HttpResponse:
    """Let something be read from its beginning the next time."""
    feed, source_id = _feed_of(feed_id)
    keeping.start_over(feed_id=feed.id, by=actor_of(request.user), now=timezone.now())
    return _done(request, source_id, _("It is read from its beginning the next time. What is there already stays."))


@requires("intake.sources")
@require_POST
def remove_feed(request: StaffRequest, feed_id: int) -> HttpResponse:
    """Let something be read no longer."""
    feed, source_id = _feed_of(feed_id)
    keeping.remove_feed(feed_id=feed.id, by=actor_of(request.user), now=timezone.now())
    return _done(request, source_id, _("“%(what)s” is read no longer. What it brought in stays.") % {"what": feed.what})


def _sampled(request: StaffRequest, source_id: int, feed_id: int) -> HttpResponse:
    try:
        one = pulling.sample(feed_id=feed_id, by=actor_of(request.user), now=timezone.now())
    except actions.SampleMissing:
        messages.warning(
            request, _("There is nothing to read yet. Confirm the columns once a first file or row is there.")
        )
    except (actions.SourceProblem, actions.Unreadable) as problem:
        messages.error(request, wording.whole(problem.refusal))
    else:
        return redirect("intake:columns", one.pk)
    return redirect("intake:source", source_id)


def _page(request: StaffRequest, row: SourceRow, form: forms.Form, *, number: int = 1) -> HttpResponse:
    runs, page, pages, total = queries.runs(row.id, number)
    first = (page - 1) * queries.RUNS + 1
    template = "intake/sources/show.html#runs" if request.headers.get("HX-Request") else "intake/sources/show.html"
    context = {
        **_shown(row),
        "feeds": queries.feeds(row.id),
        "form": form,
        "runs": [_run(run) for run in runs],
        "files": [_came(one) for one in queries.came_in(row.id, SHOWN_FILES)],
        "is_busy": row.last is not None and row.last.is_open,
        "page": page,
        "pages": pages,
        "total": total,
        "first": first,
        "last": first + len(runs) - 1,
        "now": timezone.now(),
    }
    return render(request, template, context, status=_status(form))


def _shown(row: SourceRow) -> dict[str, Any]:
    return {
        "row": row,
        "rhythm": RHYTHMS.get(row.every_minutes, ""),
        "where": next((row.settings[key] for key in PLACES if row.settings.get(key)), ""),
        "last_run": _run(row.last) if row.last else None,
    }


def _run(run: RunRow) -> dict[str, Any]:
    why = wording.whole(run.failure) if run.failure else ""
    return {"run": run, "one": run, "why": why, "notes": [wording.whole(note) for note in run.notes]}


def _came(one: CameRow) -> dict[str, Any]:
    return {"one": one, "why": wording.whole(one.failure, one.kind) if one.failure else ""}


def _is_saved(form: SourceForm, save: Callable[[], None]) -> bool:
    if not form.is_valid():
        return False
    try:
        save()
    except actions.NameTaken:
        form.add_error("name", _("Another source has this name. Choose another."))
        return False
    except actions.SourceProblem as problem:
        where = next((key for key in PLACES if key in form.fields), None)
        form.add_error(where, wording.whole(problem.refusal))
        return False
    return True


def _status(form: forms.Form) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK


def _done(request: StaffRequest, source_id: int, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("intake:source", source_id)


def _row(source_id: int) -> SourceRow:
    row = queries.source(source_id)
    if row is None:
        raise Http404
    return row


def _feed_of(feed_id: int) -> tuple[FeedRow, int]:
    found = queries.feed(feed_id)
    if found is None:
        raise Http404
    return found
