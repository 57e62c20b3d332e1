"""Where a quantity stands against its limit on a day, and when it is expected to pass it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from banso.science import crossing
from banso.science.crossing import Crossing, NotEnough

type Floats = NDArray[np.float64]
type State = Literal["over", "expected", "unlikely", "too_little", "unlinked"]
type Outcome = Literal["", "hit", "early", "late", "void"]

HORIZON_DAYS: Final = 365
HISTORY_DAYS: Final = crossing.MOST_WEEKS * crossing.WEEK
NEEDED_DAYS: Final = crossing.LEAST_WEEKS * crossing.WEEK
# A crossing this near is told once; not again until it had moved twice as far away.
SOON_DAYS: Final = 30
GONE_DAYS: Final = 60
# From so many forecasts whose time has come it is told how many were right.
LEAST_JUDGED: Final = 20


@dataclass(frozen=True)
class Basis:
    """What is counted, how, within which periods, against which limit; with another basis it is another question."""

    counting: str
    meter: str
    period: str
    limit: int

    def __str__(self) -> str:
        return f"{self.counting}:{self.meter}:{self.period}:{self.limit}"

    @classmethod
    def read(cls, text: str) -> "Basis":
        """Return what a text says; the event's own name may hold colons."""
        counting, rest = text.split(":", 1)
        meter, period, limit = rest.rsplit(":", 2)
        return cls(counting, meter, period, int(limit))

    @property
    def is_level(self) -> bool:
        """Return whether it stands at some height on every day; what adds up has a period."""
        return not self.period


@dataclass(frozen=True)
class Course:
    """What was counted on each day from `first_on` up to today, whose count is what came so far; no gaps.

    `is_level`: the days are heights, not amounts.
    """

    first_on: date
    days: Floats
    is_level: bool

    def since(self, day: date) -> Floats:
        """Return the days from one on."""
        return self.days[max(0, (day - self.first_on).days) :]


@dataclass(frozen=True)
class Held:
    """What a course is held against: the limit, the running period (first day, first day after it), and the next."""

    limit: int
    starts_on: date
    ends_on: date | None
    next_starts: tuple[date, ...]
    last_on: date | None  # the last day of the contract, where it has one


@dataclass(frozen=True)
class Stand:
    """Where a quantity stands: `used` in the running period, or the height now; days are those of a crossing.

    `crossed_on` where it is over; `expected_on` with `low_on` and `high_on` (None: beyond the horizon) where it is
    expected to pass; `probability` that it passes within the horizon; `history_days` that the projection could see.
    """

    state: State
    used: float = 0.0
    crossed_on: date | None = None
    expected_on: date | None = None
    low_on: date | None = None
    high_on: date | None = None
    probability: float | None = None
    history_days: int = 0


@dataclass(frozen=True)
class Fan:
    """What is held against a limit, day by day: so far, and the low, middle and high of what may come."""

    so_far: list[tuple[date, float]]
    coming: list[tuple[date, float, float, float]]


def stand(course: Course | None, held: Held, *, today: date, seed: int) -> Stand:
    """Return where a quantity stands; without a course nothing of it was ever counted."""
    if course is None:
        return Stand("too_little")
    used, crossed_on = so_far(course, held)
    history = len(course.days) - 1
    if crossed_on is not None:
        return Stand("over", used, crossed_on=crossed_on, history_days=history)
    coming = _coming(course, held, today=today, seed=seed, days=_horizon(held, today))
    if isinstance(coming, NotEnough):
        return Stand("too_little", used, history_days=history)
    return _told(crossing.crossing(coming, held.limit), used=used, today=today, history_days=history)


