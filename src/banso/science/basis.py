"""What every result rests on, how sure it is, and what is missing where there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Basis:
    """What a result rests on: accounts, events (losses), the days they lie in, method and its version, and the seed."""

    accounts: int
    events: int
    window: tuple[date, date]
    method: str
    version: str
    seed: int | None = None


@dataclass(frozen=True)
class Interval:
    """A number with its uncertainty; `level` is the nominal coverage."""

    value: float
    low: float
    high: float
    level: float = 0.8


@dataclass(frozen=True)
class NotEnough:
    """What is missing before the question can be answered honestly, and what is shown instead."""

    needed: Mapping[str, int]
    have: Mapping[str, int]
    fallback: str
