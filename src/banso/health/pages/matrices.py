"""Matrices: customers crossed by two measures, who is in a cell, who moved, and what is done for them."""

from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.health import actions, queries
from banso.health.forms import CellForm, KeepMatrixForm, MatrixForm
from banso.health.queries import matrix_words
from banso.health.queries.matrices import MatrixRow, matrix
from banso.health.rules.matrices import Asked
from banso.journal.access import sent
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, may, requires
from banso.shared import tables
from banso.shared.numbers import whole_number

ON_A_PAGE: Final = 50
FLOWS_SHOWN: Final = 20


@require_safe
@requires("health.view")
def crossed(request: StaffRequest) -> HttpResponse:
    """Show two axes crossed: those asked for, those of a kept matrix, or stage by condition."""
    kept, form, asked = _asked(request)
    context: dict[str, Any] = {
        "form": form,
        "kept": kept,
        "all_kept": matrix_words.kept_matrices(),
        "may_define": may(request.user, "health.define"),
        "may_export": may(request.user, "accounts.export"),
        "keep_form": KeepMatrixForm(),
        "currency": people.company().currency,
    }
    if asked is None:
        return render(request, "health/matrix.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    found = _found(request, asked)
    context |= _in_words(found, kept) | {"flow_chart": _flow_chart(found)}
    context["entered"] = list(matrix_words.entered(asked, matrix_words.axis_choices()).items())
    return render(request, "health/matrix.html", context)


@require_safe
@requires("health.view")
def cell(request: StaffRequest, row: int, column: int) -> HttpResponse:
    """List who is in one cell (its bands counted from 1; 0: not known), those who pay most first."""
    row, column = row - 1, column - 1
    kept, _form, asked = _asked(request)
    if asked is None:
        raise Http404
    found = _found(request, asked)
    if row not in found.rows.places or column not in found.columns.places:
        raise Http404
    members = found.of_cell(row, column)
    listed = (
        accounts.visible_to(request.user)
        .filter(pk__in=members["account_id"].to_list())
        .annotate(mrr=contracts.mrr_column(found.on))
        .order_by("-mrr", "pk")
    )
    page = Paginator(listed, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = accounts.rows(listed.filter(pk__in=[one.pk for one in page]))
    said = kept.notes.get((row, column)) if kept else None
    context = {
        "rows": _members(found, rows, (row, column)),
        "page": page,
        "labels": _both(found, row, column),
        "axes": (matrix_words.axis_label(found.rows), matrix_words.axis_label(found.columns)),
        "found": found,
        "kept": kept,
        "said": said,
        "form": CellForm(initial={"note": said.note, "play": said.play} if said else None),
        "may_define": may(request.user, "health.define"),
        "back": f"{reverse('health:matrix')}?{request.GET.urlencode()}",
        "numbers": (row + 1, column + 1),
        "currency": people.company().currency,
    }
    return render(request, "health/matrix_cell.html", context)


@require_POST
@requires("health.define")
def say(request: StaffRequest, matrix_id: int, row: int, column: int) -> HttpResponse:
    """Keep what is said of a cell."""
    form = CellForm(request.POST)
    address = f"{reverse('health:matrix_cell', args=[row, column])}?kept={matrix_id}"
    if not form.is_valid():
        messages.error(request, _("The text is too long. Shorten it, then save again."))
        return redirect(address)
    try:
        actions.say_of_cell(
            matrix_id=matrix_id,
            row=row - 1,
            column=column - 1,
            by=actor_of(request.user),
            now=timezone.now(),
            **form.cleaned_data,
        )
    except actions.UnknownMatrix as unknown:
        raise Http404 from unknown
    messages.success(request, _("What is said of this cell was saved."))
    return redirect(address)


@require_POST
@requires("health.define")
def keep(request: StaffRequest) -> HttpResponse:
    """Keep the axes that are shown, under a name."""
    form, named = MatrixForm(request.POST, axes=matrix_words.axis_choices()), KeepMatrixForm(request.POST)
    if not (form.is_valid() and named.is_valid()):
        messages.error(request, _("The matrix was not kept: give it a name of up to 100 characters."))
        query = QueryDict(mutable=True)
        query.update({name: request.POST.get(name, "") for name in form.fields})
        return redirect(f"{reverse('health:matrix')}?{query.urlencode()}")
    made = actions.keep_matrix(
        name=named.cleaned_data["name"], asked=form.asked, by=actor_of(request.user), now=timezone.now()
    )
    messages.success(request, _("The matrix was kept: it stands above for everybody."))
    return redirect(f"{reverse('health:matrix')}?kept={made}")


@require_POST
@requires("health.define")
def remove(request: StaffRequest, matrix_id: int) -> HttpResponse:
    """Remove a kept matrix; the answer offers to undo it."""
    try:
        actions.remove_matrix(matrix_id=matrix_id, by=actor_of(request.user), now=timezone.now())
    except actions.UnknownMatrix as unknown:
        raise Http404 from unknown
    return redirect(f"{reverse('health:matrix')}?removed={matrix_id}")


@require_POST
@requires("health.define")
def restore(request: StaffRequest, matrix_id: int) -> HttpResponse:
    """Bring a removed matrix back."""
    try:
        actions.restore_matrix(matrix_id=matrix_id, by=actor_of(request.user), now=timezone.now())
    except actions.UnknownMatrix as unknown:
        raise Http404 from unknown
    return redirect(f"{reverse('health:matrix')}?kept={matrix_id}")


@require_safe
@requires("accounts.export")
def export(request: StaffRequest, form: str) -> HttpResponseBase:
    """Send all accounts of the matrix with their cells, as CSV or Excel."""
    _kept, _form, asked = _asked(request)
    if asked is None or form not in {"csv", "xlsx"}:
        raise Http404
    found = _found(request, asked)
    names = accounts.names_of(found.members["account_id"].to_list())
    axis_labels = [matrix_words.axis_label(found.rows), matrix_words.axis_label(found.columns)]
    header = [_("Account"), *axis_labels, *(_("%(axis)s before") % {"axis": label} for label in axis_labels), _("MRR")]
    lines = (
        [
            names.get(one["account_id"], ""),
            *_both(found, one["row"], one["column"]),
            *_both(found, one["row_then"], one["column_then"]),
            one["mrr"],
        ]
        for one in found.members.iter_rows(named=True)
    )
    file = tables.export("csv" if form == "csv" else "xlsx", header, lines, name=f"matrix-{found.on}")
    return sent(request, file, now=timezone.now())


def _asked(request: StaffRequest) -> tuple[matrix_words.KeptMatrix | None, MatrixForm, Asked | None]:
    """Return the kept matrix that is meant, the form, and what is asked; None where the form has faults."""
    choices = matrix_words.axis_choices()
    key = whole_number(request.GET.get("kept", ""), digits=18)
    if key is not None:
        kept = matrix_words.kept_matrix(key)
        if kept is None:
            raise Http404
        return kept, MatrixForm(axes=choices, initial=matrix_words.entered(kept.asked, choices)), kept.asked
    if "rows" not in request.GET:
        return None, MatrixForm(axes=choices, initial=matrix_words.entered(Asked(), choices)), Asked()
    form = MatrixForm(request.GET, axes=choices)
    return None, form, form.asked if form.is_valid() else None


def _found(request: StaffRequest, asked: Asked) -> MatrixRow:
    today = people.today(people.company(), timezone.now())
    return matrix(asked, today=today, visible=accounts.visible_to(request.user))


def _in_words(found: MatrixRow, kept: matrix_words.KeptMatrix | None) -> dict[str, object]:
    notes = kept.notes if kept else {}
    lines = [
        (
            matrix_words.band_label(found.rows, row[0].row),
            [
                (
                    one,
                    notes.get((one.row, one.column)),
                    reverse("health:matrix_cell", args=[one.row + 1, one.column + 1]),
                )
                for one in row
            ],
        )
        for row in found.cells
    ]
    return {
        "found": found,
        "row_axis": matrix_words.axis_label(found.rows),
        "row_unit": matrix_words.unit_label(found.rows),
        "column_axis": matrix_words.axis_label(found.columns),
        "column_unit": matrix_words.unit_label(found.columns),
        "heads": [matrix_words.band_label(found.columns, place) for place in found.columns.places],
        "lines": lines,
        "flows": [
            (_cell_label(found, one.before), _cell_label(found, one.after), one) for one in found.flows[:FLOWS_SHOWN]
        ],
        "more_flows": max(0, len(found.flows) - FLOWS_SHOWN),
    }


def _members(
    found: MatrixRow, rows: list[accounts.AccountRow], here: tuple[int, int]
) -> list[tuple[accounts.AccountRow, queries.StandingRow | None, int, str]]:
    """Return accounts with their standing, what they pay, and the cell that they came from."""
    moved = {one["account_id"]: one for one in found.of_cell(*here).iter_rows(named=True)}
    standings = queries.standings([one.id for one in rows])
    return [(one, standings.get(one.id), moved[one.id]["mrr"] or 0, _from(found, moved[one.id], here)) for one in rows]


def _cell_label(found: MatrixRow, place: tuple[int, int] | None) -> str:
    return " · ".join(_both(found, *place)) if place else ""


def _both(found: MatrixRow, row: int | None, column: int | None) -> tuple[str, str]:
    if row is None or column is None:
        return "", ""
    return matrix_words.band_label(found.rows, row), matrix_words.band_label(found.columns, column)


def _from(found: MatrixRow, one: dict[str, Any], here: tuple[int, int]) -> str:
    """Return from which cell an account came into this one; nothing where it was here before."""
    if one["row_then"] is None:
        return _("New since then")
    before = (one["row_then"], one["column_then"])
    return "" if before == here else _cell_label(found, before)


def _flow_chart(found: MatrixRow) -> dict[str, object] | None:
    """Return the flows as a chart: those that moved, from where (left) to where (right); None where nobody did."""
    flows = [one for one in found.flows if one.before is not None][:FLOWS_SHOWN]
    if not flows:
        return None
    befores = list(dict.fromkeys(one.before for one in flows))
    afters = list(dict.fromkeys(one.after for one in flows))
    counts = {(one.before, one.after): one.accounts for one in flows}
    return {
        "kind": "flow",
        "x": [_cell_label(found, one) for one in befores],
        "x_label": _("Was in"),
        "unit": _("accounts"),
        "series": [
            {
                "name": _cell_label(found, after) or _("Left"),
                "values": [counts.get((before, after)) for before in befores],
            }
            for after in afters
        ],
    }
