"""Accounts change hands, stage or segment from the list: those that are ticked, or all that its filter finds."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from banso.accounts import actions
from banso.accounts import queries as accounts
from banso.desk.queries import portfolio as lists
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, requires


@require_POST
@requires("accounts.assign")
def assign(request: StaffRequest) -> HttpResponse:
    """Give the chosen accounts to a user (`to`; empty: to nobody)."""
    return _move(request, "owner")


@require_POST
@requires("accounts.change")
def move(request: StaffRequest, column: actions.Column) -> HttpResponse:
    """Move the chosen accounts to a stage or segment (`to`; empty: to none)."""
    return _move(request, column)


def _move(request: StaffRequest, column: actions.Column) -> HttpResponse:
    query = QueryDict(request.POST.get("query", ""))
    chosen, to = _chosen(request, query), request.POST.get("to", "")
    place = lists.number_in(to, default=None)
    if chosen is None or (to and place is None):
        return HttpResponseBadRequest()
    back = reverse("desk:portfolio") + (f"?{query.urlencode()}" if query else "")
    try:
        moved = actions.move(
            column=column,
            account_ids=chosen,
            to=place,
            by=actor_of(request.user),
            now=timezone.now(),
            visible=accounts.visible_to(request.user),
        )
    except actions.NotFound as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    text = ngettext("%(count)s account was changed.", "%(count)s accounts were changed.", moved.changed)
    context = {
        "text": text % {"count": f"{moved.changed:,}"},
        "token": actions.sealed(moved, user_id=request.user.pk),
        "back": back,
        "count": moved.changed,
    }
    return render(request, "desk/moved.html", context)


def _chosen(request: StaffRequest, query: QueryDict) -> Iterable[int] | None:
    """Return the ids that are ticked, or a query for all that the filter finds; None where they make no sense."""
    if request.POST.get("every") == "1":
        day = people.today(people.company(), timezone.now())
        filters = lists.Filters.read(query, accounts.custom_fields())
        found = lists.filtered(request.user, filters, today=day)
        return found.order_by("pk").values_list("pk", flat=True)
    ticked = [lists.number_in(text, default=None) for text in request.POST.getlist("ids")]
    known = [one for one in ticked if one is not None]
    return known if len(known) == len(ticked) else None
