"""When a job comes round, when a failed one is tried again, what each is called, and when no worker is there."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

# What people read instead of the path of the function; a law test keeps the list complete.
NAMES: Final[dict[str, str]] = {
    "banso.contracts.jobs.keep_contracts": gettext_noop("Renew contracts and count notice deadlines"),
    "banso.growth.jobs.measure_limits": gettext_noop("Foresee when limits are passed"),
    "banso.growth.jobs.refresh_limits": gettext_noop("Hold usage against limits"),
    "banso.health.jobs.assess_risk": gettext_noop("Tell the risk of leaving"),
    "banso.health.jobs.mark_features": gettext_noop("Judge features of those who stay"),
    "banso.health.jobs.recompute_health": gettext_noop("Compute health"),
    "banso.health.jobs.refresh_health": gettext_noop("Compute today's health"),
    "banso.health.jobs.watch_accounts": gettext_noop("Watch for drops in usage"),
    "banso.intake.jobs.remove_old_files": gettext_noop("Remove files of old imports"),
    "banso.intake.jobs.compact_events": gettext_noop("Take in events"),
    "banso.intake.jobs.run_import": gettext_noop("Run an import"),
    "banso.intake.jobs.run_source": gettext_noop("Read a source"),
    "banso.intake.jobs.start_sources": gettext_noop("Start the sources that are due"),
    "banso.people.jobs.send_reset": gettext_noop("Mail a link to choose a new password"),
    "banso.usage.jobs.describe_events": gettext_noop("Count the events of the catalogue"),
    "banso.usage.jobs.load_engine": gettext_noop("Bring roll-ups to the engine"),
    "banso.usage.jobs.roll_up_usage": gettext_noop("Roll up usage"),
    "banso.usage.jobs.tidy_usage": gettext_noop("Tidy the lake"),
}

# A job that a worker left behind when it was killed.
INTERRUPTED: Final = "builtins.InterruptedError"
# Why a job failed, in words; what is not here is named as the program names it, for whoever mends it.
REASONS: Final[dict[str, str]] = {
    INTERRUPTED: gettext_noop("The worker was stopped while it did this job."),
    "builtins.MemoryError": gettext_noop("The memory of the machine did not suffice."),
    "django.db.utils.OperationalError": gettext_noop("The database did not answer, or was busy for too long."),
}
# A worker beats every few seconds, also while it works: after this long it is gone.
SILENT_AFTER: Final = timedelta(seconds=60)

# How long a failed job rests before its second, third and fourth try; then it waits for a person.
RESTS: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=25))


@dataclass(frozen=True)
class Rhythm:
    """How often a job comes round: every so often, or every night `at` a time of the company; one of the two."""

    every: timedelta | None = None
    at: time | None = None

    def is_due(self, now: datetime, last: datetime | None, zone: ZoneInfo) -> bool:
        """Return whether it is time; a night that was missed is made up for, once."""
        return last is None or self.next_due_at(last, zone) <= now

    def next_due_at(self, last: datetime, zone: ZoneInfo) -> datetime:
        """Return the first time after `last` that it comes round."""
        if self.at is None:
            return last + (self.every or timedelta())
        here = last.astimezone(zone)
        tonight = datetime.combine(here.date(), self.at, tzinfo=zone)
        return tonight if tonight > here else datetime.combine(here.date() + timedelta(days=1), self.at, tzinfo=zone)


def is_there(last_beat_at: datetime | None, now: datetime) -> bool:
    """Return whether a worker is at work, by when one was seen last."""
    return last_beat_at is not None and now - last_beat_at <= SILENT_AFTER


def retry_at(failed_at: datetime, tries: int) -> datetime | None:
    """Return when a job that failed after so many tries is tried again; None where it has been tried enough."""
    return failed_at + RESTS[tries - 1] if tries <= len(RESTS) else None
