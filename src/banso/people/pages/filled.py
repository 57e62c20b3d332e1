"""One way in which all forms of the settings are shown, refused and saved."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from banso.people import actions

# Where a refusal is shown: beside the field that it is about, if the form has it.
FIELDS: dict[type[actions.PeopleRefusal], str] = {
    actions.EmailTaken: "email",
    actions.NotAnAddress: "email",
    actions.LastAdministrator: "role",
    actions.TeamNameTaken: "name",
}


def is_saved(form: forms.Form, save: Callable[[dict[str, Any]], object]) -> bool:
    """Check a form and save it by an action; a refusal becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        save(form.cleaned_data)
    except actions.WeakPassword as refusal:
        form.add_error("new" if "new" in form.fields else "password", refusal.messages)
        return False
    except actions.PeopleRefusal as refusal:
        field = FIELDS.get(type(refusal), "")
        form.add_error(field if field in form.fields else None, str(refusal))
        return False
    return True


def shown(request: HttpRequest, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    """Show a page with its form; 422 where it was sent with faults."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, template, {"form": form, **more}, status=status)


def done(request: HttpRequest, text: str, to: str, *args: object) -> HttpResponse:
    """Say that it is done, and go on to a page."""
    messages.success(request, text)
    return redirect(to, *args)
