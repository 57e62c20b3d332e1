"""Limits: who passes one first, all of one account, and what counts against a line."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banso.accounts import queries as accounts
from banso.contracts import actions as contract_actions
from banso.contracts import queries as contracts
from banso.growth import queries
from banso.growth.forms import LinkForm
from banso.growth.queries import Asked
from banso.journal.access import sent
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, requires
from banso.shared.paging import page_number


@requires("usage.view")
@require_safe
def limits(request: StaffRequest) -> HttpResponse:
    """List the limits of all current customers, what passes first on top."""
    company = people.company()
    today = people.today(company, timezone.now())
    asked = Asked.read(request.GET.dict())
    context = {
        "page": queries.limit_page(request.user, asked, number=page_number(request.GET.get("page", "")), today=today),
        "asked": asked,
        "today": today,
        "record": queries.record(),
        "owners": people.owners(),
        "currency": company.currency,
        "default_sort": queries.DEFAULT_SORT,
        "may_link": request.user.may("contracts.change"),
    }
    return render(request, "growth/limits.html", context)


@requires("accounts.export")
@require_safe
def export(request: StaffRequest, form: str) -> HttpResponseBase:
    """Send all limits that the list is narrowed to as CSV or Excel."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    company = people.company()
    now = timezone.now()
    file = queries.sheet(
        request.user,
        Asked.read(request.GET.dict()),
        form="csv" if form == "csv" else "xlsx",
        today=people.today(company, now),
        currency=company.currency,
    )
    return sent(request, file, now=now)


@requires("usage.view")
@require_safe
def account(request: StaffRequest, account_id: int) -> HttpResponse:
    """Show all limits of one account, each with its chart."""
    found = accounts.account(request.user, account_id)
    if found is None:
        raise Http404
    today = people.today(people.company(), timezone.now())
    lines = queries.limits_of([account_id], today=today)
    charts = queries.charts_of(account_id, [line.line_id for line in lines], today=today)
    context = {
        "account": found,
        "drawn": [(line, charts.get(line.line_id)) for line in lines],
        "may_link": request.user.may("contracts.change"),
    }
    return render(request, "growth/account.html", context)


@requires("contracts.change")
def link(request: StaffRequest, line_id: int) -> HttpResponse:
    """Say what counts against a line's limit."""
    company = people.company()
    now = timezone.now()
    visible = accounts.visible_to(request.user)
    found = queries.link_of(line_id, today=people.today(company, now), visible=visible)
    if found is None:
        raise Http404
    form = LinkForm(request.POST or None, found=found)
    if request.method == "POST" and form.is_valid():
        done = contract_actions.link_line(
            line_id=line_id,
            **form.cleaned_data,
            by=actor_of(request.user),
            now=now,
            calendar=contracts.calendar(company),
            visible=visible,
        )
        if not done.refused:
            messages.success(request, _("What counts against the limit was saved. It is measured within minutes."))
            return redirect("growth:account", found.row.account_id)
        for fault in done.refused:
            form.add_error(None, contract_actions.sentence(fault))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    owner = accounts.account(request.user, found.row.account_id)
    return render(request, "growth/link.html", {"form": form, "found": found, "account": owner}, status=status)
