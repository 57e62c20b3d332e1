"""Jobs of intake: take events in, run what waits, read the sources that are due; every night, remove old files."""

from typing import Any

from django.tasks import task
from django.utils import timezone

from banso.intake import actions
from banso.people.access import SYSTEM


@task()
def run_import(import_id: int) -> dict[str, Any]:
    """Run one import; what became of it is its own state, and the answer only repeats it."""
    one = actions.run(import_id, now=timezone.now())
    return {"import": one.pk, "state": str(one.state), "added": one.rows_added, "refused": one.rows_refused}


@task()
def start_sources() -> dict[str, Any]:
    """Let the sources that are due be read, each by a job of its own; return of how many."""
    return {"started": actions.start_due(now=timezone.now())}


@task()
def run_source(run_id: int) -> dict[str, Any]:
    """Read one source; what became of it is the state of its run, and the answer only repeats it."""
    return {"run": run_id, "state": actions.pull(run_id, now=timezone.now())}


@task()
def remove_old_files() -> dict[str, Any]:
    """Remove the files of imports, and quarantined events, that are older than operators keep them; return counts."""
    now = timezone.now()
    return {"removed": actions.remove_old_files(by=SYSTEM, now=now), "events": actions.forget_old_events(now=now)}


@task()
def compact_events() -> dict[str, Any]:
    """Take in what the event API acknowledged; return counts."""
    return dict(vars(actions.compact(now=timezone.now())))
