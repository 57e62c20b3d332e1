"""Every night contracts renew, and deadlines follow the calendar: holidays are announced, closures change."""

from typing import Any

from django.tasks import task
from django.utils import timezone

from banso.contracts import actions, queries
from banso.people import queries as people
from banso.people.access import SYSTEM


@task()
def keep_contracts() -> dict[str, Any]:
    """Renew what is due and count notice deadlines anew; return how many renewed and how many deadlines moved."""
    now = timezone.now()
    company = people.company()
    calendar = queries.calendar(company)
    renewed = actions.renew_due(today=people.today(company, now), calendar=calendar, by=SYSTEM, now=now)
    return {"renewed": renewed, "moved": actions.recompute_notices(calendar=calendar, by=SYSTEM, now=now)}
