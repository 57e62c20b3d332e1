"""One way in which forms about accounts are shown, refused and left again."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from banso.accounts import actions, queries
from banso.accounts.forms import RefusableForm
from banso.accounts.queries import AccountRow
from banso.people.access import StaffRequest


def account_or_404(request: StaffRequest, account_id: int) -> AccountRow:
    """Return an account; one that the user may not see answers as one that does not exist."""
    found = queries.account(request.user, account_id)
    if found is None:
        raise Http404
    return found


def is_saved(form: forms.Form, save: Callable[[], object]) -> bool:
    """Check a form and save it by an action; a refusal becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        save()
    except actions.NotFound as refusal:
        raise Http404 from refusal
    except actions.RowsRefused as refusal:
        if isinstance(form, RefusableForm):
            form.refuse(refusal.faults)
        else:
            form.add_error(None, str(refusal))
        return False
    except (actions.NameTaken, actions.NameMissing) as refusal:
        form.add_error("name", str(refusal))
        return False
    except actions.AccountsRefusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def shown(request: HttpRequest, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    """Show a page with its form; 422 where it was sent with faults."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, template, {"form": form, **more}, status=status)


def done(request: HttpRequest, text: str, to: str, *args: object) -> HttpResponse:
    """Say that it is done, and go on to a page (a name or an address)."""
    messages.success(request, text)
    return redirect(to, *args)


def refused(request: HttpRequest, refusal: actions.AccountsRefusal, to: str, *args: object) -> HttpResponse:
    """Say why it was not done, and go back to a page."""
    messages.error(request, str(refusal))
    return redirect(to, *args)


def account_page(account_id: int) -> str:
    """Return the address of an account's page, which belongs to the staff pages above this area."""
    return f"/accounts/{account_id}/"


def next_page(request: HttpRequest, default: str) -> str:
    """Return the address that the form came from, if it is one of ours."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else default
