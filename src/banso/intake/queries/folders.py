"""The folder of one import: its file, its checked rows, how far it is, and what was refused.

Progress is a small side file and not a row: while an import saves in one transaction, the database of an embedded
installation has no second writer, and other readers could not see an uncommitted row anyway.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

FILE: Final = "file"
PROGRESS: Final = "progress.json"
CHECKED: Final = "checked.json"
REFUSED: Final = "refused.jsonl"
CANCEL: Final = "cancel"
LOCK: Final = "lock"
STAGED: Final = "staged"
REPEATED: Final = "repeated.parquet"  # the rows of events whose id came before in the same file


@dataclass(frozen=True)
class Progress:
    """How far a running import is: what it does, rows done of how many; `beat_at` is its last sign of life."""

    phase: str
    done: int
    total: int | None
    beat_at: datetime | None = None

    @property
    def percent(self) -> int | None:
        """Return 0 to 99, or None where the whole is not known: done is only what is done."""
        return min(99, self.done * 100 // self.total) if self.total else None


def uploads() -> Path:
    """Return the folder of all uploads: under the data folder, which no web server shows."""
    return Path(settings.DATA) / "uploads"


def folder(name: str) -> Path:
    """Return the folder of one import by its own name, which is never taken from outside."""
    return uploads() / name


def progress(name: str) -> Progress | None:
    """Return how far an import is, or None before it has begun."""
    path = folder(name) / PROGRESS
    try:
        kept = json.loads(path.read_text())
        beat = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    except (OSError, ValueError):
        return None
    return Progress(kept["phase"], kept["done"], kept["total"], beat)


def write_progress(name: str, *, phase: str, done: int, total: int | None) -> None:
    """Keep how far an import is; its time is the time of the file."""
    plain = asdict(Progress(phase, done, total))
    del plain["beat_at"]
    write_whole(folder(name) / PROGRESS, plain)


def write_whole(path: Path, plain: Any) -> None:
    """Write JSON so that a reader finds the old or the new, never a half."""
    waiting = path.with_suffix(".new")
    waiting.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    waiting.replace(path)


def checked(name: str) -> dict[str, Any] | None:
    """Return what the finished check of a file found, or None while it is not finished."""
    try:
        kept: dict[str, Any] = json.loads((folder(name) / CHECKED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return kept


def refused(name: str) -> Iterator[dict[str, Any]]:
    """Yield the refused rows: number, cells and refusals; first what the check refused, then what saving did."""
    for path in sorted(folder(name).glob("refused*.jsonl"), key=lambda path: (path.name != REFUSED, path.name)):
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)


def is_cancelled(name: str) -> bool:
    """Return whether somebody asked for an import to end."""
    return (folder(name) / CANCEL).exists()
