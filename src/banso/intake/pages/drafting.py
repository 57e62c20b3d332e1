"""The steps between: what each column is, and what the first rows would become."""

import contextlib

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from banso.intake import actions
from banso.intake.forms.files import ColumnsForm, ReadingForm, StartForm
from banso.intake.models import Import
from banso.intake.queries import imports, wording
from banso.intake.rules import mapping
from banso.people.access import StaffRequest, actor_of, requires


@requires("intake.import")
@require_http_methods(["GET", "POST"])
def columns(request: StaffRequest, import_id: int) -> HttpResponse:
    """Show the guess, with samples; take what was chosen instead."""
    one = _draft(request, import_id)
    if one.file_removed_at:
        return redirect("intake:show", one.pk)
    current = mapping.from_plain(one.mapping, kind=one.kind)
    form = ColumnsForm(request.POST or None, current=current, columns=one.columns)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            chosen = form.chosen()
            actions.choose_mapping(import_id=one.pk, chosen=chosen, by=actor_of(request.user), now=timezone.now())
        except actions.WrongMap as wrong:
            problem = wording.map_problem(wrong, one.kind)
        else:
            return redirect("intake:preview", one.pk)
    samples = {column.name: column.samples for column in actions.columns_of(one)}
    context = {
        "one": imports.row_of(one),
        "form": form,
        "rows": [{**row, "samples": samples.get(row["name"], [])} for row in form.rows()],
        "needed": wording.needed(one.kind),
        "reading": _reading_form(one),
        "problem": problem,
    }
    return render(request, "intake/columns.html", context, status=422 if request.method == "POST" else 200)


@requires("intake.import")
@require_POST
def reading(request: StaffRequest, import_id: int) -> HttpResponse:
    """Open the file in another way: another encoding, delimiter, sheet or kind."""
    one = _draft(request, import_id)
    if one.file_removed_at:
        return redirect("intake:show", one.pk)
    form = _reading_form(one, request)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.read_anew(
                import_id=one.pk,
                kind=data["kind"],
                encoding=data.get("encoding", ""),
                delimiter=data.get("delimiter", ""),
                sheet=data.get("sheet", ""),
            )
        except actions.Unreadable as problem:
            sentence = wording.whole(problem.refusal)
            context = {"one": imports.row_of(one), "reading": form, "problem": sentence}
            return render(request, "intake/columns.html", context, status=422)
    return redirect("intake:columns", one.pk)


@requires("intake.import")
@require_http_methods(["GET", "POST"])
def preview(request: StaffRequest, import_id: int) -> HttpResponse:
    """Show the first rows as they would be taken, and let the import go."""
    one = _draft(request, import_id)
    if one.file_removed_at:
        return redirect("intake:show", one.pk)
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with contextlib.suppress(actions.NotNow):
            actions.start(
                import_id=one.pk,
                skips_bad_rows=form.cleaned_data["bad_rows"] == "skip",
                is_dry_run=form.cleaned_data["is_dry_run"],
                by=actor_of(request.user),
                now=timezone.now(),
            )
        return redirect("intake:show", one.pk)
    try:
        shown = actions.preview(one, request.user, now=timezone.now())
    except actions.WrongMap as wrong:
        return _without_preview(request, one, wording.map_problem(wrong, one.kind))
    except actions.Unreadable as problem:
        return _without_preview(request, one, wording.whole(problem.refusal))
    context = {"one": imports.row_of(one), "form": form, "preview": wording.preview(shown, one.kind)}
    return render(request, "intake/preview.html", context)


def _without_preview(request: StaffRequest, one: Import, problem: str) -> HttpResponse:
    return render(request, "intake/preview.html", {"one": imports.row_of(one), "problem": problem}, status=422)


def _draft(request: StaffRequest, import_id: int) -> Import:
    one = imports.within_reach(request.user).filter(pk=import_id).first()
    if one is None:
        raise Http404
    return one


def _reading_form(one: Import, request: StaffRequest | None = None) -> ReadingForm:
    kept = {"kind": one.kind, "sheet": one.sheet}
    named = {name: one.mapping.get(name, "") for name in ("encoding", "delimiter")}
    data = request.POST if request is not None else None
    return ReadingForm(data, initial=kept | named, sheets=actions.sheets_of(one))
