"""Which rows of ClickHouse's tables are in force for a roll-up file."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from banso.usage.rules.addresses import EngineDown

# Names are sliced by their numbers: new ones have new numbers, so that only the last slice changes.
NUMBERS_IN_A_SLICE: Final = 65_536
# Each file has this one, whose piece is none: it says that the file is there, even where it has no rows.
WHOLE: Final = -1


@dataclass(frozen=True)
class Slice:
    """A slice of a file: its rows, the mark of what they say, the piece they lie in, and how many that piece was of."""

    file: str
    base: str
    number: int
    rows: int
    mark: int
    piece: int
    of: int


type Standing = Mapping[str, tuple[Slice, ...]]


def slice_of(base: str) -> str:
    """Return the column, or the expression in any SQL, that tells a row's slice."""
    return "day" if base in {"daily", "user_day"} else f"CAST(floor(number / {NUMBERS_IN_A_SLICE}) AS INTEGER)"


def condition(base: str, files: Iterable[str], standing: Standing) -> str:
    """Return the condition under which a row is in force for some files; raises EngineDown where it lacks one."""
    files = list(files)
    if lacking := [file for file in files if file not in standing]:
        raise EngineDown(
            f"ClickHouse has {len(files) - len(lacking)} of {len(files)} files of the roll-ups;"
            " the job that loads them brings the others, or at once: banso engine copy"
        )
    slices = [one for file in files for one in standing[file] if one.number != WHOLE]
    found = Counter(one.piece for one in slices)
    of = {one.piece: one.of for one in slices}
    whole = sorted(piece for piece, count in found.items() if count == of[piece])
    parts = sorted((one.piece, one.number) for one in slices if found[one.piece] != one.of)
    conditions = []
    if whole:
        conditions.append(f"piece IN ({', '.join(map(str, whole))})")
    if parts:
        listed = ", ".join(f"({piece}, {number})" for piece, number in parts)
        conditions.append(f"(piece, {slice_of(base)}) IN ({listed})")
    return f"({' OR '.join(conditions)})" if conditions else "1 = 0"
