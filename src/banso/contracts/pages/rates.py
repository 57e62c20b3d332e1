"""What other currencies are worth."""

from decimal import Decimal
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.contracts import actions, queries
from banso.contracts.forms import RateForm, rate_in_minor, rate_in_units
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, requires


@requires("contracts.change")
def rates(request: StaffRequest) -> HttpResponse:
    """List the rates, and set one."""
    into = people.company().currency
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        rate = rate_in_minor(given["rate"], given["currency"], into)
        try:
            actions.set_rate(
                currency=given["currency"], on=given["on"], rate=rate, by=actor_of(request.user), now=timezone.now()
            )
        except actions.WrongRate:
            form.add_error("rate", _("This currency cannot have such a rate. Enter a rate above 0, not of your own."))
        else:
            messages.success(request, _("The rate was saved, and contracts in this currency were valued anew."))
            return redirect("contracts:rates")
    rows = [
        (row, f"{rate_in_units(Decimal(row.rate), row.currency, into).normalize():f}") for row in queries.rate_rows()
    ]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "contracts/rates.html", {"form": form, "rows": rows, "into": into}, status=status)
