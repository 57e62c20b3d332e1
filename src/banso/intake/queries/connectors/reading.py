"""How rows are asked of another system, whichever kind it is."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from banso.intake.rules.sourcing import Batch

FETCHED: Final = 5_000  # rows at once: what is held in memory
STATEMENT_SECONDS: Final = 600
SETTLED: Final = timedelta(hours=1)  # what is saved later has a later time


@dataclass(frozen=True)
class Wanted:
    """What is to be read: the feed's words, its cursor's column, and up to where it was read."""

    what: str
    now: datetime
    cursor_column: str = ""
    cursor: str = ""


@dataclass(frozen=True)
class Since:
    """From when on records are asked for: after a time, or at it too (`>=`)."""

    at: datetime
    sign: str


def from_when(wanted: Wanted, overlap: timedelta) -> Since | None:
    """Return from when on to ask, or None the first time.

    What another system saves while it is asked may show later with an earlier time: until that is long past, a little
    is read again. What was there already stays as it is.
    """
    if not wanted.cursor:
        return None
    last = datetime.fromisoformat(wanted.cursor)
    if wanted.now - last > SETTLED + overlap:
        return Since(last, ">")
    return Since(last - overlap, ">=")


class Reader(Protocol):
    """One kind of source: it yields batches of rows as text, with what was read up to; raises SourceProblem."""

    def __call__(self, settings: Mapping[str, Any], secrets: Mapping[str, str], wanted: Wanted) -> Generator[Batch]: ...
