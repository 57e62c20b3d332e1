"""Which small files are put together: few enough to read quickly, each written over only a few times in its life."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final

MERGED_AT_ONCE: Final = 8
SMALLEST_ROWS: Final = 1_000


def tier_of(rows: int) -> int:
    """Return how large a file is: each tier is eight times the one before."""
    tier, limit = 0, SMALLEST_ROWS
    while rows >= limit:
        tier, limit = tier + 1, limit * MERGED_AT_ONCE
    return tier


def groups[File](
    files: Iterable[File], *, place: Callable[[File], Hashable], rows: Callable[[File], int]
) -> list[list[File]]:
    """Return the files to put together: those of one place and size, once there are eight of them."""
    found: dict[Hashable, list[File]] = defaultdict(list)
    for file in files:
        found[place(file), tier_of(rows(file))].append(file)
    return [same for same in found.values() if len(same) >= MERGED_AT_ONCE]


def remembered_days(days: Iterable[str], *, at_most: int) -> Sequence[str]:
    """Return the newest days of intake, oldest first; days on which nothing came in do not count."""
    return sorted(set(days) - {""})[-at_most:]
