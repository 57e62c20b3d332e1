"""Health is computed every night, and soon after another scorecard was published."""

from typing import Any

from django.tasks import task
from django.utils import timezone

from banso.health import actions
from banso.people import queries as people
from banso.people.access import SYSTEM


@task()
def recompute_health() -> dict[str, Any] | None:
    """Score all accounts as of today and of every past week; return counts, or nothing where there is no usage yet."""
    now = timezone.now()
    today = people.today(people.company(), now)
    done = actions.recompute(on=today, by=SYSTEM, now=now)
    return None if done is None else dict(vars(done))
