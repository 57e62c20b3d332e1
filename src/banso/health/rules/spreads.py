"""How the values of a measure are spread over accounts: round steps that people can read."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

STEPS_AT_MOST: Final = 10
_ROUND: Final = (1, 2, 5, 10)


@dataclass(frozen=True)
class Spread:
    """Known values of `total` accounts: how many are known, tenth, middle and ninetieth of a hundred, and bins.

    A bin is (from, up to, accounts); a value on a border belongs to the bin above it, but the greatest to the last.
    """

    total: int
    known: int
    low: float | None
    middle: float | None
    high: float | None
    bins: tuple[tuple[float, float, int], ...]

    @property
    def coverage(self) -> float | None:
        """Return the share of accounts with a value; None where there is no account."""
        return self.known / self.total if self.total else None


def spread_of(values: Iterable[float | None], *, is_whole: bool) -> Spread:
    """Return how values, one for each account and None where not known, are spread; whole ones get whole steps."""
    every = list(values)
    known = sorted(value for value in every if value is not None)
    if not known:
        return Spread(len(every), 0, None, None, None, ())
    low, middle, high = (known[int(share * (len(known) - 1))] for share in (0.1, 0.5, 0.9))
    return Spread(len(every), len(known), low, middle, high, _bins(known, is_whole=is_whole))


def _bins(known: list[float], *, is_whole: bool) -> tuple[tuple[float, float, int], ...]:
    step = _step(known[-1] - known[0], is_whole=is_whole)
    first = math.floor(known[0] / step)
    last = max(first, math.ceil(known[-1] / step) - 1)
    counts = [0] * (last - first + 1)
    for value in known:
        counts[min(math.floor(value / step), last) - first] += 1
    digits = max(0, -math.floor(math.log10(step)))
    return tuple(
        (round(at * step, digits), round((at + 1) * step, digits), count)
        for at, count in enumerate(counts, start=first)
    )


def _step(width: float, *, is_whole: bool) -> float:
    """Return 1, 2 or 5 times a power of ten, such that few steps reach over the width."""
    if width <= 0:
        return 1.0 if is_whole else 0.1
    size: float = 10.0 ** math.floor(math.log10(width / STEPS_AT_MOST))
    step = next(size * one for one in _ROUND if size * one * STEPS_AT_MOST >= width)
    return max(step, 1.0) if is_whole else step
