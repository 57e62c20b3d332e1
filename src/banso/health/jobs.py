"""Health is computed every night and soon after what it rests on changed; use and risk are looked at every night."""

from typing import Any, Final

from django.tasks import TaskContext, task
from django.utils import timezone

from banso.health import actions
from banso.operations import actions as operations
from banso.people import queries as people
from banso.people.access import SYSTEM

PERCENT: Final = 100


@task(takes_context=True)
def recompute_health(context: TaskContext[Any, Any]) -> dict[str, Any] | None:
    """Score all accounts as of today and of every past week; return counts, or nothing where there is no usage yet."""
    now = timezone.now()
    today = people.today(people.company(), now)

    def tell(share: float) -> None:
        operations.report_progress(job_id=context.task_result.id, done=round(share * PERCENT), total=PERCENT)

    done = actions.recompute(on=today, by=SYSTEM, now=now, progress=tell)
    return None if done is None else dict(vars(done))


@task()
def refresh_health() -> dict[str, Any] | None:
    """Score all accounts as of today, after usage was counted anew; the past is made anew every night."""
    now = timezone.now()
    done = actions.recompute(on=people.today(people.company(), now), by=SYSTEM, now=now, with_history=False)
    return None if done is None else dict(vars(done))


@task()
def watch_accounts() -> dict[str, Any] | None:
    """Watch how much accounts use, up to the last whole week; return counts, or nothing where there is no usage yet."""
    now = timezone.now()
    done = actions.watch(on=people.today(people.company(), now), by=SYSTEM, now=now)
    return None if done is None else dict(vars(done))


@task()
def assess_risk() -> dict[str, Any] | None:
    """Learn from past decisions, and tell the risk of all accounts; return counts, or nothing without scores yet."""
    now = timezone.now()
    done = actions.assess(on=people.today(people.company(), now), by=SYSTEM, now=now)
    return None if done is None else dict(vars(done))


@task()
def mark_features() -> int | None:
    """Ask features what they say of staying; return how many are candidates."""
    now = timezone.now()
    return actions.mark(on=people.today(people.company(), now), now=now)
