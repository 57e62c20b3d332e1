"""Limits: who passes one first, all of one account, and what counts against a line."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banso.accounts import queries as accounts
from banso.contracts import actions as contract_actions
from banso.contracts import queries as contracts
from banso.growth import queries
from banso.growth.forms import LinkForm
from banso.growth.queries import Asked, LimitLine
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, requires
from banso.shared import money, tables
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
    today = people.today(company, timezone.now())
    lines = queries.every_limit(request.user, Asked.read(request.GET.dict()), today=today)
    sent = tables.export(
        "csv" if form == "csv" else "xlsx", _header(), _cells(lines, company.currency), name=f"limits-{today:%Y%m%d}"
    )
    response = StreamingHttpResponse(sent.chunks, content_type=sent.content_type)
    response["Content-Disposition"] = f'attachment; filename="{sent.file_name}"'
    return response


@requires("usage.view")
@require_safe
def account(request: StaffRequest, account_id: int) -> HttpResponse:
    """Show all limits of one account, each with its chart."""
    found = accounts.account(request.user, account_id)
    if found is None:
        raise Http404
    today = people.today(people.company(), timezone.now())
    lines = queries.limits_of([account_id], today=today)
    charts = queries.charts_of([account_id], [line.line_id for line in lines], today=today)
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


def _header() -> list[str]:
    return [
        _("Account ID"),
        _("Account"),
        _("Owner"),
        _("Subject of the limit"),
        _("Unit"),
        _("Used"),
        _("Limit"),
        _("Share of the limit (%)"),
        _("State"),
        _("Passes on"),
        _("Earliest day"),
        _("Latest day"),
        _("Probability within a year (%)"),
        _("Period from"),
        _("Period until"),
        _("Monthly revenue"),
        _("Currency"),
        _("As of"),
    ]


def _cells(lines: Iterator[LimitLine], currency: str) -> Iterator[list[Any]]:
    for line in lines:
        amounts = [line.used, line.limit, None if line.share is None else round(100 * line.share, 1)]
        chance = None if line.probability is None else round(100 * line.probability)
        days = [line.crosses_on, line.low_on, line.high_on, chance, line.starts_on, line.ends_on]
        who = [line.account_external_id, line.account, line.owner, line.name, line.unit]
        money_of = [money.major(line.mrr, currency), currency]
        yield [*who, *amounts, line.state_label, *days, *money_of, line.as_of_on]
