"""Move what was acknowledged from the spool into the lake, once, and say who it was; what cannot be counted is kept."""

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl
import structlog
from django.db import transaction

from banso.intake.actions.events.placing import placed, say_who
from banso.intake.models import Quarantined
from banso.intake.queries import spool
from banso.intake.rules.events.lines import Bad, Lines, read_segment
from banso.people.access import SYSTEM
from banso.usage import actions as usage

MOST_BYTES: Final = 16 * 1024 * 1024  # of one round, beside the first segment
MOST_SECONDS: Final = 60.0  # of one call; what still waits then is taken by the next
log = structlog.get_logger(__name__)


@dataclass
class Compacted:
    """What one call of `compact` did; `is_busy` where another one was at it."""

    segments: int = 0
    events: int = 0
    repeated: int = 0
    told: int = 0
    quarantined: int = 0
    is_busy: bool = False


def compact(*, now: datetime) -> Compacted:
    """Take the closed segments in: events into the lake, what they tell of people, and the rest into quarantine.

    A segment is removed only when all of it is on the disk elsewhere. Killed at any moment, or run twice, the next
    call does the same again and nothing counts twice: events are known by their message id, quarantined ones by their
    place. Two at once: the second returns at once. Call it outside a transaction.
    """
    done = Compacted()
    until = time.monotonic() + MOST_SECONDS
    with _alone() as is_alone:
        if not is_alone:
            done.is_busy = True
            return done
        for segment in spool.left_open():
            _close(segment)
        for some in _rounds(spool.segments()):
            _take(some, done, now=now)
            if time.monotonic() > until:
                break
        _leave_empty_folders()
    return done


def _take(segments: Sequence[Path], done: Compacted, *, now: datetime) -> None:
    lines = Lines()
    for segment in segments:
        name = f"{segment.parent.name}/{segment.name.removesuffix('.jsonl')}"
        read_segment(segment.read_bytes(), name, lines, now_us=int(now.timestamp() * 1e6))
    say_who(lines.told, now=now)
    _record(lines, done, now=now)
    _quarantine(lines.bad)
    for segment in segments:
        segment.unlink(missing_ok=True)
    done.segments += len(segments)
    done.told += len(lines.told)
    done.quarantined += len(lines.bad)


def _record(lines: Lines, done: Compacted, *, now: datetime) -> None:
    if not lines.events:
        return
    frame = placed(lines.events)
    try:
        recorded = usage.record(frame, source="events", by=SYSTEM, now=now, is_stream=True)
    except usage.BadEvents:
        # No event that passed the rules should be here: whatever it is, it may not stop the others.
        log.exception("events refused by the lake")
        recorded = _record_one_by_one(frame, lines, now=now)
    done.events += recorded.count
    done.repeated += recorded.duplicates


def _record_one_by_one(frame: pl.DataFrame, lines: Lines, *, now: datetime) -> usage.Recorded:
    count = duplicates = 0
    for nr in range(frame.height):
        try:
            one = usage.record(frame.slice(nr, 1), source="events", by=SYSTEM, now=now, is_stream=True)
        except usage.BadEvents:
            lines.bad.append(lines.as_bad(nr, "unexpected"))
        else:
            count += one.count
            duplicates += one.duplicates
    return usage.Recorded(count=count, duplicates=duplicates, first_at=None, last_at=None)


@transaction.atomic
def _quarantine(bad: Sequence[Bad]) -> None:
    Quarantined.objects.bulk_create(
        [
            Quarantined(
                place=one.place,
                reason=one.reason,
                event=one.event,
                is_whole=one.is_whole,
                marks=list(one.marks),
                source=one.source,
                path=one.path,
                sent_at=one.sent_at,
                received_at=datetime.fromtimestamp(one.received_us / 1e6, UTC),
            )
            for one in bad
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def _rounds(segments: Sequence[Path]) -> Iterator[list[Path]]:
    some: list[Path] = []
    size = 0
    for segment in segments:
        bytes_ = segment.stat().st_size
        if some and size + bytes_ > MOST_BYTES:
            yield some
            some, size = [], 0
        some.append(segment)
        size += bytes_
    if some:
        yield some


def _close(segment: Path) -> None:
    """Close a segment whose writer is dead, without a last line that was never acknowledged."""
    with segment.open("r+b") as file:
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)
        os.fsync(file.fileno())
    segment.rename(segment.with_suffix(""))


def _leave_empty_folders() -> None:
    for writer in spool.home().glob("*/"):
        if not spool.is_alive(writer) and not any(writer.glob("*.jsonl*")):
            (writer / spool.ALIVE).unlink(missing_ok=True)
            with suppress(OSError):
                writer.rmdir()


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the lock of the compactor, or say that another one does; it goes with the process that holds it."""
    folder = spool.home().parent
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "compactor.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
