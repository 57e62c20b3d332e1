"""Run an import from its file to its end, once, whatever happens to the worker meanwhile."""

import errno
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import polars as pl
from django.db import DatabaseError, transaction

from banso.health import actions as health
from banso.intake.actions import workshop
from banso.intake.actions.checking import Checked, check_file, context_of
from banso.intake.actions.choosing import RUNNING, enqueue_again
from banso.intake.actions.saving import Saved, save
from banso.intake.models import Import, State
from banso.intake.queries import folders
from banso.intake.queries.known import Known
from banso.intake.rules import mapping
from banso.intake.rules.refusals import Refusal, Unreadable
from banso.journal import actions as journal
from banso.people import queries as people
from banso.people.access import SYSTEM, Actor, User, actor_of, may
from banso.usage import actions as usage

MOST_ATTEMPTS: Final = 3
SHOWN_REFUSALS: Final = 100

logger = logging.getLogger(__name__)


def run(
    import_id: int, *, now: datetime, by: Actor | None = None, beside: Path | None = None, is_refreshing: bool = True
) -> Import:
    """Check and save one import that waits, or go on with one whose worker died; one process at a time.

    All outcomes are states of the import, with their reason: no exception leaves here but faults of our own, which are
    written down as a failure too. `beside` is the folder of files that its map looks up. Without `is_refreshing` the
    caller sees to the roll-ups and the scores, once for several files: `refresh`.
    """
    one = Import.objects.get(pk=import_id)
    with workshop.held(one.folder) as is_mine:
        one.refresh_from_db()
        if not is_mine or one.state not in RUNNING:
            return one
        _take_up(one, now)
        begun = time.monotonic()

        def ended(state: State, **facts: object) -> None:
            _end(one, state, by=by or _author(one), now=now + timedelta(seconds=time.monotonic() - begun), **facts)

        _work(one, ended, now=now, by=by, beside=beside)
    if is_refreshing and one.state in {State.DONE, State.PARTIAL}:
        refresh(by=by or _author(one), now=now)
    return one


def refresh(*, by: Actor, now: datetime) -> None:
    """Let what was imported show: the roll-ups of usage, then the scores."""
    usage.roll_up(now)
    health.recompute(on=people.today(people.company(), now), by=by, now=now)


def fail(import_id: int, refusal: Refusal, *, by: Actor, now: datetime) -> Import:
    """End an import that cannot begin, with the reason, and return it."""
    one = Import.objects.get(pk=import_id)
    _end(one, State.FAILED, by=by, now=now, failure=refusal.as_json())
    return one


def resume_or_report(now: datetime) -> tuple[list[int], list[int]]:
    """Look after imports whose worker died: queue them again, or report them as stopped after three tries.

    Called when a worker starts. Returns the ids of both. An import that another process is working on is left alone.
    """
    resumed, stopped = [], []
    for one in Import.objects.filter(state=State.RUNNING).order_by("pk"):
        if workshop.is_alive(one.folder):
            continue
        if one.attempts >= MOST_ATTEMPTS:
            _end(one, State.STOPPED, by=SYSTEM, now=now, failure={"code": "worker_died", "attempts": one.attempts})
            stopped.append(one.pk)
            continue
        with transaction.atomic():
            # Two workers that start together: the row lets one of them queue it.
            is_mine = Import.objects.filter(pk=one.pk, state=State.RUNNING).update(state=State.WAITING)
            if is_mine:
                enqueue_again(one.pk, now=now)
                resumed.append(one.pk)
    return resumed, stopped


type Ending = Callable[..., None]


def _work(one: Import, ended: Ending, *, now: datetime, by: Actor | None, beside: Path | None) -> None:
    try:
        _check_and_save(one, ended, now=now, by=by, beside=beside)
    except workshop.Cancelled:
        ended(State.CANCELLED)
    except Unreadable as problem:
        ended(State.FAILED, failure=problem.refusal.as_json())
    except mapping.WrongMap as problem:
        ended(State.FAILED, failure={"code": problem.code, "facts": problem.facts})
    except OSError as problem:
        code = "disk_full" if problem.errno in {errno.ENOSPC, errno.EDQUOT} else "folder_unusable"
        ended(State.FAILED, failure={"code": code, "facts": {"reason": problem.strerror or ""}})
    except DatabaseError as problem:
        logger.exception("import %s failed in the database", one.pk)
        ended(State.FAILED, failure={"code": "database", "facts": {"reason": str(problem)[:200]}})
    except Exception:
        ended(State.FAILED, failure={"code": "unexpected"})
        raise


def _check_and_save(one: Import, ended: Ending, *, now: datetime, by: Actor | None, beside: Path | None) -> None:
    author = User.objects.filter(pk=one.made_by_id).first() if one.made_by_id else None
    if author is not None and not may(author, "intake.import"):
        ended(State.FAILED, failure={"code": "not_allowed"})
        return
    chosen = mapping.from_plain(one.mapping, kind=one.kind)
    known = Known(author, today=people.today(people.company(), now))
    checked = check_file(one, known, context=context_of(chosen, beside=beside, now=now))
    _keep_checked(one, checked)
    if checked.refused == checked.rows:
        ended(State.FAILED, failure={"code": "no_good_row" if checked.rows else "no_rows"})
    elif checked.refused and not one.skips_bad_rows and not one.is_dry_run:
        ended(State.FAILED, failure={"code": "rows_refused"})
    elif one.kind == "usage":
        _save_usage(one, ended, checked, by=by or _author(one), now=now)
    elif one.kind == "series":
        _save_series(one, ended, checked, by=by or _author(one), now=now)
    else:
        _save_rows(one, ended, chosen, known, checked, by=by or _author(one), now=now)


