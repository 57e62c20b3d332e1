"""The door for writing what runs by itself: enqueue what is due, try again, pause, say how far a job is."""

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.tasks import Task, TaskResultStatus
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from banso.journal import actions as journal
from banso.operations.models import Retry, Schedule
from banso.operations.queries import BEAT, NoSuchJob, coming_round, progress_file
from banso.operations.rules import INTERRUPTED, Rhythm, retry_at
from banso.people import queries as people
from banso.people.access import SYSTEM, Actor

__all__ = [
    "NoSuchJob",
    "NoSuchSchedule",
    "NotFailed",
    "Planned",
    "Rhythm",
    "beat",
    "clear_away",
    "close_interrupted",
    "enqueue_due",
    "pause",
    "report_progress",
    "resume",
    "retry",
    "retry_failed",
    "run_now",
    "take_up",
]

# A job that failed longer ago than this waits for a person: nobody expects it to start by itself any more.
FORGOTTEN_AFTER: Final = timedelta(days=1)

log = structlog.get_logger(__name__)


class NotFailed(Exception):
    """Only a failed job can be tried again, and each only once: its next try is another job."""


class NoSuchSchedule(LookupError):
    """No job comes round under this number."""


@dataclass(frozen=True)
class Planned:
    """A job that comes round, as the wiring of the installation names it."""

    task: Task[..., Any]
    rhythm: Rhythm
    has_work: Callable[[], bool] = lambda: True


def beat(now: datetime) -> None:
    """Say that a worker is alive."""
    cache.set(BEAT, now.timestamp(), timeout=None)


@transaction.atomic
def enqueue_due(plan: Sequence[Planned], *, now: datetime) -> list[str]:
    """Put into the queue what is due and not paused; return the paths. Two workers at once enqueue each once.

    A job that waits in the queue already is not put there a second time, and counts as enqueued.
    """
    zone = ZoneInfo(people.company().time_zone)
    rows = _held(plan)
    waiting = set(DBTaskResult.objects.filter(status=TaskResultStatus.READY).values_list("task_path", flat=True))
    enqueued = []
    for one in plan:
        row = rows[_key(one)]
        is_due = row.paused_at is None and one.rhythm.is_due(now, row.last_enqueued_at, zone)
        if not is_due or not _has_work(one):
            continue
        row.last_enqueued_at = now
        row.save(update_fields=["last_enqueued_at"])
        if one.task.module_path not in waiting:
            one.task.enqueue()
            waiting.add(one.task.module_path)
            enqueued.append(one.task.module_path)
    return enqueued


@transaction.atomic
def retry_failed(*, now: datetime) -> list[uuid.UUID]:
    """Put failed jobs into the queue again whose rest is over; return the new ones.

    Each is tried four times in all, after one, five and 25 minutes. One that comes round by itself is left to that.
    """
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=now - FORGOTTEN_AFTER)
    failed = failed.exclude(task_path__in=coming_round()).exclude(pk__in=Retry.objects.values("failed_id"))
    found = list(failed.order_by("finished_at", "pk").select_for_update())
    tries = dict(Retry.objects.filter(again__in=[one.pk for one in found]).values_list("again_id", "tries"))
    made = []
    for one in found:
        due_at = retry_at(one.finished_at or now, tries.get(one.pk, 1))
        if due_at is not None and due_at <= now:
            made.append(_again(one, tries.get(one.pk, 1) + 1, by=SYSTEM, now=now))
    return made


@transaction.atomic
def retry(*, job_id: uuid.UUID, by: Actor, now: datetime) -> uuid.UUID:
    """Put a failed job into the queue again, and return the new one. Raises NoSuchJob, NotFailed."""
    one = DBTaskResult.objects.select_for_update().filter(pk=job_id).first()
    if one is None:
        raise NoSuchJob(job_id)
    if one.status != TaskResultStatus.FAILED or Retry.objects.filter(failed=one).exists():
        raise NotFailed(job_id)
    tries = Retry.objects.filter(again=one).values_list("tries", flat=True).first() or 1
    made = _again(one, tries + 1, by=by, now=now)
    _tell("job.retried", one.task_path, by=by, now=now)
    return made


def close_interrupted(job: DBTaskResult[Any, Any], *, now: datetime) -> None:
    """Let a running job count as failed, as its worker was killed."""
    job.status, job.finished_at = TaskResultStatus.FAILED, now
    job.exception_class_path, job.traceback = INTERRUPTED, ""
    job.save(update_fields=["status", "finished_at", "exception_class_path", "traceback"])


@transaction.atomic
def take_up(task: Task[..., Any], *args: object, now: datetime) -> uuid.UUID:
    """Put work into the queue again that a stop cut off, as the next try of its job where that is known; return it.

    So it waits there once: without this, the failed job would be tried again after its rest, too.
    """
    cut_off = DBTaskResult.objects.failed().filter(task_path=task.module_path, exception_class_path=INTERRUPTED)
    cut_off = cut_off.exclude(pk__in=Retry.objects.values("failed_id")).order_by("-finished_at", "pk")
    one = next((job for job in cut_off.select_for_update() if job.args_kwargs["args"] == list(args)), None)
    if one is None:
        return uuid.UUID(task.enqueue(*args).id)
    tries = Retry.objects.filter(again=one).values_list("tries", flat=True).first() or 1
    return _again(one, tries + 1, by=SYSTEM, now=now)


