"""The door for reading what the installation does by itself: jobs, their progress, the schedule."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.tasks import TaskResultStatus
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from banso.operations.models import Retry, Schedule
from banso.operations.rules import INTERRUPTED, NAMES, REASONS, Rhythm, is_there, retry_at
from banso.people import queries as people

type State = Literal["waiting", "running", "done", "failed"]

RUNS_OF_A_MEDIAN: Final = 50
BEAT: Final = "worker-beat"

STATES: Final[dict[str, TaskResultStatus]] = {
    "waiting": TaskResultStatus.READY,
    "running": TaskResultStatus.RUNNING,
    "done": TaskResultStatus.SUCCESSFUL,
    "failed": TaskResultStatus.FAILED,
}
_STATE_OF: Final[dict[str, State]] = {str(status): name for name, status in STATES.items()}  # type: ignore[misc]  # the same four


class NoSuchJob(LookupError):
    """There is no job of this number; finished ones are kept for two weeks."""


@dataclass(frozen=True)
class Progress:
    """How far a running job is: parts done of how many."""

    done: int
    total: int


@dataclass(frozen=True)
class JobRow:
    """One job: what it is called, how it is, and how long it waited and ran."""

    id: uuid.UUID
    path: str
    name: str
    state: State
    enqueued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    arguments: str
    error: str
    tries: int
    again: uuid.UUID | None
    retry_at: datetime | None
    progress: Progress | None

    @property
    def took(self) -> timedelta | None:
        """How long it ran, or None while it has not ended."""
        if self.started_at is None or self.finished_at is None:
            return None
        return max(self.finished_at - self.started_at, timedelta())


@dataclass(frozen=True)
class JobDetail:
    """One job with all that it left behind."""

    row: JobRow
    traceback: str
    answer: str
    workers: list[str]
    chain: list[JobRow]


@dataclass(frozen=True)
class JobsPage:
    """Some of the jobs that were found, newest first, and how many there are in all."""

    rows: list[JobRow]
    total: int


@dataclass(frozen=True)
class Tally:
    """How the queue is now, and how many jobs ended in the last 24 hours."""

    waiting: int
    running: int
    done: int
    failed: int
    oldest_waiting_at: datetime | None


@dataclass(frozen=True)
class ScheduleRow:
    """One job that comes round."""

    id: int
    path: str
    name: str
    rhythm: Rhythm
    last_enqueued_at: datetime | None
    next_due_at: datetime | None
    paused_at: datetime | None
    paused_by: str
    median_seconds: float | None


@dataclass(frozen=True)
class _Tries:
    tries: dict[uuid.UUID, int] = field(default_factory=dict)
    again: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    coming_round: frozenset[str] = frozenset()


def name_of(path: str) -> str:
    """Return what a job is called in the reader's language; one that has no name, by its function."""
    return _(NAMES[path]) if path in NAMES else path.rsplit(".", 1)[-1].replace("_", " ")


def worker_seen_at() -> datetime | None:
    """Return when a worker was alive last, or None where there never was one."""
    last: float | None = cache.get(BEAT)
    return None if last is None else datetime.fromtimestamp(last, UTC)


def has_worker(now: datetime) -> bool:
    """Return whether a worker is at work: without one, what was put into the queue waits."""
    return is_there(worker_seen_at(), now)


def jobs(*, state: str = "", path: str = "", offset: int = 0, limit: int = 50) -> JobsPage:
    """Return jobs, newest first; an empty state or path does not narrow the list."""
    found: QuerySet[DBTaskResult[Any, Any]] = DBTaskResult.objects.all()
    if state in STATES:
        found = found.filter(status=STATES[state])
    if path:
        found = found.filter(task_path=path)
    rows = list(found.order_by("-enqueued_at", "pk")[offset : offset + limit])
    return JobsPage(_rows(rows), found.count())


def job(job_id: uuid.UUID) -> JobDetail:
    """Return one job, with the tries before and after it, oldest first. Raises NoSuchJob."""
    one = DBTaskResult.objects.filter(pk=job_id).first()
    if one is None:
        raise NoSuchJob(job_id)
    chain = DBTaskResult.objects.filter(pk__in=_chain(job_id)).order_by("enqueued_at", "pk")
    answer = "" if one.return_value is None else json.dumps(one.return_value, ensure_ascii=False, indent=2)
    # A worker that was killed left no trace but the reason, which stands there in words.
    traceback = "" if one.exception_class_path == INTERRUPTED else one.traceback
    return JobDetail(_rows([one])[0], traceback, answer, list(one.worker_ids), _rows(list(chain)))


def tally(now: datetime) -> Tally:
    """Return how many jobs wait, run, and ended in the last 24 hours."""
    recent = Q(finished_at__gte=now - timedelta(hours=24))
    counted = DBTaskResult.objects.aggregate(
        waiting=Count("pk", filter=Q(status=TaskResultStatus.READY)),
        running=Count("pk", filter=Q(status=TaskResultStatus.RUNNING)),
        done=Count("pk", filter=recent & Q(status=TaskResultStatus.SUCCESSFUL)),
        failed=Count("pk", filter=recent & Q(status=TaskResultStatus.FAILED)),
    )
    oldest = DBTaskResult.objects.filter(status=TaskResultStatus.READY).order_by("enqueued_at", "pk")
    return Tally(**counted, oldest_waiting_at=oldest.values_list("enqueued_at", flat=True).first())


