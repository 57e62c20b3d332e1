"""Where score and pulse disagree, and by when to speak with the customer."""

from datetime import date

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from banso.health.queries import disagreements as queries
from banso.health.rules import judging
from banso.journal.access import sent
from banso.people import queries as people
from banso.people.access import StaffRequest, requires
from banso.shared.businessdays import Calendar, calendar_of
from banso.shared.paging import page_number
from banso.ui.templatetags.ui import condition_words


@requires("health.view")
@require_safe
def disagreements(request: StaffRequest) -> HttpResponse:
    """List accounts by what score and pulse say together, first whom to speak with first."""
    today, calendar, currency = _company()
    asked = queries.Asked.read(request.GET.dict())
    page = queries.judged_page(
        request.user, asked, number=page_number(request.GET.get("page", "")), today=today, calendar=calendar
    )
    context = {
        "page": page,
        "asked": asked,
        "owners": people.owners(),
        "currency": currency,
        "words": [condition_words()[one] for one in asked.cell or ()],
        "may_export": request.user.may("accounts.export"),
        "now_days": judging.NOW_DAYS,
        "old_days": judging.OLD_DAYS,
    }
    return render(request, "health/disagreements.html", context)


@requires("accounts.export")
@require_safe
def export(request: StaffRequest, form: str) -> HttpResponseBase:
    """Send all accounts that the list is narrowed to as CSV or Excel."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    today, calendar, currency = _company()
    file = queries.judged_sheet(
        request.user,
        queries.Asked.read(request.GET.dict()),
        form="csv" if form == "csv" else "xlsx",
        today=today,
        calendar=calendar,
        currency=currency,
    )
    return sent(request, file, now=timezone.now())


def _company() -> tuple[date, Calendar, str]:
    company = people.company()
    today = people.today(company, timezone.now())
    return today, calendar_of(company.country, company.closures), company.currency
