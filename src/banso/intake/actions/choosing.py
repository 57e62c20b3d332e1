"""Say how a file is read and what is done with bad rows, then let it go; a worker takes it from there."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.module_loading import import_string

from banso.intake.actions import workshop
from banso.intake.models import Feed, Import, Kind, Mapping, State
from banso.intake.queries import folders
from banso.intake.rules import mapping
from banso.journal import actions as journal
from banso.operations import actions as operations
from banso.people.access import Actor

# Jobs stand above actions and call them; here one is only named, as a template is named by a page.
JOB: Final = "banso.intake.jobs.run_import"
STARTABLE: Final = frozenset({State.DRAFT, State.CHECKED, State.FAILED, State.STOPPED, State.CANCELLED})
RUNNING: Final = frozenset({State.WAITING, State.RUNNING})


class NotNow(Exception):
    """An import that is past the point at which this could be done."""


@transaction.atomic
def choose_mapping(*, import_id: int, chosen: mapping.Map, by: Actor, now: datetime) -> None:  # noqa: ARG001
    """Keep how the columns of a draft are read; raises WrongMap where that does not fit the file, or NotNow."""
    one = Import.objects.select_for_update().get(pk=import_id)
    if one.state not in STARTABLE or one.file_removed_at:
        raise NotNow
    mapping.check(chosen, one.columns)
    one.kind = Kind(chosen.kind)
    one.mapping = mapping.as_plain(chosen)
    one.state = State.DRAFT
    one.save(update_fields=["kind", "mapping", "state"])


@transaction.atomic
def start(
    *, import_id: int, skips_bad_rows: bool, is_dry_run: bool, by: Actor, now: datetime, is_queued: bool = True
) -> None:
    """Let a draft go, and remember its map for the next file with the same columns; raises NotNow or WrongMap."""
    one = Import.objects.select_for_update().get(pk=import_id)
    chosen = mapping.from_plain(one.mapping, kind=one.kind)
    mapping.check(chosen, one.columns)
    if one.state not in STARTABLE or one.file_removed_at or workshop.is_alive(one.folder):
        raise NotNow
    workshop.clear(one.folder)
    one.skips_bad_rows, one.is_dry_run = skips_bad_rows, is_dry_run
    _make_new(one)
    one.save()
    signature = mapping.signature(one.columns)
    Mapping.objects.update_or_create(
        kind=one.kind,
        signature=signature,
        defaults={"name": chosen.name or one.file_name[:100], "mapping": one.mapping, "used_at": now},
    )
    if one.feed_id and one.run_id is None:  # a sample: what was confirmed by it holds for what comes
        Feed.objects.filter(pk=one.feed_id).update(mapping=one.mapping)
    _tell("import.started", one, by=by, now=now)
    if is_queued:
        enqueue(one.pk)


@transaction.atomic
def cancel(*, import_id: int, by: Actor, now: datetime) -> None:
    """Ask an import to end: at once where it waits, else before its next part; raises NotNow where it has ended.

    The wish is a file and not a column: while the worker saves in one transaction it could not be written or seen.
    """
    one = Import.objects.get(pk=import_id)
    if one.state not in RUNNING:
        raise NotNow
    (folders.folder(one.folder) / folders.CANCEL).touch()
    if not workshop.is_alive(one.folder):
        one.state, one.ended_at = State.CANCELLED, now
        one.save(update_fields=["state", "ended_at"])
        _tell("import.cancelled", one, by=by, now=now)


def enqueue(import_id: int) -> None:
    """Hand an import to the workers; in the caller's transaction where tasks are kept in the database."""
    import_string(JOB).enqueue(import_id)


def enqueue_again(import_id: int, *, now: datetime) -> None:
    """Hand an import to the workers whose worker died, as the next try of that job."""
    operations.take_up(import_string(JOB), import_id, now=now)


def _make_new(one: Import) -> None:
    one.state = State.WAITING
    one.started_at = one.ended_at = None
    one.rows_added = one.rows_changed = one.rows_same = one.rows_refused = one.parts_saved = one.attempts = 0
    one.refusals, one.findings, one.failure = [], [], {}


def _tell(verb: str, one: Import, *, by: Actor, now: datetime) -> None:
    details = {"kind": one.kind, "file": one.file_name, "state": str(one.state)}
    news = journal.News(verb, subject_kind="import", subject_id=one.pk, subject_label=one.file_name, details=details)
    journal.write(news, by=by, now=now)
