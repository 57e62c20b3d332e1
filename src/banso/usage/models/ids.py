"""Message ids that the lake has, as 128-bit digests in sorted files: found by halving, whatever their number."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

type Words = NDArray[np.uint64]
# The upper and the lower 64 bits of each digest.
type Digests = tuple[Words, Words]

DIGEST: Final = "md5_number_upper(message_id) AS id_upper, md5_number_lower(message_id) AS id_lower"


def known(files: Iterable[Path], digests: Digests) -> NDArray[np.bool_]:
    """Return which digests stand in any of the files."""
    upper, lower = digests
    found = np.zeros(upper.size, dtype=np.bool_)
    for file in files:
        table = np.load(file, mmap_mode="r")
        first = np.searchsorted(table[0], upper, side="left")
        after = np.searchsorted(table[0], upper, side="right")
        hits = np.flatnonzero(after > first)
        found[hits] |= table[1][first[hits]] == lower[hits]
        # Two digests with the same upper half: once in a great many years.
        for at in hits[after[hits] - first[hits] > 1]:
            found[at] |= bool(np.any(table[1][first[at] : after[at]] == lower[at]))
    return found


def write(file: Path, rows: int, parts: Iterable[Digests]) -> None:
    """Write digests, which come sorted, into a new file."""
    table = np.lib.format.open_memmap(file, mode="w+", dtype=np.uint64, shape=(2, rows))
    at = 0
    for upper, lower in parts:
        table[0, at : at + upper.size] = upper
        table[1, at : at + upper.size] = lower
        at += upper.size
    table.flush()


def merged(files: Iterable[Path]) -> tuple[int, Iterator[Digests]]:
    """Return how many digests some files have together, and these, sorted."""
    tables = [np.load(file, mmap_mode="r") for file in files]
    upper = np.concatenate([table[0] for table in tables])
    lower = np.concatenate([table[1] for table in tables])
    order = np.lexsort((lower, upper))
    return upper.size, iter([(upper[order], lower[order])])
