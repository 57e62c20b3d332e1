"""The first page: who needs us today, why, and until when."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from banso.desk import rules
from banso.desk.queries import today as short_list
from banso.desk.queries.portfolio import number_in
from banso.health import queries as health
from banso.people import queries as people
from banso.people.access import StaffRequest, requires
from banso.shared.businessdays import calendar_of


@requires("accounts.view")
def today(request: StaffRequest) -> HttpResponse:
    """Show the ranked list: one's own accounts first, everyone's on request."""
    company = people.company()
    day = people.today(company, timezone.now())
    when = "soon" if request.GET.get("when") == "soon" else "now"
    whose = request.GET.get("whose", "")
    mine = whose == "mine" or (whose != "all" and short_list.owns_any(request.user))
    page = short_list.calls(
        request.user,
        mine=mine,
        when=when,
        number=number_in(request.GET.get("page", ""), default=1),
        today=day,
        calendar=calendar_of(company.country, company.closures),
    )
    context = {
        "today": day,
        "stands_on": company.stands_on,
        "page": page,
        "when": when,
        "mine": mine,
        "shares": short_list.shares(request.user, mine=mine, today=day),
        "currency": company.currency,
        "scorecard": health.current_scorecard(),
        "bounds": {"notice_days": rules.NOTICE_IN_SIGHT_DAYS, "drop": rules.DROP_POINTS},
    }
    return render(request, "desk/today.html", context)
