"""Read a source: what is new becomes imports, with all their checks; each part once, whatever happens meanwhile."""

import errno
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from banso.intake.actions import workshop
from banso.intake.actions.choosing import enqueue, start
from banso.intake.actions.previewing import read_anew
from banso.intake.actions.running import fail, refresh, run
from banso.intake.actions.sources.parts import first_part, new_parts
from banso.intake.actions.uploading import remembered, upload
from banso.intake.models import Feed, Import, Source, SourceKind, SourceRun, State
from banso.intake.rules import crm, mapping
from banso.intake.rules.refusals import Refusal, Unreadable
from banso.intake.rules.sourcing import ORDER, Part, PartGone, SourceProblem, outcome
from banso.journal import actions as journal
from banso.people.access import SYSTEM, Actor
from banso.usage import actions as usage

# Jobs stand above actions and call them; here one is only named.
JOB: Final = "banso.intake.jobs.run_source"
MOST_NOTES: Final = 50


class NothingToRead(Exception):
    """A source none of whose feeds has its columns confirmed: no one knows yet how its data is read."""


class SampleMissing(Exception):
    """There is nothing in the source yet by which its columns could be confirmed."""


@transaction.atomic
def start_due(*, now: datetime) -> int:
    """Let the sources that are due be read, each by a job of its own, and return how many."""
    due = Source.objects.select_for_update().filter(paused_at=None, due_at__lte=now).order_by("due_at", "pk")
    ready = _ready()
    return sum(_ask(source, by=SYSTEM, now=now) is not None for source in due if source.pk in ready)


@transaction.atomic
def run_now(*, source_id: int, by: Actor, now: datetime) -> int:
    """Let a source be read at once, paused or not, and return the run; one that is under way is returned instead.

    Raises NothingToRead.
    """
    source = Source.objects.select_for_update().get(pk=source_id)
    if source.pk not in _ready():
        raise NothingToRead(source.name)
    asked = _ask(source, by=by, now=now)
    if asked is None:
        return SourceRun.objects.get(source=source, state__in=SourceRun.OPEN).pk
    news = journal.News("source.run", subject_kind="source", subject_id=source.pk, subject_label=source.name)
    journal.write(news, by=by, now=now)
    return asked


def sample(*, feed_id: int, by: Actor, now: datetime) -> Import:
    """Take the newest file or the first rows of a feed as a draft, by which a person confirms its columns.

    Raises SampleMissing, SourceProblem, Unreadable.
    """
    feed = Feed.objects.select_related("source").get(pk=feed_id)
    part = first_part(feed, now=now)
    if part is None:
        raise SampleMissing(feed.what)
    one = _uploaded(part, feed, by=by, now=now)
    if feed.source.kind != SourceKind.FOLDER:
        read_anew(import_id=one.pk, kind=feed.kind, encoding="utf-8", delimiter=",", sheet="")
        one.refresh_from_db()
    if not feed.mapping and feed.source.kind in crm.OBJECTS:
        one.mapping = {**one.mapping, **crm.OBJECTS[feed.source.kind][feed.what].mapping()}
    if feed.mapping and _fits(mapping.from_plain(feed.mapping, kind=feed.kind), one):
        one.mapping = feed.mapping
    one.feed, one.source = feed, feed.source.name
    one.mapping = {**one.mapping, "source": feed.source.name}
    one.save(update_fields=["feed", "source", "mapping"])
    return one


def pull(run_id: int, *, now: datetime) -> str:
    """Read a source that waits to be read, and return how that ended; one process at a time.

    All outcomes are states of the run, with their reason; faults of our own are written down and raised.
    """
    with workshop.held(_lock(run_id)) as is_mine:
        begun = time.monotonic()
        one = SourceRun.objects.select_related("source").get(pk=run_id)
        if not is_mine or one.state != State.WAITING:
            return str(one.state)
        SourceRun.objects.filter(pk=run_id).update(state=State.RUNNING, started_at=now)

        def ended(state: str, failure: Refusal | None = None) -> str:
            _end(one, state, failure, now=now + timedelta(seconds=time.monotonic() - begun))
            return state

        return _work(one, ended, now=now)


