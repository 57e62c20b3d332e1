"""Limits are measured and foreseen every night; what was used is counted anew when usage or a contract came in."""

from typing import Any

from django.tasks import TaskContext, task
from django.utils import timezone

from banso.growth import actions
from banso.operations import actions as operations
from banso.people import queries as people
from banso.people.access import SYSTEM


@task(takes_context=True)
def measure_limits(context: TaskContext[Any, Any]) -> dict[str, int]:
    """Measure all quantities and foresee when each passes its limit; return counts."""
    now = timezone.now()

    def tell(done: int, total: int) -> None:
        operations.report_progress(job_id=context.task_result.id, done=done, total=total)

    done = actions.measure(on=people.today(people.company(), now), by=SYSTEM, now=now, progress=tell)
    return dict(vars(done))


@task()
def refresh_limits() -> dict[str, int]:
    """Count anew what was used of all quantities; return counts."""
    now = timezone.now()
    done = actions.measure(on=people.today(people.company(), now), by=SYSTEM, now=now, is_refresh=True)
    return dict(vars(done))
