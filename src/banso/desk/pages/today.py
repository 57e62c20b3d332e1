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
        currency=company.currency,
    )
    context = {
        "today": day,
        "stands_on": company.stands_on,
        "page": page,
        "when": when,
        "mine": mine,
        "shares": short_list.shares(request.user, mine=mine, today=day),
        "currency": company.currency,
        "has_scorecard": bool(page.calls) or health.current_scorecard() is not None,
        "rules": _how(),
        "answers": list(rules.ANSWERS.items()),
    }
    return render(request, "desk/today.html", context)


def _how() -> dict[str, int]:
    """Return the figures by which the list is ranked, for the sentence below it."""
    (near_days, near), (sight_days, in_sight) = rules.URGENCIES
    return {
        "near_days": near_days,
        "near": near,
        "sight_days": sight_days,
        "in_sight": in_sight,
        "rest": rules.URGENCY_OF_THE_REST,
        "trial_share": rules.TRIAL_SHARE,
    }
