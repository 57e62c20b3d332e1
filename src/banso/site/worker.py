"""The worker: does the jobs that wait, and sees to it that what is due every night and every minute is done."""

import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from banso.operations import actions as operations
from banso.site import schedule

TICK_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 30.0
KEPT_FOR = timedelta(days=14)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Pace:
    """How often a worker looks, in seconds."""

    look: float = 0.5
    tick: float = TICK_SECONDS


class PatientWorker(Worker):
    """A worker that outlives its database: it waits, longer each time, and goes on when the database is back."""

    def __init__(self, pace: Pace) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=pace.look,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=_name(),
        )

    def run(self) -> None:
        pause = 1.0
        while self.running:
            began = time.monotonic()
            try:
                super().run()
            except DatabaseError as error:
                log.warning("the database does not answer; waiting", seconds=pause, error=str(error))
                connection.close()
                time.sleep(pause)
                recovered = time.monotonic() - began > 2 * LONGEST_PAUSE_SECONDS
                pause = 1.0 if recovered else min(2 * pause, LONGEST_PAUSE_SECONDS)


def work(pace: Pace | None = None) -> None:
    """Do jobs until SIGTERM or SIGINT; a job that runs then is finished first, unless a second signal comes."""
    pace = pace or Pace()
    worker = PatientWorker(pace)
    worker.configure_signals()
    _patiently(_clear_up)
    stopped = threading.Event()
    ticker = threading.Thread(target=_tick_until, args=(stopped, pace.tick), name="ticker", daemon=True)
    ticker.start()
    try:
        worker.run()
    finally:
        stopped.set()
        ticker.join(timeout=2)


def tick(now: datetime) -> None:
    """Say that a worker is alive, enqueue what is due, try again what failed; two workers at once do it once."""
    operations.beat(now)
    operations.enqueue_due(schedule.SCHEDULE, now=now)
    operations.retry_failed(now=now)
    operations.clear_away(finished_before=now - KEPT_FOR)


def clear_up(now: datetime) -> int:
    """Close the jobs of workers that were killed, and return how many; their owners may start them again."""
    dead = [job for job in DBTaskResult.objects.running().order_by("pk") if not _is_alive(job.worker_ids)]
    for job in dead:
        operations.close_interrupted(job, now=now)
    return len(dead)


def _clear_up() -> None:
    now = timezone.now()
    if closed := clear_up(now):
        log.warning("jobs of a stopped worker closed", jobs=closed)
    schedule.resume(now)


def _patiently(do: Callable[[], None]) -> None:
    try:
        do()
    except DatabaseError as error:
        log.warning("could not clear up at start", error=str(error))


def _tick_until(stopped: threading.Event, seconds: float) -> None:
    while not stopped.is_set():
        try:
            close_old_connections()
            tick(timezone.now())
        except DatabaseError as error:
            log.warning("a tick was missed", error=str(error))
            connection.close()
        except Exception:  # whatever it was, the next tick comes: without ticks nothing is ever due
            log.exception("a tick failed")
        stopped.wait(seconds)
    connection.close()


def _name() -> str:
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{get_random_string(8)}"


def _is_alive(worker_ids: list[str]) -> bool:
    host, _colon, rest = (worker_ids or [""])[-1].partition(":")
    if host != socket.gethostname()[:30]:
        return bool(host)  # another machine's worker: only that machine can know
    pid = rest.partition(":")[0]
    if not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
