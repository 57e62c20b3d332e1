"""Sources: what a part of one is, which problems end a reading, and how often they come round."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from banso.intake.rules.refusals import Refusal

EVERY_MINUTES: Final = (5, 15, 60, 360, 1440)
# In this order what comes first is what the others refer to.
ORDER: Final = ("accounts", "contracts", "people", "usage", "series")


@dataclass(frozen=True)
class Batch:
    """Rows of a source as text, and up to where it was read with them."""

    columns: tuple[str, ...]
    rows: list[list[str]]
    cursor: str = ""


@dataclass
class Part:
    """One file's worth of a source: what it is called, its bytes, and where it stood, so that it comes in once.

    `cursor` is up to where the source was read with it, and known once its bytes have been taken.
    """

    name: str
    chunks: Iterable[bytes]
    place: str = ""
    cursor: str = ""


class SourceProblem(Exception):
    """A source that cannot be read now; carries the refusal that says why."""

    def __init__(self, code: str, *, value: str = "", **facts: Any) -> None:
        self.refusal = Refusal(code, value=value, facts=facts)
        super().__init__(code)


class PartGone(SourceProblem):
    """A part that cannot be had now; the others can."""


def outcome(states: Iterable[str], refused: int) -> str:
    """Return how a reading ended by how its imports did: done, partial (some rows or files did not come in), failed."""
    found = list(states)
    good = [one for one in found if one in {"done", "partial"}]
    if found and not good:
        return "failed"
    return "partial" if refused or len(good) < len(found) else "done"
