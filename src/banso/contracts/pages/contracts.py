"""Add a contract to an account, change one, keep that notice was given or taken back."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts import queries as accounts
from banso.contracts import actions, queries
from banso.contracts.forms import ContractForm, DayForm, LineForm, LineForms, lines_of
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, requires


@requires("contracts.change")
def add(request: StaffRequest, account_id: int) -> HttpResponse:
    """Add a contract to an account."""
    account = accounts.account(request.user, account_id)
    if account is None:
        raise Http404
    company = people.company()
    initial = {
        "currency": company.currency,
        "starts_on": people.today(company, timezone.now()),
        "is_auto_renewing": True,
        "notice_count": 0,
        "notice_unit": "calendar_days",
        "notice_roll": "none",
        "external_id": _free_id(account.external_id),
    }
    form = ContractForm(request.POST or None, initial=initial)
    lines = LineForms(request.POST or None, prefix="lines")
    if request.method == "POST" and _is_read(form, lines):
        if queries.accounts_by_contract([form.cleaned_data["external_id"]]):
            form.add_error("external_id", _("Another contract already has this ID. Choose a different one."))
        elif saved := _save(request, form, lines, account.external_id):
            messages.success(request, _("The contract was added."))
            return _back(request, saved)
    return _shown(request, "contracts/add.html", {"account": account, "form": form, "lines": lines})


@requires("contracts.change")
def edit(request: StaffRequest, contract_id: int) -> HttpResponse:
    """Change a contract and its lines."""
    row = _contract(request, contract_id)
    form = ContractForm(request.POST or None, initial=ContractForm.initial_of(row))
    form.fields["external_id"].disabled = True
    shown = [LineForm.initial_of(line, row.currency) for line in row.lines]
    lines = LineForms(request.POST or None, prefix="lines", initial=shown)
    account = accounts.account(request.user, row.account_id)
    if account is None:
        raise Http404
    # One that came in without lines may stay so: its dates can be corrected before its lines are known.
    more = {"may_lack_lines": not row.lines}
    if request.method == "POST" and _is_read(form, lines) and _save(request, form, lines, account.external_id, **more):
        messages.success(request, _("The contract was saved."))
        return _back(request, contract_id)
    today = people.today(people.company(), timezone.now())
    shown_too = {"account": account, "row": row, "day_form": DayForm(today=today)}
    return _shown(request, "contracts/edit.html", {"form": form, "lines": lines, **shown_too})


@require_POST
@requires("contracts.change")
def cancel(request: StaffRequest, contract_id: int) -> HttpResponse:
    """Keep that the customer gave notice."""
    row = _contract(request, contract_id)
    form = DayForm(request.POST, today=people.today(people.company(), timezone.now()))
    if not form.is_valid():
        messages.error(request, _("The day cannot be read. Enter the day on which notice was given."))
        return redirect("contracts:edit", row.id)
    try:
        actions.cancel_contract(
            contract_id=row.id, on=form.cleaned_data["on"], by=actor_of(request.user), now=timezone.now()
        )
    except actions.WrongDay:
        messages.error(request, _("Notice cannot be given after the end of the contract. Correct the day."))
    else:
        messages.success(request, _("The notice was kept. The contract runs to the end of its term."))
    return _back(request, row.id)


@require_POST
@requires("contracts.change")
def keep(request: StaffRequest, contract_id: int) -> HttpResponse:
    """Take a notice back."""
    row = _contract(request, contract_id)
    actions.withdraw_cancellation(contract_id=row.id, by=actor_of(request.user), now=timezone.now())
    messages.success(request, _("The notice was taken back. The contract renews as before."))
    return _back(request, row.id)


@require_POST
@requires("contracts.change")
def remove(request: StaffRequest, contract_id: int) -> HttpResponse:
    """Take a contract away that was added by mistake."""
    row = _contract(request, contract_id)
    actions.remove_contract(contract_id=row.id, by=actor_of(request.user), now=timezone.now())
    messages.success(request, _("The contract was removed."))
    # The account's page belongs to the staff pages above this area.
    return redirect(f"/accounts/{row.account_id}/")


def _contract(request: StaffRequest, contract_id: int) -> queries.ContractRow:
    today = people.today(people.company(), timezone.now())
    row = queries.contract(contract_id, today, visible=accounts.visible_to(request.user))
    if row is None:
        raise Http404
    return row


def _is_read(form: ContractForm, lines: "forms.BaseFormSet[LineForm]") -> bool:
    # Both are checked, so that everything that is wrong is said at once.
    return all([form.is_valid(), lines.is_valid()])


def _save(
    request: StaffRequest,
    form: ContractForm,
    lines: "forms.BaseFormSet[LineForm]",
    account: str,
    *,
    may_lack_lines: bool = False,
) -> int | None:
    """Save what the forms say; return the contract's id, or None with the refusals at their fields."""
    given = lines_of(lines, form.cleaned_data["currency"])
    if given is None:
        return None
    if not given and not form.cleaned_data["is_trial"] and not may_lack_lines:
        form.add_error(
            None, _("Without a line, the contract counts no revenue. Fill in a line, or say that it is a trial.")
        )
        return None
    row = actions.ContractInput(account_external_id=account, lines=given, **form.cleaned_data)
    done = actions.save_contracts(
        [row],
        by=actor_of(request.user),
        now=timezone.now(),
        calendar=queries.calendar(people.company()),
        visible=accounts.visible_to(request.user),
    )
    for fault in done.refused:
        form.add_error(fault.field if fault.field in form.fields else None, actions.sentence(fault))
    return done.rows[0].id if done.rows else None


def _free_id(account: str) -> str:
    names = [f"{account}-{number}" for number in range(1, 100)]
    used = queries.accounts_by_contract(names)
    return next((name for name in names if name not in used), "")


def _back(request: StaffRequest, contract_id: int) -> HttpResponse:
    there = request.POST.get("next", "") or request.GET.get("next", "")
    if there and url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure()):
        return redirect(there)
    return redirect("contracts:edit", contract_id)


def _shown(request: StaffRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, template, {**context, "next": request.GET.get("next", "")}, status=status)
