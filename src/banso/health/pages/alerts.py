"""Alerts: whose use fell, the evidence of each, and what people do about it."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from banso.health import actions, queries
from banso.health.forms import RateForm, ResolveForm, SnoozeForm
from banso.health.queries import AlertAsked
from banso.journal.access import sent
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, requires
from banso.shared.paging import page_number


@requires("health.view")
@require_safe
def alerts(request: StaffRequest) -> HttpResponse:
    """List the alerts of all accounts that the user may see."""
    company = people.company()
    asked = AlertAsked.read(request.GET.dict())
    context = {
        "page": queries.alert_page(
            request.user, asked, number=page_number(request.GET.get("page", "")), today=_today(company)
        ),
        "asked": asked,
        "outlook": queries.outlook(),
        "rate": queries.alarms_a_year(),
        "owners": people.owners(),
        "currency": company.currency,
        "default_sort": queries.ALERT_SORT,
        "may_set": request.user.may("health.define"),
    }
    return render(request, "health/alerts.html", context)


@requires("health.view")
@require_safe
def small(request: StaffRequest) -> HttpResponse:
    """Show the monthly table of accounts that are too small to be watched by the week."""
    rows, number, pages, total = queries.small_accounts(request.user, number=page_number(request.GET.get("page", "")))
    first = (number - 1) * queries.ALERTS_ON_A_PAGE
    context = {
        "rows": rows,
        "number": number,
        "pages": pages,
        "total": total,
        "first": first + 1,
        "last": first + len(rows),
    }
    return render(request, "health/small.html", context)


@requires("accounts.export")
@require_safe
def export(request: StaffRequest, form: str) -> HttpResponseBase:
    """Send all alerts that the list is narrowed to as CSV or Excel."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    company = people.company()
    file = queries.alert_sheet(
        request.user,
        AlertAsked.read(request.GET.dict()),
        form="csv" if form == "csv" else "xlsx",
        today=_today(company),
        currency=company.currency,
    )
    return sent(request, file, now=timezone.now())


@requires("health.view")
@require_safe
def alert(request: StaffRequest, alert_id: int) -> HttpResponse:
    """Show the evidence of one alert, and what may be done about it."""
    return _page(request, alert_id, SnoozeForm(today=_today()))


@require_POST
@requires("health.alert")
def snooze(request: StaffRequest, alert_id: int) -> HttpResponse:
    """Let an alert rest until a day."""
    _seen(request, alert_id)
    today = _today()
    form = SnoozeForm(request.POST, today=today)
    if not form.is_valid():
        return _page(request, alert_id, form, status=422)
    said = form.cleaned_data
    try:
        actions.snooze(alert_id=alert_id, **said, by=actor_of(request.user), now=timezone.now(), today=today)
    except actions.UnknownAlert:
        return _gone(request, alert_id)
    messages.success(request, _("The alert rests until that day."))
    return redirect("health:alert", alert_id)


@require_POST
@requires("health.alert")
def wake(request: StaffRequest, alert_id: int) -> HttpResponse:
    """End the rest of an alert."""
    _seen(request, alert_id)
    try:
        actions.wake(alert_id=alert_id, by=actor_of(request.user), now=timezone.now())
    except actions.UnknownAlert:
        return _gone(request, alert_id)
    messages.success(request, _("The alert is heard again."))
    return redirect("health:alert", alert_id)


@require_POST
@requires("health.alert")
def resolve(request: StaffRequest, alert_id: int) -> HttpResponse:
    """Close an alert that was dealt with."""
    _seen(request, alert_id)
    form = ResolveForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        actions.resolve(alert_id=alert_id, note=note, by=actor_of(request.user), now=timezone.now())
    except actions.UnknownAlert:
        return _gone(request, alert_id)
    messages.success(request, _("The alert was resolved. It can be opened again here."))
    return redirect("health:alert", alert_id)


@require_POST
@requires("health.alert")
def reopen(request: StaffRequest, alert_id: int) -> HttpResponse:
    """Open an alert again that was resolved."""
    _seen(request, alert_id)
    try:
        actions.reopen(alert_id=alert_id, by=actor_of(request.user), now=timezone.now())
    except actions.UnknownAlert:
        return _gone(request, alert_id)
    messages.success(request, _("The alert is open again."))
    return redirect("health:alert", alert_id)


@requires("health.define")
def rate(request: StaffRequest) -> HttpResponse:
    """Say how many false alarms a year are worth it."""
    form = RateForm(request.POST or None, initial={"rate": queries.alarms_a_year()})
    if request.method == "POST" and form.is_valid():
        actions.ask_for(rate=form.cleaned_data["rate"], by=actor_of(request.user), now=timezone.now())
        messages.success(request, _("Saved. Accounts are watched anew within minutes."))
        return redirect("health:alerts")
    status = 422 if request.method == "POST" else 200
    return render(request, "health/alert_rate.html", {"form": form, "outlook": queries.outlook()}, status=status)


def _page(request: StaffRequest, alert_id: int, form: SnoozeForm, status: int = 200) -> HttpResponse:
    found = _seen(request, alert_id)
    context = {
        "alert": found,
        "chart": queries.course_chart(found),
        "form": form,
        "resolving": ResolveForm(),
        "outlook": queries.outlook(),
        "may_act": request.user.may("health.alert"),
    }
    return render(request, "health/alert.html", context, status=status)


def _seen(request: StaffRequest, alert_id: int) -> queries.AlertLine:
    found = queries.alert_with(request.user, alert_id, today=_today())
    if found is None:
        raise Http404
    return found


def _gone(request: StaffRequest, alert_id: int) -> HttpResponse:
    messages.error(request, _("The alert has changed meanwhile. This is how it stands now."))
    return redirect("health:alert", alert_id)


def _today(company: people.CompanyRow | None = None) -> date:
    return people.today(company or people.company(), timezone.now())
