"""Bring what measures are read from into the engine of this installation, where it keeps rows of its own."""

from collections.abc import Callable

from banso.usage.models import engines, manifest
from banso.usage.models.engines import Tell
from banso.usage.models.manifest import Manifest, RollUp
from banso.usage.queries.comparing import Compared, compare_engine


def load_engine(*, tell: Tell | None = None) -> int:
    """Bring the roll-ups in force into the engine, as far as it lacks them; return the rows written.

    Safe to kill and to run twice. Raises EngineDown where the engine does not answer, WrongEngine where there is none.
    """
    with manifest.lock("roll_up"):
        seen = manifest.current()
        return bring(seen, seen.roll_up, tell=tell)


def copy_to_engine(*, tell: Tell, hear: Callable[[Compared], None]) -> list[Compared]:
    """Bring the roll-ups in force into the engine, then compare rows and checksums by month; return what was compared.

    Safe to kill and to run again: it goes on with the files that are missing. Roll-ups wait meanwhile.
    """
    with manifest.lock("roll_up"):
        seen = manifest.current()
        bring(seen, seen.roll_up, tell=tell)
        return compare_engine(hear)


def bring(seen: Manifest, roll_up: RollUp, *, tell: Tell | None = None) -> int:
    """Bring a roll-up into the engine, and keep there what is still read; call under the lock of the roll-up."""
    kept = {*seen.retired, *manifest.files_of(seen.roll_up)}
    return engines.current().load(roll_up, kept=kept, tell=tell or _say_nothing)


def _say_nothing(done: int, total: int, file: str) -> None:
    """Hear how far it is."""