def so_far(course: Course, held: Held) -> tuple[float, date | None]:
    """Return what is held against the limit now, and since when it is over."""
    if course.is_level:
        over = course.days > held.limit
        # The height counts from the day on which it rose above the limit last.
        under = np.flatnonzero(~over)
        first = int(under[-1]) + 1 if under.size else 0
        return float(course.days[-1]), course.first_on + timedelta(days=first) if over[-1] else None
    total = np.cumsum(course.since(held.starts_on))
    place = crossing.crossed_at(total, held.limit)
    first_on = max(held.starts_on, course.first_on)
    return float(total[-1]) if total.size else 0.0, None if place is None else first_on + timedelta(days=place)


def fan(course: Course, held: Held, *, today: date, seed: int, days: int) -> Fan:
    """Return what a chart shows: what was held against the limit so far, and what may come in the next days."""
    past = course.since(held.starts_on)
    standing = past if course.is_level else np.cumsum(past)
    first = max(held.starts_on, course.first_on)
    so_far = [(first + timedelta(days=place), float(value)) for place, value in enumerate(standing)]
    coming = _coming(course, held, today=today, seed=seed, days=min(days, _horizon(held, today)))
    if isinstance(coming, NotEnough):
        return Fan(so_far, [])
    low, middle, high = crossing.fan(coming).tolist()
    dates = [today + timedelta(days=place) for place in range(len(low))]
    return Fan(so_far, list(zip(dates, low, middle, high, strict=True)))


def is_soon(expected_on: date | None, *, today: date, was_told: bool) -> bool:
    """Return whether a crossing is near enough to be told, or was told and has not moved far away since."""
    if expected_on is None:
        return False
    return (expected_on - today).days <= (GONE_DAYS if was_told else SOON_DAYS)


def judged(*, low_on: date | None, settles_on: date, crossed_on: date | None) -> Outcome:
    """Return how a forecast turned out, once the day has passed on which its interval closed.

    Without a first day nothing was expected to pass. All are judged on the day their interval closes, none before, so
    that early crossings do not count sooner than late ones.
    """
    came = crossed_on is not None and crossed_on <= settles_on
    if low_on is None:
        return "early" if came else "hit"
    if crossed_on is not None and crossed_on < low_on:
        return "early"
    return "hit" if came else "late"


def likeness(name: str, unit: str, event: str, label: str) -> float:
    """Return how alike a line and an event are called, 0–1: the pairs of letters they share (Dice)."""
    ours = _pairs(name) | _pairs(unit)
    return max((_dice(ours, _pairs(said)) for said in (event, label)), default=0.0)


def _coming(course: Course, held: Held, *, today: date, seed: int, days: int) -> Floats | NotEnough:
    """Return paths of what will be held against the limit, today being the first day."""
    found = crossing.paths(course.days[:-1], horizon=days, seed=seed, is_level=course.is_level)
    if isinstance(found, NotEnough) or course.is_level:
        return found
    starts = np.zeros(days, dtype=np.bool_)
    starts[_places(held.next_starts, today, days)] = True
    return crossing.counted(found, used=float(course.since(held.starts_on)[:-1].sum()), starts=starts)


def _places(days: Iterable[date], today: date, horizon: int) -> list[int]:
    return [place for day in days if 0 < (place := (day - today).days) < horizon]


def _horizon(held: Held, today: date) -> int:
    left = HORIZON_DAYS if held.last_on is None else (held.last_on - today).days + 1
    return max(1, min(HORIZON_DAYS, left))


def _told(found: Crossing, *, used: float, today: date, history_days: int) -> Stand:
    def day(place: int | None) -> date | None:
        return None if place is None else today + timedelta(days=place)

    return Stand(
        "unlikely" if found.median is None else "expected",
        used,
        expected_on=day(found.median),
        low_on=day(found.low),
        high_on=day(found.high),
        probability=found.probability,
        history_days=history_days,
    )


def _pairs(text: str) -> set[str]:
    plain = "".join(letter for letter in text.casefold() if letter.isalnum())
    return {plain[place : place + 2] for place in range(len(plain) - 1)}


def _dice(ours: set[str], theirs: set[str]) -> float:
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours and theirs else 0.0