def close_cut_off(now: datetime) -> list[int]:
    """Say of runs whose worker died that they were stopped, and let their sources be read anew; return the runs.

    Called when a worker starts. Imports that were under way are taken up by themselves.
    """
    closed = []
    for one in SourceRun.objects.filter(state=State.RUNNING).select_related("source").order_by("pk"):
        if not workshop.is_alive(_lock(one.pk)):
            _end(one, State.STOPPED, Refusal("run_stopped"), now=now)
            for import_id in Import.objects.filter(run=one, state=State.WAITING).values_list("pk", flat=True):
                enqueue(import_id)
            Source.objects.filter(pk=one.source_id).update(due_at=now)
            closed.append(one.pk)
    return closed


def forget_old_runs(*, before: datetime) -> int:
    """Forget runs that ended before a time and brought in nothing, and return how many."""
    busy = Import.objects.filter(run__isnull=False).values("run_id")
    gone, _ = SourceRun.objects.filter(ended_at__lt=before).exclude(pk__in=busy).delete()
    return gone


def _ready() -> set[int]:
    return set(Feed.objects.exclude(mapping={}).values_list("source_id", flat=True))


def _ask(source: Source, *, by: Actor, now: datetime) -> int | None:
    """Put a source into the queue, or return None where it is there already."""
    source.due_at = now + timedelta(minutes=source.every_minutes)
    source.save(update_fields=["due_at"])
    try:
        with transaction.atomic():
            one = SourceRun.objects.create(source=source, asked_at=now, asked_by=by.label[:200])
    except IntegrityError:
        return None
    import_string(JOB).enqueue(one.pk)
    return one.pk


def _work(one: SourceRun, ended: Callable[..., str], *, now: datetime) -> str:
    try:
        for feed in _feeds(one):
            _pull_feed(feed, one, now)
    except (SourceProblem, Unreadable) as problem:
        return ended(State.FAILED, problem.refusal)
    except OSError as problem:
        code = "disk_full" if problem.errno in {errno.ENOSPC, errno.EDQUOT} else "folder_unusable"
        return ended(State.FAILED, Refusal(code, facts={"reason": problem.strerror or ""}))
    except Exception:
        ended(State.FAILED, Refusal("unexpected"))
        raise
    came = Import.objects.filter(run=one)
    counts = came.aggregate(new=Sum(F("rows_added") + F("rows_changed")), refused=Sum("rows_refused"))
    if counts["new"]:
        refresh(by=SYSTEM, now=now)
    return ended(outcome(came.order_by("pk").values_list("state", flat=True), counts["refused"] or 0))


def _feeds(one: SourceRun) -> list[Feed]:
    feeds = Feed.objects.filter(source_id=one.source_id).exclude(mapping={}).select_related("source").order_by("pk")
    return sorted(feeds, key=lambda feed: ORDER.index(feed.kind))


def _note(one: SourceRun, refusals: list[Refusal]) -> None:
    if refusals:
        one.notes = [*one.notes, *(refusal.as_json() for refusal in refusals)][:MOST_NOTES]
        one.save(update_fields=["notes"])


def _pull_feed(feed: Feed, one: SourceRun, now: datetime) -> None:
    if feed.source.kind != SourceKind.FOLDER:
        # What failed before is read again from the same place: its file is not needed any more.
        stuck = Import.objects.filter(feed=feed, run__isnull=False, state=State.FAILED, file_removed_at=None)
        stuck.update(file_removed_at=now)
    for part in new_parts(feed, note=lambda refusals: _note(one, refusals), now=now):
        came = _take_in(part, feed, one, now)
        if part.cursor and came is not None:
            if came.state not in {State.DONE, State.PARTIAL}:
                return  # the rest comes after it, and waits with it
            Feed.objects.filter(pk=feed.pk).update(cursor=part.cursor)
            if not feed.cursor and feed.source.kind in crm.OBJECTS and feed.kind == "usage":
                # Meetings are no use of the product; whoever thinks otherwise may say so, once they are known.
                usage.classify_event(crm.MEETING, kind="moment", label=_("Meeting"), by=SYSTEM, now=now)