def _save_rows(
    one: Import,
    ended: Ending,
    chosen: mapping.Map,
    known: Known,
    checked: Checked,
    *,
    by: Actor,
    now: datetime,
) -> None:
    saved = save(one, chosen, known, by=by, now=now)
    refused = {entry["row"] for entry in folders.refused(one.folder)}
    _keep_saved(one, checked, saved, len(refused))
    if one.is_dry_run:
        ended(State.CHECKED)
    elif saved.refusals and not one.skips_bad_rows:
        ended(State.FAILED, failure={"code": "rows_refused"}, rows_added=0, rows_changed=0, rows_same=0)
    else:
        ended(State.PARTIAL if refused else State.DONE, rows_same=one.rows_same + checked.repeated)


def _save_usage(one: Import, ended: Ending, checked: Checked, *, by: Actor, now: datetime) -> None:
    """Hand all events over in one call: they become visible at one moment, and killed in between none is kept."""
    if one.is_dry_run:
        ended(State.CHECKED, rows_added=checked.rows - checked.refused - checked.repeated, rows_same=checked.repeated)
        return
    workshop.beat(one.folder, phase="saving", done=0, total=None)
    folder = folders.folder(one.folder)
    events = pl.scan_parquet(folder / folders.STAGED / "*.parquet")
    if (folder / folders.REPEATED).exists():
        events = events.join(pl.scan_parquet(folder / folders.REPEATED), on="row", how="anti")
    wanted = ("at", "account", "person", "name", "value", "message_id", "properties")
    there = events.collect_schema().names()
    recorded = usage.record(
        events.select([name for name in wanted if name in there]),
        source=one.source or "import",
        by=by,
        now=now,
        ids="content",
    )
    ended(
        State.PARTIAL if checked.refused else State.DONE,
        rows_added=recorded.count,
        rows_same=recorded.duplicates + checked.repeated,
    )


def _save_series(one: Import, ended: Ending, checked: Checked, *, by: Actor, now: datetime) -> None:
    """Hand all values over in one call, as events are: killed in between none is kept, and begun anew it adds none."""
    values = pl.read_parquet(folders.folder(one.folder) / folders.STAGED / "*.parquet")
    rows = values.select("account", "series", "on", "value")
    if one.is_dry_run:
        done, state = usage.compared_series(rows), State.CHECKED
    else:
        workshop.beat(one.folder, phase="saving", done=0, total=None)
        done = usage.save_series(rows, source=one.source or "import", by=by, now=now)
        state = State.PARTIAL if checked.refused else State.DONE
    ended(state, rows_added=done.added, rows_changed=done.changed, rows_same=done.same + checked.repeated)


def _take_up(one: Import, now: datetime) -> None:
    one.state, one.attempts = State.RUNNING, one.attempts + 1
    one.started_at = one.started_at or now
    one.save(update_fields=["state", "attempts", "started_at"])


def _keep_checked(one: Import, checked: Checked) -> None:
    one.rows_total, one.rows_refused = checked.rows, checked.refused
    one.refusals = checked.refusals
    one.findings = [finding.as_json() for finding in checked.findings]
    one.spellings = checked.spellings
    one.save(update_fields=["rows_total", "rows_refused", "refusals", "findings", "spellings"])


def _keep_saved(one: Import, checked: Checked, saved: Saved, refused: int) -> None:
    one.refresh_from_db(fields=["rows_added", "rows_changed", "rows_same", "parts_saved"])
    if one.is_dry_run or (saved.refusals and not one.skips_bad_rows):
        one.rows_added, one.rows_changed = saved.added, saved.changed
        one.rows_same = saved.same + checked.repeated
    one.rows_refused = refused
    room = max(0, SHOWN_REFUSALS - len(checked.refusals))
    one.refusals = [*checked.refusals, *(refusal.as_json() for refusal in saved.refusals[:room])]
    one.save(update_fields=["rows_added", "rows_changed", "rows_same", "rows_refused", "refusals"])


@transaction.atomic
def _end(one: Import, state: State, *, by: Actor, now: datetime, **facts: object) -> None:
    one.state, one.ended_at = state, now
    for name, value in facts.items():
        setattr(one, name, value)
    one.save(update_fields=["state", "ended_at", *facts])
    details = {
        "kind": one.kind,
        "file": one.file_name,
        "state": str(state),
        "added": one.rows_added,
        "changed": one.rows_changed,
        "same": one.rows_same,
        "refused": one.rows_refused,
    }
    news = journal.News(
        "import.ended", subject_kind="import", subject_id=one.pk, subject_label=one.file_name, details=details
    )
    journal.write(news, by=by, now=now)


def _author(one: Import) -> Actor:
    return actor_of(one.made_by) if one.made_by is not None else SYSTEM
