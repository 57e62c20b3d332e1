"""Keep uploaded files for some time only: they hold customers' data, and disks are finite."""

import shutil
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from banso.intake.actions.choosing import RUNNING
from banso.intake.actions.sources.pulling import forget_old_runs
from banso.intake.models import Import, State
from banso.intake.queries import folders
from banso.journal import actions as journal
from banso.people.access import Actor

# A folder that belongs to no import is an upload that was cut off; one as young as this may still be under way.
YOUNG: Final = timedelta(days=1)


def remove_old_files(*, by: Actor, now: datetime) -> int:
    """Remove the files of imports that nobody touched for `UPLOAD_DAYS`, and return of how many.

    An import that waits or runs keeps its file. What was imported, the counts, the first refusals and the
    data-quality report stay; a draft that was never started is cancelled. First the imports are marked, then the
    folders go: where a stop comes in between, the next night removes what is left.
    """
    count = _mark(by=by, now=now)
    forget_old_runs(before=now - timedelta(days=settings.UPLOAD_DAYS))
    gone = set(Import.objects.filter(file_removed_at__isnull=False).values_list("folder", flat=True))
    known = set(Import.objects.values_list("folder", flat=True))
    root = folders.uploads()
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        if folder.name in gone or (folder.name not in known and _age(folder.stat().st_mtime, now) > YOUNG):
            shutil.rmtree(folder, ignore_errors=True)  # what resists is tried again tomorrow
    return count


@transaction.atomic
def _mark(*, by: Actor, now: datetime) -> int:
    before = now - timedelta(days=settings.UPLOAD_DAYS)
    untouched = Q(made_at__lt=before) & ~Q(started_at__gte=before) & ~Q(ended_at__gte=before)
    due = Import.objects.select_for_update().filter(untouched, file_removed_at=None).exclude(state__in=RUNNING)
    ids = list(due.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return 0
    Import.objects.filter(pk__in=ids, state=State.DRAFT).update(state=State.CANCELLED, ended_at=now)
    Import.objects.filter(pk__in=ids).update(file_removed_at=now)
    details = {"count": len(ids), "days": settings.UPLOAD_DAYS}
    journal.write(journal.News("import.files_removed", subject_kind="import", details=details), by=by, now=now)
    return len(ids)


def _age(modified: float, now: datetime) -> timedelta:
    return timedelta(seconds=now.timestamp() - modified)
