"""The report of the week: what moved the scores of a portfolio."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from banso.accounts import queries as accounts
from banso.health.queries import moving as queries
from banso.journal.access import sent
from banso.people import queries as people
from banso.people.access import StaffRequest, requires
from banso.shared.paging import page_number


@require_safe
@requires("health.view")
def moved(request: StaffRequest) -> HttpResponse:
    """Show what moved in seven days: by cause, and account by account."""
    asked = queries.MovedAsked.read(request.GET.dict())
    number = page_number(request.GET.get("page", ""))
    context = {
        "asked": asked,
        "page": queries.moved_page(accounts.visible_to(request.user), asked, number=number),
        "teams": people.teams(),
        "segments": accounts.segments(),
        "may_export": request.user.may("accounts.export"),
    }
    return render(request, "health/moved.html", context)


@require_safe
@requires("accounts.export")
def export(request: StaffRequest, form: str) -> HttpResponseBase:
    """Send the report, narrowed as it is shown, as CSV or Excel."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    now = timezone.now()
    file = queries.moved_sheet(
        accounts.visible_to(request.user),
        queries.MovedAsked.read(request.GET.dict()),
        form="csv" if form == "csv" else "xlsx",
        today=people.today(people.company(), now),
    )
    return sent(request, file, now=now)
