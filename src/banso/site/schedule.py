"""What is due when: the jobs that nobody asks for, and what is taken up again after a stop."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.tasks import Task

from banso.contracts import jobs as contract_jobs
from banso.health import jobs as health_jobs
from banso.health import queries as health
from banso.intake import actions as intake
from banso.people import queries as people
from banso.usage import jobs as usage_jobs
from banso.usage import queries as usage

NIGHT = time(3, 0)
NEW_DAY = time(0, 5)  # before health looks at renewals
ROLL_UP_EVERY = timedelta(seconds=30)
SCORES_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class Nightly:
    """A job of every night, after `at` in the company's time zone; a night that was missed is made up for, once."""

    task: Task[..., Any]
    at: time = NIGHT

    def is_due(self, now: datetime, last: datetime | None, zone: ZoneInfo) -> bool:
        here = now.astimezone(zone)
        latest = datetime.combine(here.date(), self.at, tzinfo=zone)
        if latest > here:
            latest = datetime.combine(here.date() - timedelta(days=1), self.at, tzinfo=zone)
        return last is None or last < latest


@dataclass(frozen=True)
class Every:
    """A job that comes round, when there is something for it to do."""

    task: Task[..., Any]
    interval: timedelta
    has_work: Callable[[], bool] = lambda: True

    def is_due(self, now: datetime, last: datetime | None, zone: ZoneInfo) -> bool:  # noqa: ARG002  # as Nightly
        return (last is None or last + self.interval <= now) and self.has_work()


SCHEDULE: tuple[Nightly | Every, ...] = (
    Every(usage_jobs.roll_up_usage, ROLL_UP_EVERY, lambda: usage.segments_waiting() > 0),
    Every(health_jobs.recompute_health, SCORES_EVERY, health.needs_computing),
    Nightly(contract_jobs.keep_contracts, NEW_DAY),
    Nightly(health_jobs.recompute_health),
)


def due(now: datetime, *, last_enqueued: Callable[[Task[..., Any]], datetime | None]) -> list[Task[..., Any]]:
    """Return the jobs to enqueue now."""
    zone = ZoneInfo(people.company().time_zone)
    # Once, where a job has two reasons to be due.
    return list(dict.fromkeys(one.task for one in SCHEDULE if one.is_due(now, last_enqueued(one.task), zone)))


def resume(now: datetime) -> None:
    """Take up, or report as stopped, what a stop interrupted."""
    intake.resume_or_report(now)
