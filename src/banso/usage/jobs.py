"""Jobs of usage: bring the roll-ups up to the lake, and keep the lake in few files."""

from typing import Any

from django.tasks import TaskContext, task
from django.utils import timezone

from banso.operations import actions as operations
from banso.usage import actions


@task(takes_context=True)
def roll_up_usage(context: TaskContext[..., Any]) -> dict[str, Any]:
    """Roll up what came in since; return the months rebuilt, the segments taken and the rows written."""

    def tell(done: int, total: int) -> None:
        operations.report_progress(job_id=context.task_result.id, done=done, total=total)

    done = actions.roll_up(timezone.now(), tell=tell)
    return {"months": list(done.months), "segments": done.segments, "rows": done.rows}


@task()
def describe_events() -> dict[str, int]:
    """Count what the catalogue of event names shows; return how many names."""
    return {"names": actions.describe_events(now=timezone.now())}


@task()
def tidy_usage() -> dict[str, int]:
    """Put small files together and forget old message ids; return counts."""
    return dict(vars(actions.tidy()))


@task(takes_context=True)
def load_engine(context: TaskContext[..., Any]) -> dict[str, int]:
    """Bring to the engine what it lacks of the roll-ups; return the rows written."""

    def tell(done: int, total: int, _file: str) -> None:
        operations.report_progress(job_id=context.task_result.id, done=done, total=total)

    return {"rows": actions.load_engine(tell=tell)}
