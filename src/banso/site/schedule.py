"""What is due when: the jobs that nobody asks for, and what is taken up again after a stop."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.tasks import Task
from django.utils import timezone

from banso.contracts import jobs as contract_jobs
from banso.growth import jobs as growth_jobs
from banso.growth import queries as growth
from banso.health import jobs as health_jobs
from banso.health import queries as health
from banso.intake import actions as intake
from banso.intake import jobs as intake_jobs
from banso.intake.queries import sources, spool
from banso.operations.actions import Planned, Rhythm
from banso.usage import actions as usage_actions
from banso.usage import jobs as usage_jobs
from banso.usage import queries as usage

NIGHT = time(3, 0)
NEW_DAY = time(0, 5)  # before health looks at renewals
ROLL_UP_EVERY = timedelta(seconds=30)
DESCRIBE_EVERY = timedelta(minutes=5)
LOAD_EVERY = timedelta(seconds=30)
TIDY_EVERY = timedelta(minutes=2)
SCORES_EVERY = timedelta(seconds=30)
SOURCES_EVERY = timedelta(seconds=30)
LIMITS_EVERY = timedelta(minutes=2)
RISK_EVERY = timedelta(minutes=2)
WATCH_EVERY = timedelta(minutes=2)
EVENTS_EVERY = timedelta(seconds=5)


def nightly(task: Task[..., Any], at: time = NIGHT) -> Planned:
    """Plan a job of every night, after `at` in the company's time zone."""
    return Planned(task, Rhythm(at=at))


def every(interval: timedelta, task: Task[..., Any], has_work: Callable[[], bool] = lambda: True) -> Planned:
    """Plan a job that comes round, when there is something for it to do."""
    return Planned(task, Rhythm(every=interval), has_work)


SCHEDULE: tuple[Planned, ...] = (
    every(EVENTS_EVERY, intake_jobs.compact_events, spool.has_work),
    every(ROLL_UP_EVERY, usage_jobs.roll_up_usage, usage.needs_rolling_up),
    every(DESCRIBE_EVERY, usage_jobs.describe_events, lambda: usage_actions.needs_describing(timezone.now())),
    every(LOAD_EVERY, usage_jobs.load_engine, usage.needs_loading),
    every(TIDY_EVERY, usage_jobs.tidy_usage, usage_actions.needs_tidying),
    every(SCORES_EVERY, health_jobs.recompute_health, health.needs_computing),
    every(SCORES_EVERY, health_jobs.refresh_health, health.needs_refreshing),
    every(WATCH_EVERY, health_jobs.watch_accounts, health.needs_watching),
    every(RISK_EVERY, health_jobs.assess_risk, health.needs_assessing),
    every(SOURCES_EVERY, intake_jobs.start_sources, lambda: sources.is_any_due(timezone.now())),
    nightly(contract_jobs.keep_contracts, NEW_DAY),
    every(LIMITS_EVERY, growth_jobs.refresh_limits, growth.needs_refreshing),
    nightly(health_jobs.recompute_health),
    nightly(health_jobs.watch_accounts),
    nightly(health_jobs.assess_risk),
    nightly(health_jobs.mark_features),
    nightly(growth_jobs.measure_limits),
    nightly(intake_jobs.remove_old_files),
)


def resume(now: datetime) -> None:
    """Take up, or report as stopped, what a stop interrupted."""
    intake.resume_or_report(now)
    intake.close_cut_off(now)
