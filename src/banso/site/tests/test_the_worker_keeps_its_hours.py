"""The worker does what is due, once, outlives its database, and closes what the dead have left."""

import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.tasks import Task
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from banso.health.jobs import recompute_health
from banso.intake.jobs import run_import
from banso.intake.testing import a_cut_off_import
from banso.operations import queries as jobs
from banso.site import pulse, schedule, worker
from banso.usage.jobs import roll_up_usage


@pytest.mark.django_db
def test_a_tick_enqueues_what_is_due_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "SCHEDULE", (schedule.nightly(recompute_health),))
    now = timezone.now()
    worker.tick(now)
    worker.tick(now + timedelta(seconds=5))
    assert [one.task_path for one in DBTaskResult.objects.all()] == [recompute_health.module_path]
    assert {part.name: part.status for part in pulse.take(now)}["worker"] == "ok"


@pytest.mark.django_db
def test_old_finished_jobs_are_cleared_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "SCHEDULE", ())
    old, fresh = _job("SUCCESSFUL"), _job("SUCCESSFUL")
    DBTaskResult.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=15))
    worker.tick(timezone.now())
    assert [one.pk for one in DBTaskResult.objects.all()] == [fresh.pk]


@pytest.mark.django_db
def test_jobs_of_a_worker_that_was_killed_are_closed() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    here = socket.gethostname()[:30]
    dead = _job("RUNNING", f"{here}:{gone.pid}:abc")
    nobodys = _job("RUNNING", f"{here}:{os.getpid()}:abc")  # a number that was given out again
    elsewhere = _job("RUNNING", "another-host:1:abc")
    parents = _job("RUNNING", f"{here}:{os.getppid()}:abc")
    assert worker.clear_up(timezone.now()) == 2
    states = {one.pk: str(one.status) for one in DBTaskResult.objects.all()}
    assert states == {dead.pk: "FAILED", nobodys.pk: "FAILED", elsewhere.pk: "RUNNING", parents.pk: "RUNNING"}


@pytest.mark.django_db
def test_an_import_that_a_kill_cut_off_waits_once_and_as_the_next_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "SCHEDULE", ())
    one = a_cut_off_import(tmp_path)
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    cut_off = _job("RUNNING", f"{socket.gethostname()[:30]}:{gone.pid}:abc", run_import, one)
    now = timezone.now()
    worker.clear_up(now)
    schedule.resume(now)
    worker.tick(now + timedelta(minutes=2))
    waiting = DBTaskResult.objects.ready().filter(task_path=run_import.module_path)
    assert [job.args_kwargs["args"] for job in waiting] == [[one]]
    assert [row.id for row in jobs.job(waiting[0].pk).chain] == [cut_off.pk, waiting[0].pk]
    schedule.resume(now)
    assert waiting.count() == 1


@pytest.mark.django_db
def test_an_import_whose_job_is_forgotten_is_taken_up_too(tmp_path: Path) -> None:
    one = a_cut_off_import(tmp_path)
    schedule.resume(timezone.now())
    assert [job.args_kwargs["args"] for job in DBTaskResult.objects.ready()] == [[one]]


@pytest.mark.django_db(transaction=True)
def test_a_tick_that_fails_is_not_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks: list[Any] = []
    stopped = threading.Event()

    def tick(now: Any) -> None:
        ticks.append(now)
        if len(ticks) == 1:
            raise OSError("the disk cannot be read")
        stopped.set()

    monkeypatch.setattr(worker, "tick", tick)
    ticker = threading.Thread(target=worker._tick_until, args=(stopped, 0.01))
    ticker.start()
    ticker.join(20)
    stopped.set()
    assert len(ticks) == 2


def test_a_worker_waits_for_its_database(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    patient = worker.PatientWorker(worker.Pace())

    def run(self: Worker) -> None:
        if len(pauses) < 7:
            raise OperationalError("server closed the connection")
        self.running = False

    monkeypatch.setattr(Worker, "run", run)
    patient.run()
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


@pytest.mark.django_db(transaction=True)
def test_a_worker_ticks_works_and_stops_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)}
    done = threading.Event()
    monkeypatch.setattr(schedule, "SCHEDULE", ())
    monkeypatch.setattr(worker, "tick", lambda _now: done.set())

    def run(_self: Any) -> None:
        assert done.wait(10)

    monkeypatch.setattr(worker.PatientWorker, "run", run)
    try:
        worker.work(worker.Pace(look=0.01, tick=0.01))
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert done.is_set()


def _job(
    status: str, worker_id: str = "", task: Task[..., Any] = roll_up_usage, *args: object
) -> DBTaskResult[Any, Any]:
    result = task.enqueue(*args)
    job = DBTaskResult.objects.get(pk=result.id)
    job.status, job.worker_ids, job.finished_at = status, [worker_id] if worker_id else [], timezone.now()
    job.save()
    return job
