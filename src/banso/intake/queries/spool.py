"""The door for reading how the spool is: what waits in it, and whether it can be written."""

import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from banso.intake.rules.events.spool import FOLDER, OPEN

# Enough to notice a disk without room: a smaller file may fit where no batch does.
TRIED_BYTES: Final = 1024 * 1024


@dataclass(frozen=True)
class SpoolRow:
    """The segments that wait to be moved on, and what keeps events from being taken; empty where nothing does."""

    segments: int
    bytes: int
    oldest_at: datetime | None
    trouble: str


def spool_now() -> SpoolRow:
    """Return how the spool is; whether it can be written is tried, not guessed."""
    folder = Path(settings.DATA) / "usage" / FOLDER
    kept = [path.stat() for path in _segments(folder)]
    oldest = min((one.st_mtime for one in kept), default=None)
    return SpoolRow(
        segments=len(kept),
        bytes=sum(one.st_size for one in kept),
        oldest_at=None if oldest is None else datetime.fromtimestamp(oldest, UTC),
        trouble=_trouble(folder),
    )


def _segments(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*/*.jsonl*") if path.suffix in {".jsonl", OPEN} and path.exists()]


def _trouble(folder: Path) -> str:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as tried:
            tried.write(b"\0" * TRIED_BYTES)
            tried.flush()
            os.fsync(tried.fileno())
    except OSError as error:
        return error.strerror or str(error)
    return ""
