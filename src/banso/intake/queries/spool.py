"""The door for reading how the spool is: what waits in it, and whether it can be written."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from banso.intake.rules.events.spool import ALIVE, FOLDER, OPEN

__all__ = [
    "ALIVE",
    "OPEN",
    "SpoolRow",
    "Waiting",
    "has_work",
    "home",
    "is_alive",
    "left_open",
    "segments",
    "spool_now",
    "waiting",
]
# Enough to notice a disk without room: a smaller file may fit where no batch does.
TRIED_BYTES: Final = 1024 * 1024
TRIED_EVERY_SECONDS: Final = 5


@dataclass(frozen=True)
class SpoolRow:
    """The segments that wait to be moved on, and what keeps events from being taken; empty where nothing does."""

    segments: int
    bytes: int
    oldest_at: datetime | None
    trouble: str
    # Room on the disk for us; None where even that cannot be known.
    bytes_free: int | None


@dataclass(frozen=True)
class Waiting:
    """How much waits to be taken in, and since when the oldest of it does."""

    segments: int
    bytes: int
    since_at: datetime | None

    def lag_seconds(self, now: datetime) -> int:
        """Return how far behind the lake is; never less than nothing, whatever the clock did."""
        return 0 if self.since_at is None else max(0, round((now - self.since_at).total_seconds()))


def home() -> Path:
    """Return the folder of the spool."""
    return Path(settings.DATA) / "usage" / FOLDER


def spool_now(now: datetime) -> SpoolRow:
    """Return how the spool is; whether it can be written is tried, not guessed, but not at every question."""
    folder = home()
    kept = [path.stat() for path in _segments(folder)]
    oldest = min((one.st_mtime for one in kept), default=None)
    return SpoolRow(
        segments=len(kept),
        bytes=sum(one.st_size for one in kept),
        oldest_at=None if oldest is None else datetime.fromtimestamp(oldest, UTC),
        trouble=_trouble(folder, int(now.timestamp()) // TRIED_EVERY_SECONDS),
        bytes_free=_bytes_free(folder),
    )


def segments() -> list[Path]:
    """Return the closed segments, each writer's in the order in which they were written, the oldest first."""
    found = [(_mtime(file), file.parent.name, file.name, file) for file in home().glob("*/*.jsonl")]
    return [file for _, _, _, file in sorted(found)]


def left_open() -> Iterator[Path]:
    """Yield the segments that writers left open who are dead now."""
    for file in sorted(home().glob(f"*/*{OPEN}")):
        if not is_alive(file.parent):
            yield file


def is_alive(writer: Path) -> bool:
    """Return whether the process that writes into a folder still lives: it holds a lock until its end."""
    try:
        descriptor = os.open(writer / ALIVE, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def has_work() -> bool:
    """Return whether something waits to be taken in."""
    return next(home().glob("*/*.jsonl"), None) is not None or next(left_open(), None) is not None


def waiting() -> Waiting:
    """Return how much waits."""
    files = [*segments(), *left_open()]
    sizes = [(_mtime(file), _size(file)) for file in files]
    oldest = min((at for at, _ in sizes), default=None)
    return Waiting(
        segments=len(files),
        bytes=sum(size for _, size in sizes),
        since_at=None if oldest is None else datetime.fromtimestamp(oldest, UTC),
    )


def _segments(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*/*.jsonl*") if path.suffix in {".jsonl", OPEN} and path.exists()]


@lru_cache(maxsize=1)
def _trouble(folder: Path, _turn: int) -> str:
    """Return what keeps us from writing; tried once a turn, since whoever can reach us may ask without end."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as tried:
            tried.write(b"\0" * TRIED_BYTES)
            tried.flush()
            os.fsync(tried.fileno())
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _bytes_free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _mtime(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:  # taken in meanwhile
        return 0.0


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