def paths() -> list[str]:
    """Return the paths of all kinds of jobs that the list holds."""
    return list(DBTaskResult.objects.order_by("task_path").values_list("task_path", flat=True).distinct())


def schedule() -> list[ScheduleRow]:
    """Return the jobs that come round, by name; the median is that of the last 50 runs that ended well."""
    zone = ZoneInfo(people.company().time_zone)
    found = list(Schedule.objects.order_by("task_path", "pk"))
    medians = _medians({one.task_path for one in found})
    rows = [
        ScheduleRow(
            id=one.pk,
            path=one.task_path,
            name=name_of(one.task_path),
            rhythm=one.rhythm,
            last_enqueued_at=one.last_enqueued_at,
            next_due_at=one.rhythm.next_due_at(one.last_enqueued_at, zone)
            if one.last_enqueued_at and not one.paused_at
            else None,
            paused_at=one.paused_at,
            paused_by=one.paused_by,
            median_seconds=medians.get(one.task_path),
        )
        for one in found
    ]
    return sorted(rows, key=lambda row: (row.name, row.rhythm.at is None, row.id))


def coming_round() -> frozenset[str]:
    """Return the paths of jobs that come round within the day: a failed one is not tried again, the next one is."""
    return frozenset(Schedule.objects.filter(at__isnull=True).order_by("pk").values_list("task_path", flat=True))


def progress_of(job_id: uuid.UUID) -> Progress | None:
    """Return how far a job is, or None where it says nothing.

    A small side file and not a row: while a job works in one transaction, an embedded database has no second writer.
    """
    try:
        kept = json.loads(progress_file(job_id).read_text(encoding="utf-8"))
        return Progress(done=int(kept["done"]), total=int(kept["total"]))
    except (OSError, ValueError, KeyError):
        return None


def progress_file(job_id: uuid.UUID) -> Path:
    """Return where a job says how far it is."""
    return Path(settings.DATA) / "jobs" / f"{job_id}.json"


def _rows(found: list[DBTaskResult[Any, Any]]) -> list[JobRow]:
    known = _tries([one.pk for one in found])
    return [_row(one, known) for one in found]


def _row(one: DBTaskResult[Any, Any], known: _Tries) -> JobRow:
    state = _STATE_OF[one.status]
    tries = known.tries.get(one.pk, 1)
    rests = state == "failed" and one.pk not in known.again and one.task_path not in known.coming_round
    return JobRow(
        id=one.pk,
        path=one.task_path,
        name=name_of(one.task_path),
        state=state,
        enqueued_at=one.enqueued_at,
        started_at=one.started_at,
        finished_at=one.finished_at,
        arguments=_arguments(one.args_kwargs),
        error=_why(one.exception_class_path),
        tries=tries,
        again=known.again.get(one.pk),
        retry_at=retry_at(one.finished_at, tries) if rests and one.finished_at else None,
        progress=progress_of(one.pk) if state == "running" else None,
    )


def _why(path: str) -> str:
    return _(REASONS[path]) if path in REASONS else path.rsplit(".", 1)[-1]


def _arguments(given: dict[str, Any]) -> str:
    by_place = [json.dumps(one, ensure_ascii=False) for one in given.get("args", [])]
    by_name = [f"{name}={json.dumps(one, ensure_ascii=False)}" for name, one in given.get("kwargs", {}).items()]
    return ", ".join([*by_place, *by_name])


def _tries(ids: list[uuid.UUID]) -> _Tries:
    retries = Retry.objects.filter(Q(again__in=ids) | Q(failed__in=ids)).order_by("pk")
    known = _Tries(coming_round=coming_round())
    for failed, again, tries in retries.values_list("failed_id", "again_id", "tries"):
        known.tries[again] = tries
        known.again[failed] = again
    return known


def _chain(job_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the numbers of all tries of the same work; each step finds the next on either side."""
    chain, news = {job_id}, {job_id}
    while news:
        pairs = Retry.objects.filter(Q(again__in=news) | Q(failed__in=news)).order_by("pk")
        near = {one for pair in pairs.values_list("failed_id", "again_id") for one in pair}
        news = near - chain
        chain |= near
    return chain


def _medians(wanted: set[str]) -> dict[str, float]:
    """Return the median seconds of the last 50 good runs of each job, in one query."""
    newest = Window(RowNumber(), partition_by="task_path", order_by=["-finished_at", "pk"])
    runs = (
        DBTaskResult.objects.successful()
        .filter(task_path__in=wanted)
        .annotate(newest=newest)
        .filter(newest__lte=RUNS_OF_A_MEDIAN)
        .only("task_path", "started_at", "finished_at")
        .order_by("task_path", "pk")
    )
    seconds: dict[str, list[float]] = {}
    for one in runs:
        if one.started_at and one.finished_at:
            seconds.setdefault(one.task_path, []).append(max(0.0, (one.finished_at - one.started_at).total_seconds()))
    return {path: median(found) for path, found in seconds.items()}
