"""Everything about one account: its health and why, its use, contracts, people, notes and history."""

from datetime import date
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date

from banso.contracts import queries as contracts
from banso.desk.queries import account as one
from banso.desk.queries.charts import health_chart, use_chart
from banso.desk.queries.timeline import timeline_of
from banso.growth import queries as growth
from banso.health import queries as health
from banso.people import queries as people
from banso.people.access import StaffRequest, requires

TIMELINE_ROWS: Final = 20


@requires("accounts.view")
def account(request: StaffRequest, account_id: int) -> HttpResponse:
    """Show one account; one that the user may not see answers as one that does not exist."""
    company, day = _today()
    found = _found(request, account_id, day)
    use = one.use_of(found, today=day)
    history = one.history_of(found)
    limits = growth.limits_of([found.line.id], today=day)
    context = {
        "account": found,
        "today": day,
        "currency": company.currency,
        "limits": limits,
        "limit_chart": _limit_chart(limits, day),
        "alerts": health.alerts_of([found.line.id], today=day),
        "health": one.health_of(found),
        "health_chart": health_chart(history),
        "risk": health.risks([found.line.id]).get(found.line.id),
        "use": use,
        "use_chart": use_chart(use),
        "contracts": contracts.contracts_of([found.line.id], day),
        "people": one.people_of(found, use),
        "pulses": one.pulses_of(found),
        "notes": one.notes_of(found),
        "timeline": timeline_of(found, before=None, limit=TIMELINE_ROWS),
    }
    return render(request, "desk/account.html", context)


@requires("accounts.view")
def preview(request: StaffRequest, account_id: int) -> HttpResponse:
    """Show the heart of an account beside a list, which keeps its place."""
    company, day = _today()
    found = _found(request, account_id, day)
    context = {"account": found, "today": day, "currency": company.currency, "health": one.health_of(found)}
    return render(request, "desk/preview.html", context)


@requires("health.view")
def health_on(request: StaffRequest, account_id: int) -> HttpResponse:
    """Show what made the score of a past week, and why it moved since the week before."""
    _company, day = _today()
    found = _found(request, account_id, day)
    week = _week(request.GET.get("week", ""))
    explained = one.health_of(found, week=week)
    if explained is None and week is not None:
        raise Http404
    history = one.history_of(found)
    context = {
        "account": found,
        "health": explained,
        "risk": health.risks([found.line.id]).get(found.line.id) if week is None else None,
        "weeks": history[::-1],
        "health_chart": health_chart(history),
    }
    return render(request, "desk/health.html", context)


@requires("journal.view")
def timeline(request: StaffRequest, account_id: int) -> HttpResponse:
    """Show older entries of an account's timeline."""
    _company, day = _today()
    found = _found(request, account_id, day)
    rows = timeline_of(found, before=one.moment_of(request.GET.get("before", "")), limit=TIMELINE_ROWS)
    return render(request, "desk/timeline.html", {"account": found, "timeline": rows})


def _limit_chart(limits: list[growth.LimitLine], day: date) -> dict[str, Any] | None:
    """Return the chart of the limit that is passed first; None where there is nothing to draw."""
    if not limits:
        return None
    first = limits[0]
    return growth.charts_of(first.account_id, [first.line_id], today=day).get(first.line_id)


def _found(request: StaffRequest, account_id: int, day: date) -> one.Whole:
    found = one.whole(request.user, account_id, today=day)
    if found is None:
        raise Http404
    return found


def _week(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _today() -> tuple[people.CompanyRow, date]:
    company = people.company()
    return company, people.today(company, timezone.now())
