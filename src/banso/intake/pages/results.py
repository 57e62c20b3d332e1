"""How far imports are and what became of them: the list, one import, its refused rows and its data-quality report."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from banso.intake import actions
from banso.intake.actions import workshop
from banso.intake.queries import imports as queries
from banso.intake.queries import quarantine, wording
from banso.intake.queries.imports import ImportRow
from banso.intake.rules import mapping
from banso.journal.access import sent
from banso.operations import queries as operations
from banso.people.access import StaffRequest, actor_of, requires
from banso.shared import tables
from banso.shared.paging import page_number


@requires("intake.import")
@require_GET
def imports(request: StaffRequest) -> HttpResponse:
    """List the imports, newest first."""
    rows, page, pages, total = queries.page(request.user, page_number(request.GET.get("page", "")))
    first = (page - 1) * queries.PAGE + 1
    context = {
        "rows": rows,
        "page": page,
        "pages": pages,
        "total": total,
        "first": first,
        "last": first + len(rows) - 1,
        "may_set_up": request.user.may("intake.sources"),
        "in_quarantine": quarantine.totals().waiting,
    }
    return render(request, "intake/imports.html", context)


@requires("intake.import")
@require_GET
def show(request: StaffRequest, import_id: int) -> HttpResponse:
    """Show one import: how far it is, or what became of it."""
    row = _row(request, import_id)
    if row.is_draft:
        return redirect("intake:columns", row.id)
    return render(request, "intake/show.html", _context(row))


@requires("intake.import")
@require_GET
def progress(request: StaffRequest, import_id: int) -> HttpResponse:
    """Answer the poll of a running import; at its end, have the page come anew."""
    row = _row(request, import_id)
    answer = render(request, "intake/show.html#progress", _context(row))
    if not row.is_running:
        answer["HX-Refresh"] = "true"
    return answer


@requires("intake.import")
@require_POST
def cancel(request: StaffRequest, import_id: int) -> HttpResponse:
    """End an import before its next part."""
    row = _row(request, import_id)
    with contextlib.suppress(actions.NotNow):
        actions.cancel(import_id=row.id, by=actor_of(request.user), now=timezone.now())
    return redirect("intake:show", row.id)


@requires("intake.import")
@require_GET
def errors(request: StaffRequest, import_id: int) -> StreamingHttpResponse:
    """Send the refused rows with their reasons: corrected, the file can be imported as it is."""
    row = _row(request, import_id)
    if row.file_removed_at:
        raise Http404
    header = [*mapping.own_columns(row.columns), _("Row in the file"), _("Reason and remedy")]
    return sent(
        request, tables.export("csv", header, _refused(row), name=f"import-{row.id}-errors"), now=timezone.now()
    )


@requires("intake.import")
@require_GET
def report(request: StaffRequest, import_id: int) -> StreamingHttpResponse:
    """Send the data-quality report."""
    row = _row(request, import_id)
    header = [_("Severity"), _("Finding"), _("Rows"), _("Share"), _("Examples (rows)"), _("What was done")]
    rows = (
        [one["severity_label"], one["text"], one["count"], round(one["share"], 4), one["rows"], one["done"]]
        for one in wording.report(row.findings)
    )
    file = tables.export("csv", header, rows, name=f"import-{row.id}-data-quality")
    return sent(request, file, now=timezone.now())


def _refused(row: ImportRow) -> Iterator[list[object]]:
    width = len(row.columns)
    places = [place for place, name in enumerate(row.columns) if name not in mapping.ADDED]
    for number, cells, refusals in queries.refused_rows(row):
        whys = " ".join(wording.with_column(refusal, row.kind) for refusal in refusals)
        filled = cells + [""] * width
        yield [*(filled[place] for place in places), number, whys]


def _context(row: ImportRow) -> dict[str, Any]:
    return {
        "one": row,
        "failure": wording.whole(row.failure, row.kind) if row.failure else "",
        "next": wording.NEXT[row.kind],
        "phase": str(wording.PHASES.get(row.progress.phase, "")) if row.progress else "",
        "refusals": [{"place": wording.place(one), "reason": wording.reason(one, row.kind)} for one in row.refusals],
        "report": wording.report(row.findings),
        "waits_for_worker": _waits_for_worker(row),
    }


def _waits_for_worker(row: ImportRow) -> bool:
    if not row.is_running or operations.has_worker(timezone.now()):
        return False
    return row.state == "waiting" or not workshop.is_alive(row.folder)  # the command line works without a worker


def _row(request: StaffRequest, import_id: int) -> ImportRow:
    row = queries.import_of(request.user, import_id)
    if row is None:
        raise Http404
    return row
