"""What every result of statistics carries: what it rests on, how sure it is, and what is missing where it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Whole = NDArray[np.int64]
type Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class Basis:
    """What a result rests on: accounts and outcomes (`events`) from one day to another, by a method and its seed."""

    accounts: int
    events: int
    window: tuple[date, date]
    method: str
    version: str
    seed: int | None = None


@dataclass(frozen=True)
class Interval:
    """A number with its uncertainty; `level` is the nominal coverage: 0.8 means that one in ten lies on either side."""

    value: float
    low: float
    high: float
    level: float = 0.8

    def covers(self, value: float) -> bool:
        """Return whether a value lies within, bounds included."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class NotEnough:
    """What is missing before a question can be answered honestly, and what is shown instead (`fallback`)."""

    needed: Mapping[str, int]
    have: Mapping[str, int]
    fallback: str = "nothing"

    @property
    def missing(self) -> dict[str, int]:
        """Return how many of each kind are still missing; only those that are."""
        short = {name: count - self.have.get(name, 0) for name, count in self.needed.items()}
        return {name: count for name, count in short.items() if count > 0}


def short_of(needed: Mapping[str, int], have: Mapping[str, int], fallback: str = "nothing") -> NotEnough | None:
    """Return a refusal where something needed is missing, None where there is enough."""
    found = NotEnough(dict(needed), dict(have), fallback)
    return found if found.missing else None
