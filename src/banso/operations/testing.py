"""Jobs for tests: put into the queue as any job is, and let end as the worker lets them."""

from datetime import datetime, timedelta
from typing import Any

from django.tasks import Task, TaskResultStatus, task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from banso.operations.actions import Planned, Rhythm

NEVER_ENDING = timedelta(seconds=30)


@task()
def count_sheep(sheep: int = 1) -> int:
    """Return how many there are."""
    return sheep


@task()
def count_stars() -> int:
    """Return how many there are."""
    return 0


def a_plan(rhythm: Rhythm | None = None, *, has_work: bool = True) -> Planned:
    """Plan that sheep are counted, every 30 seconds unless said otherwise."""
    return Planned(count_sheep, rhythm or Rhythm(every=NEVER_ENDING), lambda: has_work)


def a_job(*args: int) -> DBTaskResult[Any, Any]:
    """Put a job into the queue that counts sheep."""
    return DBTaskResult.objects.get(pk=count_sheep.enqueue(*args).id)


def a_failed_job(at: datetime, *args: int) -> DBTaskResult[Any, Any]:
    """Let a job that counts sheep fail at a time, five seconds after it began."""
    return ended(a_job(*args), at, RuntimeError("a wolf came"))


def ended(job: DBTaskResult[Any, Any], at: datetime, error: Exception | None = None) -> DBTaskResult[Any, Any]:
    """Let a job end at a time: well, or with an error."""
    job.claim("here:1:abc")
    if error is None:
        job.set_successful(7)
    else:
        job.set_failed(error)
    times = {"enqueued_at": at - timedelta(seconds=9), "started_at": at - timedelta(seconds=5), "finished_at": at}
    DBTaskResult.objects.filter(pk=job.pk).update(**times)
    job.refresh_from_db()
    return job


def states() -> list[str]:
    """Return the states of all jobs, oldest first."""
    found = DBTaskResult.objects.order_by("enqueued_at", "pk").values_list("status", flat=True)
    return [str(TaskResultStatus(one).value) for one in found]


def run(wanted: Task[..., Any], *args: object) -> Any:
    """Put a job into the queue, let a real worker do it, and return what it answered; what it raised is raised."""
    result = DBTaskResult.objects.get(pk=wanted.enqueue(*args).id)
    worker = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=1,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id="here:1:abc",
    )
    result.claim(worker.worker_id)
    worker.run_task(result)
    result.refresh_from_db()
    if result.status != TaskResultStatus.SUCCESSFUL:
        raise AssertionError(result.traceback)
    return result.return_value