def _take_in(part: Part, feed: Feed, one: SourceRun, now: datetime) -> Import | None:
    """Import one part now; what is wrong with it is its own state, and hinders no other."""
    try:
        came = _uploaded(part, feed, by=SYSTEM, now=now)
    except PartGone as problem:  # the next time, perhaps
        _note(one, [problem.refusal])
        return None
    except Unreadable as problem:
        if problem.refusal.code == "disk_full":
            raise
        return _refuse(part, feed, one, problem.refusal, now)
    chosen = _map_for(feed, came)
    came.mapping, came.source = mapping.as_plain(chosen), feed.source.name
    came.feed, came.run, came.place = feed, one, part.place
    came.save(update_fields=["mapping", "source", "feed", "run", "place"])
    try:
        start(import_id=came.pk, skips_bad_rows=True, is_dry_run=False, by=SYSTEM, now=now, is_queued=False)
    except mapping.WrongMap as problem:
        return fail(came.pk, Refusal(problem.code, facts=problem.facts), by=SYSTEM, now=now)
    return run(came.pk, by=SYSTEM, now=now, is_refreshing=False)


def _uploaded(part: Part, feed: Feed, *, by: Actor, now: datetime) -> Import:
    """Take a part in as a draft; of files people made it is found out how they are written, ours are known."""
    if feed.source.kind == SourceKind.FOLDER:
        return upload(chunks=part.chunks, file_name=part.name, kind=feed.kind, by=by, now=now)
    known = mapping.Map(kind=feed.kind, columns=(), encoding="utf-8", delimiter=",")
    return upload(chunks=part.chunks, file_name=part.name, kind=feed.kind, by=by, now=now, chosen=known)


def _map_for(feed: Feed, came: Import) -> mapping.Map:
    """Return the confirmed map, or, where the columns are others that somebody set right once, that one."""
    confirmed = mapping.from_plain({**feed.mapping, "source": feed.source.name}, kind=feed.kind)
    if not _fits(confirmed, came):
        other = remembered(feed.kind, came.columns)
        if other is not None:
            return mapping.from_plain({**other, "source": feed.source.name}, kind=feed.kind)
    return confirmed


def _fits(chosen: mapping.Map, one: Import) -> bool:
    try:
        mapping.check(chosen, one.columns)
    except mapping.WrongMap:
        return False
    return True


def _refuse(part: Part, feed: Feed, one: SourceRun, refusal: Refusal, now: datetime) -> Import:
    """Keep that a part is no table, without its file, so that it is not read again before it changes."""
    came = Import.objects.create(
        kind=feed.kind,
        file_name=part.name[:255],
        folder=secrets.token_hex(16),
        size_bytes=0,
        sha256="",
        source=feed.source.name,
        feed=feed,
        run=one,
        place=part.place,
        made_at=now,
        file_removed_at=now,
    )
    return fail(came.pk, refusal, by=SYSTEM, now=now)


@transaction.atomic
def _end(one: SourceRun, state: str, failure: Refusal | None, *, now: datetime) -> None:
    one.state, one.ended_at, one.failure = State(state), now, failure.as_json() if failure else {}
    one.save(update_fields=["state", "ended_at", "failure"])
    came = Import.objects.filter(run=one)
    counts = came.aggregate(
        added=Sum("rows_added", default=0),
        changed=Sum("rows_changed", default=0),
        same=Sum("rows_same", default=0),
        refused=Sum("rows_refused", default=0),
    )
    if failure is None and not came.exists():
        return  # nothing was new: that is no news
    details = {"state": str(state), **counts}
    news = journal.News(
        "source.ended",
        subject_kind="source",
        subject_id=one.source_id,
        subject_label=one.source.name,
        details=details,
    )
    journal.write(news, by=SYSTEM, now=now)


def _lock(run_id: int) -> str:
    return f"source-run-{run_id}"
