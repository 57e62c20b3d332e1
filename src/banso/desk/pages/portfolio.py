"""All accounts in one list: to filter, sort, save as a view and take away as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.accounts import actions
from banso.accounts import queries as accounts
from banso.desk.queries import portfolio as lists
from banso.journal.access import sent
from banso.people import queries as people
from banso.people.access import StaffRequest, requires
from banso.shared import money, tables
from banso.usage import queries as usage

# The columns of the list that can be shown or hidden; the name and the health always stay.
COLUMNS: Final = ("weeks", "level", "stage", "segment", "owner", "mrr", "renewal", "notice", "risk", "pulse", "used")
SHOWN_AT_FIRST: Final = ("weeks", "stage", "mrr", "renewal", "pulse", "used")


@dataclass(frozen=True)
class Control:
    """How the list asks for a custom field, and what its address says of it now."""

    field: accounts.FieldRow
    name: str
    said: str
    low: str
    high: str
    options: tuple[tuple[str, str, bool], ...]  # value, word, whether it is chosen


@requires("accounts.view")
def portfolio(request: StaffRequest) -> HttpResponse:
    """Show one page of the list."""
    company = people.company()
    day = people.today(company, timezone.now())
    fields = accounts.custom_fields()
    filters = lists.Filters.read(request.GET, fields)
    page = lists.page_of(
        request.user, filters, number=lists.number_in(request.GET.get("page", ""), default=1), today=day
    )
    names = _names()
    columns = _columns(request, fields)
    choices = accounts.choices()
    context = {
        "today": day,
        "page": page,
        "filters": filters,
        "has_accounts": bool(page.total) or accounts.visible_to(request.user).exists(),
        "default_sort": lists.DEFAULT_SORT,
        "columns": columns,
        "column_names": [(key, names[key]) for key in COLUMNS] + [(_key(row), row.label) for row in fields],
        "shown_fields": [(_key(row), row) for row in fields if _key(row) in columns],
        "controls": [_control(row, request.GET, filters) for row in fields],
        "faults": [actions.sentence(fault) for fault in filters.faults],
        "views": accounts.saved_views(request.user),
        "segments": choices["segment"],
        "stages": choices["stage"],
        "owners": people.owners(),
        "currency": company.currency,
        "feature_label": _label(filters.feature),
        "conditions": lists.CONDITIONS,
    }
    return render(request, "desk/portfolio.html", context)


@requires("accounts.export")
def export(request: StaffRequest, form: str) -> HttpResponseBase:
    """Send the whole filtered list as CSV or Excel, in the order shown."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    company = people.company()
    now = timezone.now()
    day = people.today(company, now)
    fields = accounts.custom_fields()
    filters = lists.Filters.read(request.GET, fields)
    header = [*_names().values(), *(row.label for row in fields)]
    rows = _sheet(request, filters, fields, day, company.currency)
    file = tables.export("csv" if form == "csv" else "xlsx", header, rows, name=f"banso-accounts-{day:%Y%m%d}")
    return sent(request, file, now=now)


def _label(feature: str) -> str:
    """Return what people call a feature that the list is narrowed by."""
    return (
        next((row.label for row in usage.event_names() if row.name == feature and row.label), feature)
        if feature
        else ""
    )


def _key(row: accounts.FieldRow) -> str:
    """Return what an address calls a custom field."""
    return f"{accounts.PREFIX}{row.key}"


def _columns(request: StaffRequest, fields: Sequence[accounts.FieldRow]) -> frozenset[str]:
    """Return the columns to show: those that the address bar names, else the first choice."""
    asked = request.GET.getlist("column")
    offered = frozenset(COLUMNS) | {_key(row) for row in fields}
    return frozenset(asked) & offered if asked else frozenset(SHOWN_AT_FIRST)


def _control(row: accounts.FieldRow, query: QueryDict, filters: lists.Filters) -> Control:
    """Return a field's control; what was typed stays as it was typed, right or wrong."""
    name = _key(row)
    chosen = {one.value for one in filters.custom if one.field.key == row.key and one.way == "is"}
    yes_or_no = (("yes", _("Yes"), True in chosen), ("no", _("No"), False in chosen))
    options = tuple((choice, choice, choice in chosen) for choice in row.choices)
    return Control(
        field=row,
        name=name,
        said=query.get(name, ""),
        low=query.get(f"{name}.from", ""),
        high=query.get(f"{name}.to", ""),
        options=yes_or_no if row.kind == "boolean" else options,
    )


def _names() -> dict[str, str]:
    return {
        "external_id": _("ID"),
        "name": _("Account"),
        "health": _("Health"),
        "change": _("Change in a week"),
        "condition": _("Condition"),
        "level": _("Level"),
        "reason": _("Reason"),
        "weeks": _("26 weeks"),
        "stage": _("Stage"),
        "segment": _("Segment"),
        "owner": _("Owner"),
        "mrr": _("Monthly revenue"),
        "currency": _("Currency"),
        "renewal": _("Renewal"),
        "notice": _("Notice deadline"),
        "risk": _("Risk of leaving"),
        "risk_low": _("Risk of leaving, low end"),
        "risk_high": _("Risk of leaving, high end"),
        "pulse": _("Pulse"),
        "used": _("Last used"),
    }


def _sheet(
    request: StaffRequest, filters: lists.Filters, fields: Sequence[accounts.FieldRow], day: date, currency: str
) -> Iterator[list[Any]]:
    for line in lists.every_line(request.user, filters, today=day):
        cells = {
            "external_id": line.external_id,
            "name": line.name,
            "health": line.score,
            "change": line.change,
            "condition": line.condition,
            "level": line.level,
            "reason": line.reason,
            "weeks": " ".join("" if week is None else str(week) for week in line.weeks),
            "stage": line.stage,
            "segment": line.segment,
            "owner": line.owner,
            "mrr": None if line.mrr is None else money.major(line.mrr, currency),
            "currency": currency,
            "renewal": line.renews_on,
            "notice": line.notice_by_on,
            "risk": line.risk and round(line.risk.p, 4),
            "risk_low": line.risk and round(line.risk.low, 4),
            "risk_high": line.risk and round(line.risk.high, 4),
            "pulse": line.pulse,
            "used": line.last_used_on,
        }
        custom = (_cell(row, line.fields.get(row.key)) for row in fields)
        yield [*(cells[key] for key in _names()), *custom]


def _cell(row: accounts.FieldRow, value: Any) -> Any:
    """Return a custom field's value as a file holds it: days as days; what is of another kind as it is."""
    if row.kind != "date":
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value
