"""Scores and conditions set by hand: given with a reason and a last day, ended early, and listed."""

from datetime import date
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from banso.accounts import queries as accounts
from banso.health import actions, queries
from banso.health.forms import OverrideForm
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, may, requires


@require_safe
@requires("health.view")
def overrides(request: StaffRequest) -> HttpResponse:
    """List what is set by hand today, the first to end first."""
    visible = accounts.visible_to(request.user)
    rows = queries.overrides_on(_today(), visible=visible)
    standings = queries.standings([row.account_id for row in rows])
    names = accounts.names_of([row.account_id for row in rows])
    context = {
        "rows": [(row, names.get(row.account_id, ""), standings.get(row.account_id)) for row in rows],
        "may_override": may(request.user, "health.override"),
    }
    return render(request, "health/overrides.html", context)


@requires("health.override")
def override(request: StaffRequest, account_id: int) -> HttpResponse:
    """Set the score or condition of an account, and see what was set before."""
    account = accounts.account(request.user, account_id)
    if account is None:
        raise Http404
    form = OverrideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = actions.Setting(**form.cleaned_data)
            actions.override(
                account_id=account_id, said=said, today=_today(), by=actor_of(request.user), now=timezone.now()
            )
        except actions.WrongOverride as wrong:
            form.say_wrong(wrong.field)
        except actions.NothingToOverride:
            form.add_error(None, _("There is no computed score to stand beside. Wait until health was computed."))
        else:
            messages.success(request, _("The score was set by hand. It ends by itself after its last day."))
            return redirect("health:override", account_id)
    today = _today()
    rows = queries.overrides_of(account_id)
    context = {
        "account": account,
        "form": form,
        "standing": queries.standings([account_id]).get(account_id),
        "rows": [(row, row.holds_on(today)) for row in rows],
        "current": next((row for row in rows if row.holds_on(today)), None),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "health/override.html", context, status=status)


@require_POST
@requires("health.override")
def end(request: StaffRequest, override_id: int) -> HttpResponse:
    """Let the computed score show again before the last day."""
    found = queries.override_with(override_id)
    if found is None or accounts.account(request.user, found.account_id) is None:
        raise Http404
    try:
        actions.end_override(override_id=override_id, today=_today(), by=actor_of(request.user), now=timezone.now())
    except actions.UnknownOverride as unknown:
        raise Http404 from unknown
    messages.success(request, _("The computed score shows again."))
    return redirect("health:override", found.account_id)


def _today() -> date:
    return people.today(people.company(), timezone.now())
