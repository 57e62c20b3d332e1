"""Which features customers have taken up, one of them by segment and week, and the order of first uses."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.accounts import queries as accounts
from banso.desk.queries import adoption as uptake
from banso.desk.queries.charts import adoption_chart
from banso.desk.queries.portfolio import number_in
from banso.journal.access import sent
from banso.people import queries as people
from banso.people.access import StaffRequest, requires
from banso.shared import tables
from banso.shared.paging import page_count

PAGE_ROWS: Final = 50
NO_SEGMENT: Final = 0


@requires("usage.view")
def adoption(request: StaffRequest) -> HttpResponse:
    """List all features with their adoption, least adopted first."""
    found, context = _asked(request)
    rows = uptake.ordered(found.rows, context["sort"], is_descending=context["is_descending"])
    number = max(1, number_in(request.GET.get("page", ""), default=1))
    pages = page_count(len(rows), PAGE_ROWS)
    start = (min(number, pages) - 1) * PAGE_ROWS
    context |= {
        "overview": found,
        "rows": rows[start : start + PAGE_ROWS],
        "page": min(number, pages),
        "pages": pages,
        "total": len(rows),
        "first": start + 1 if rows else 0,
        "last": min(len(rows), start + PAGE_ROWS),
    }
    return render(request, "desk/adoption.html", context)


@requires("accounts.export")
def export(request: StaffRequest, form: str) -> HttpResponseBase:
    """Send the adoption of all features as CSV or Excel, in the order shown."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    found, context = _asked(request)
    rows = uptake.ordered(found.rows, context["sort"], is_descending=context["is_descending"])
    header = [
        _("Event"),
        _("Feature"),
        _("Release"),
        _("Released on"),
        _("Could use it"),
        _("Use it"),
        _("Used it before"),
        _("Not begun"),
        _("Active people"),
    ]
    file = tables.export("csv" if form == "csv" else "xlsx", header, _cells(rows), name=f"adoption-{found.until}")
    return sent(request, file, now=timezone.now())


@requires("usage.view")
def feature(request: StaffRequest, name: str) -> HttpResponse:
    """Show one feature by segment and by week."""
    window = _window(request)
    today = people.today(people.company(), timezone.now())
    found = uptake.detail(request.user, name, today=today, window=window)
    if found is None:
        raise Http404
    context = {"found": found, "one": found.use, "window": window, "chart": adoption_chart(found)}
    return render(request, "desk/feature.html", context)


@requires("usage.view")
def funnel(request: StaffRequest) -> HttpResponse:
    """Show how many customers first used some features in an order."""
    found, context = _asked(request)
    today = people.today(people.company(), timezone.now())
    known = {row.name: row.label or row.name for row in found.rows}
    asked = [name for name in request.GET.getlist("step") if name in known][: uptake.STEPS_AT_MOST]
    names = list(dict.fromkeys(asked)) or uptake.usual_steps(found.rows, request.user, today=today)
    customers, steps = uptake.funnel(request.user, names, today=today, segment=context["segment"])
    context |= {
        "customers": customers,
        "steps": steps,
        "is_usual": not asked,
        "known": sorted(known.items(), key=lambda one: one[1].lower()),
        "places": [*names, *[""] * (min(uptake.STEPS_AT_MOST, len(names) + 1) - len(names))],
    }
    return render(request, "desk/funnel.html", context)


def _asked(request: StaffRequest) -> tuple[uptake.Overview, dict[str, Any]]:
    segment = number_in(request.GET.get("segment", ""), default=NO_SEGMENT) or None
    sort = request.GET.get("sort", "share")
    window = _window(request)
    today = people.today(people.company(), timezone.now())
    context = {
        "window": window,
        "windows": uptake.WINDOWS,
        "segment": segment,
        "segments": accounts.choices()["segment"],
        "sort": sort.removeprefix("-") if sort.removeprefix("-") in uptake.SORTS else "share",
        "is_descending": sort.startswith("-"),
        "default_sort": "share",
    }
    return uptake.overview(request.user, today=today, window=window, segment=segment), context


def _window(request: StaffRequest) -> int:
    window = number_in(request.GET.get("window", ""), default=uptake.DEFAULT_WINDOW)
    return window if window in uptake.WINDOWS else uptake.DEFAULT_WINDOW


def _cells(rows: list[uptake.FeatureUse]) -> Iterator[list[Any]]:
    for row in rows:
        counts = [row.eligible, row.now, row.lapsed, row.never, row.people]
        yield [row.name, row.label or row.name, row.release, row.released_on, *counts]
