"""Jobs of intake: run an import that waits."""

from typing import Any

from django.tasks import task
from django.utils import timezone

from banso.intake import actions


@task()
def run_import(import_id: int) -> dict[str, Any]:
    """Run one import; what became of it is its own state, and the answer only repeats it."""
    one = actions.run(import_id, now=timezone.now())
    return {"import": one.pk, "state": str(one.state), "added": one.rows_added, "refused": one.rows_refused}
