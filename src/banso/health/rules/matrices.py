"""Two questions crossed: into which band an account falls on each, and who moved from cell to cell."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from banso.science.basis import Interval
from banso.science.proportions import wilson
from banso.shared.numbers import NotANumber, parse_number

type Sort = Literal["measure", "score", "level", "condition", "segment", "stage"]

NOT_KNOWN: Final = -1
BANDS_AT_MOST: Final = 6
# Of fewer accounts no rate is said.
FEW: Final = 10
RATE_LEVEL: Final = 0.8
PARTS: Final = 3
# A comma alone may group thousands.
_BETWEEN: Final = re.compile(r"[;、\s]+|,\s+")


class WrongCuts(ValueError):
    """Cut-offs that are no numbers, do not rise, or are too many."""


@dataclass(frozen=True)
class Axis:
    """One side of a matrix: what accounts are told apart by, and the values from which each next band begins.

    Values that lie on a cut belong to the higher band. Without cuts a measure is cut into thirds of today's accounts.
    """

    sort: Sort
    key: str = ""
    cuts: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """Return the axis as an address says it, such as “score” or “measure:active_people”."""
        return f"{self.sort}:{self.key}" if self.key else self.sort

    @property
    def is_numeric(self) -> bool:
        """Return whether values are numbers that cuts divide."""
        return self.sort in {"measure", "score"}


@dataclass(frozen=True)
class Asked:
    """Two axes to be crossed, and over how many weeks they are compared."""

    rows: Axis = Axis("stage")
    columns: Axis = Axis("condition")
    weeks: int = 13


@dataclass(frozen=True)
class Cell:
    """One cell: who is in it, what they pay a month (minor units), and what became of those who were in it before.

    `were` stood in it then; `left` of them are customers no more; `came` and `went` moved in and out meanwhile.
    """

    row: int
    column: int
    accounts: int = 0
    mrr_minor: int = 0
    were: int = 0
    left: int = 0
    came: int = 0
    went: int = 0

    @property
    def rate(self) -> Interval | None:
        """Return the share that left of those who stood in it, with its interval; None where they are too few."""
        return wilson(self.left, self.were, RATE_LEVEL) if self.were >= FEW else None


@dataclass(frozen=True)
class Flow:
    """How many accounts moved from one cell to another, or left (`after` is None), or are new (`before` is None)."""

    before: tuple[int, int] | None
    after: tuple[int, int] | None
    accounts: int
    mrr_minor: int


@dataclass(frozen=True)
class Place:
    """Where one account stood then and stands now; None: no customer. `mrr_minor` is of now, or else of then."""

    before: tuple[int, int] | None
    after: tuple[int, int] | None
    mrr_minor: int


def bands(values: NDArray[np.float64], cuts: Sequence[float]) -> NDArray[np.int64]:
    """Return the band of each value (n,), 0 for those below the first cut; NOT_KNOWN where it is NaN."""
    found = np.searchsorted(np.asarray(cuts, dtype=np.float64), values, side="right")
    return np.where(np.isnan(values), NOT_KNOWN, found).astype(np.int64)


def thirds(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the values that cut the known ones (n,) into thirds; fewer where many are equal, none where all are."""
    known = np.sort(values[~np.isnan(values)])
    if not known.size:
        return ()
    wanted = (known[len(known) * part // PARTS] for part in range(1, PARTS))
    return tuple(sorted({float(one) for one in wanted if one > known[0]}))


def read_cuts(text: str, *, factor: float = 1.0) -> tuple[float, ...]:
    """Return cut-offs from a text such as “2 10” or “20% 50%”, as shown (× factor); raises WrongCuts."""
    parts = (part.rstrip("%\uff05") for part in _BETWEEN.split(text.strip()) if part)
    try:
        cuts = tuple(float(parse_number(part)) / factor for part in parts)
    except NotANumber as wrong:
        raise WrongCuts(text) from wrong
    if len(cuts) >= BANDS_AT_MOST or any(second <= first for first, second in pairwise(cuts)):
        raise WrongCuts(text)
    return cuts


def cells_of(places: Iterable[Place], rows: Sequence[int], columns: Sequence[int]) -> list[list[Cell]]:
    """Return the cells of a matrix, row by row, from where accounts stood."""
    counts = {
        (row, column): dict.fromkeys(("accounts", "mrr_minor", "were", "left", "came", "went"), 0)
        for row in rows
        for column in columns
    }
    for one in places:
        has_moved = one.before != one.after
        if one.after is not None:
            counts[one.after]["accounts"] += 1
            counts[one.after]["mrr_minor"] += one.mrr_minor
            counts[one.after]["came"] += has_moved
        if one.before is not None:
            counts[one.before]["were"] += 1
            counts[one.before]["left"] += one.after is None
            counts[one.before]["went"] += has_moved and one.after is not None
    return [[Cell(row, column, **counts[row, column]) for column in columns] for row in rows]


def flows_of(places: Iterable[Place]) -> list[Flow]:
    """Return who moved between cells, most accounts first; those who stayed are none."""
    found: dict[tuple[tuple[int, int] | None, tuple[int, int] | None], list[int]] = {}
    for one in places:
        if one.before != one.after:
            count = found.setdefault((one.before, one.after), [0, 0])
            count[0] += 1
            count[1] += one.mrr_minor
    flows = [Flow(before, after, accounts, mrr) for (before, after), (accounts, mrr) in found.items()]
    return sorted(flows, key=lambda flow: (-flow.accounts, -flow.mrr_minor, flow.before or (), flow.after or ()))
