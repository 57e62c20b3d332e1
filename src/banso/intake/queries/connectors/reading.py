"""How rows are asked of another system, whichever kind it is."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from banso.intake.rules.sourcing import Batch

FETCHED: Final = 5_000  # rows at once: what is held in memory
STATEMENT_SECONDS: Final = 600


@dataclass(frozen=True)
class Wanted:
    """What is to be read: the feed's words, its cursor's column, and up to where it was read."""

    what: str
    cursor_column: str = ""
    cursor: str = ""


class Reader(Protocol):
    """One kind of source: it yields batches of rows as text, with what was read up to; raises SourceProblem."""

    def __call__(self, settings: Mapping[str, Any], secrets: Mapping[str, str], wanted: Wanted) -> Generator[Batch]: ...