@transaction.atomic
def pause(*, schedule_id: int, by: Actor, now: datetime) -> None:
    """Let a job not come round until it is resumed; pausing it again changes nothing. Raises NoSuchSchedule."""
    row = _locked(schedule_id)
    if row.paused_at is None:
        row.paused_at, row.paused_by = now, by.label[:200]
        row.save(update_fields=["paused_at", "paused_by"])
        _tell("schedule.paused", row.task_path, by=by, now=now)


@transaction.atomic
def resume(*, schedule_id: int, by: Actor, now: datetime) -> None:
    """Let a paused job come round again; what it missed is made up for, once. Raises NoSuchSchedule."""
    row = _locked(schedule_id)
    if row.paused_at is not None:
        row.paused_at, row.paused_by = None, ""
        row.save(update_fields=["paused_at", "paused_by"])
        _tell("schedule.resumed", row.task_path, by=by, now=now)


@transaction.atomic
def run_now(*, schedule_id: int, by: Actor, now: datetime) -> uuid.UUID:
    """Put a job that comes round into the queue at once, paused or not; return it. Raises NoSuchSchedule."""
    row = _locked(schedule_id)
    task: Task[..., Any] = import_string(row.task_path)
    row.last_enqueued_at = now
    row.save(update_fields=["last_enqueued_at"])
    _tell("schedule.run", row.task_path, by=by, now=now)
    return uuid.UUID(task.enqueue().id)


def report_progress(*, job_id: str | uuid.UUID, done: int, total: int) -> None:
    """Say how far a job is, for the page of jobs; a reader finds the old or the new, never a half."""
    path = progress_file(uuid.UUID(str(job_id)))
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_suffix(".new")
    waiting.write_text(json.dumps({"done": done, "total": total}), encoding="utf-8")
    waiting.replace(path)


def clear_away(*, finished_before: datetime) -> int:
    """Forget jobs that ended before a time, and the progress of all that no longer run; return how many jobs went."""
    gone, _ = DBTaskResult.objects.finished().filter(finished_at__lt=finished_before).delete()
    files = {path.stem: path for path in progress_file(uuid.UUID(int=0)).parent.glob("*.json")}
    running = DBTaskResult.objects.running().values_list("pk", flat=True) if files else []
    for name in set(files) - {str(pk) for pk in running}:
        files[name].unlink(missing_ok=True)
    return gone


def _held(plan: Sequence[Planned]) -> dict[tuple[str, bool], Schedule]:
    """Return the plan's rows, locked: made where they are new, changed where their rhythm is, removed where gone."""
    wanted = {_key(one): _row_of(one) for one in plan}
    kept = _locked_rows()
    if missing := [row for key, row in wanted.items() if key not in kept]:
        Schedule.objects.bulk_create(missing, ignore_conflicts=True)
        kept = _locked_rows()
    for key, row in wanted.items():
        if kept[key].rhythm != row.rhythm:
            kept[key].every_seconds, kept[key].at = row.every_seconds, row.at
            kept[key].save(update_fields=["every_seconds", "at"])
    if gone := [row.pk for key, row in kept.items() if key not in wanted]:
        Schedule.objects.filter(pk__in=gone).delete()
    return kept


def _locked_rows() -> dict[tuple[str, bool], Schedule]:
    rows = Schedule.objects.select_for_update().order_by("pk")
    return {(row.task_path, row.at is None): row for row in rows}


def _has_work(one: Planned) -> bool:
    """Ask whether a job has work; where that cannot be answered, the job finds out, and fails where people see it."""
    try:
        return one.has_work()
    except DatabaseError:  # it is not this one question that cannot be answered
        raise
    except Exception:
        log.exception("a job cannot say whether it has work", job=one.task.module_path)
        return True


def _row_of(one: Planned) -> Schedule:
    seconds = None if one.rhythm.every is None else round(one.rhythm.every.total_seconds())
    return Schedule(task_path=one.task.module_path, every_seconds=seconds, at=one.rhythm.at)


def _key(one: Planned) -> tuple[str, bool]:
    return one.task.module_path, one.rhythm.at is None


def _locked(schedule_id: int) -> Schedule:
    row = Schedule.objects.select_for_update().filter(pk=schedule_id).first()
    if row is None:
        raise NoSuchSchedule(schedule_id)
    return row


def _again(one: DBTaskResult[Any, Any], tries: int, *, by: Actor, now: datetime) -> uuid.UUID:
    result = one.task.using(run_after=None).enqueue(*one.args_kwargs["args"], **one.args_kwargs["kwargs"])
    again = uuid.UUID(result.id)
    Retry.objects.create(failed=one, again_id=again, tries=tries, asked_at=now, asked_by=by.label[:200])
    return again


def _tell(verb: str, path: str, *, by: Actor, now: datetime) -> None:
    journal.write(journal.News(verb, subject_kind="job", subject_label=path.rsplit(".", 1)[-1]), by=by, now=now)
