"""The customers of the lifelike company: who they are, since when, on which course, and when they leave."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from banso.demo.rules import words

HISTORY_DAYS: Final = 730

# Courses that a customer's use takes, with their shares. docs/demo-data.md describes each.
COURSES: Final = {
    "steady": 0.42,
    "growing": 0.16,
    "declining": 0.15,
    "dropped": 0.07,
    "stuck": 0.10,
    "recovering": 0.10,
}
SEGMENT_SHARES: Final = (0.12, 0.33, 0.55)
SEATS: Final = ((30, 120), (10, 30), (3, 10))
PRICE_A_SEAT: Final = (4_800, 5_200, 5_800)  # yen a month; large customers pay less for a seat


@dataclass(frozen=True)
class Customer:
    """One customer on its course. Days are numbers of days from the first day of history; they may be negative."""

    number: int
    external_id: str
    name: str
    reading: str
    industry: str
    prefecture: str
    segment: int
    seats: int
    course: str
    start: int  # first day as a customer
    end: int | None  # first day no longer a customer
    turn: int  # the day on which the course takes its turn
    term_months: int
    owner: int  # place in words.STAFF
    parent: str | None = None


@dataclass(frozen=True)
class Book:
    """All customers, the first day of history, and their use: share of seats at work, by customer and day."""

    first_day: date
    today: date
    customers: tuple[Customer, ...]
    use: NDArray[np.float64]  # (customers, days), 0–1, before weekdays and holidays

    @property
    def days(self) -> int:
        return int(self.use.shape[1])

    def day(self, number: int) -> date:
        """Return the date of a day's number."""
        return self.first_day + timedelta(days=number)


def make(*, seed: int, today: date, accounts: int = 300) -> Book:
    """Return the book of a seed: the same seed, day and size give the same book, to the digit."""
    rng = np.random.default_rng(seed)
    names = _names(rng, accounts)
    drafts = [_customer(rng, number, names[number]) for number in range(accounts)]
    drafts += _departments(rng, drafts)
    use = np.vstack([_course_of_use(rng, one) for one in drafts])
    customers = tuple(_with_end(rng, one, use[place]) for place, one in enumerate(drafts))
    for place, one in enumerate(customers):
        use[place, : max(0, one.start)] = 0
        if one.end is not None:
            use[place, one.end :] = 0
    return Book(first_day=today - timedelta(days=HISTORY_DAYS), today=today, customers=customers, use=use)


def term_starts(one: Customer) -> list[int]:
    """Return the day numbers on which a customer's terms begin, up to the end of history and one term beyond."""
    length = round(one.term_months * 30.4375)
    last = one.end if one.end is not None else HISTORY_DAYS + 1
    return list(range(one.start, last, length))


def _names(rng: np.random.Generator, count: int) -> list[tuple[str, str, str]]:
    every = [(start, end) for start in words.NAME_STARTS for end in words.NAME_ENDS]
    chosen = rng.permutation(len(every))[:count]
    names = []
    for place in range(count):
        (start, start_read), (end, end_read, industry) = every[int(chosen[place % len(chosen)])]
        bare = f"{start}{end}" if place < len(every) else f"{start}{end}{place // len(every) + 1}"
        form = rng.random()
        name = f"株式会社{bare}" if form < 0.55 else f"{bare}株式会社" if form < 0.93 else f"有限会社{bare}"
        names.append((name, start_read + end_read, industry))
    return names


def _customer(rng: np.random.Generator, number: int, name: tuple[str, str, str]) -> Customer:
    segment = int(rng.choice(3, p=SEGMENT_SHARES))
    low, high = SEATS[segment]
    course = str(rng.choice(list(COURSES), p=list(COURSES.values())))
    is_old = course != "stuck" and rng.random() < 0.6
    start = int(rng.integers(-1100, 0)) if is_old else int(rng.integers(0, HISTORY_DAYS - 20))
    if course == "stuck":
        start = int(rng.integers(HISTORY_DAYS - 420, HISTORY_DAYS - 30))
    return Customer(
        number=number,
        external_id=f"C{number + 1:04d}",
        name=name[0],
        reading=name[1],
        industry=name[2],
        prefecture=str(rng.choice(words.PREFECTURES)),
        segment=segment,
        seats=int(np.exp(rng.uniform(np.log(low), np.log(high)))),
        course=course,
        start=start,
        end=None,
        turn=_turn(rng, course, start),
        term_months=1 if segment == 2 and rng.random() < 0.25 else 12,  # small customers
        owner=(2 if rng.random() < 0.5 else 3) if segment == 0 else (4 if rng.random() < 0.5 else 5),
    )


def _turn(rng: np.random.Generator, course: str, start: int) -> int:
    """Most turns are spread over the history; enough are recent, so that there is something to do today."""
    if course in {"declining", "dropped"} and rng.random() < 0.55:
        reach = 140 if course == "declining" else 45
        return max(start + 60, HISTORY_DAYS - int(rng.integers(6, reach)))
    return max(start + 90, int(rng.integers(60, HISTORY_DAYS - 30)))


def _departments(rng: np.random.Generator, drafts: list[Customer]) -> list[Customer]:
    """Large customers buy for their departments too: two below each of the first six, under contracts of their own."""
    large = [one for one in drafts if one.segment == 0][:6]
    below: list[Customer] = []
    for parent in large:
        for place, (label, reading) in enumerate(
            (("東日本営業本部", "ヒガシニホン"), ("西日本営業本部", "ニシニホン"))
        ):
            facts: dict[str, Any] = vars(parent) | {
                "number": len(drafts) + len(below),
                "external_id": f"{parent.external_id}-{place + 1}",
                "name": f"{parent.name} {label}",
                "reading": f"{parent.reading} {reading}",
                "seats": int(rng.integers(10, 40)),
                "course": str(rng.choice(list(COURSES), p=list(COURSES.values()))),
                "start": min(max(parent.start, 0) + int(rng.integers(30, 200)), HISTORY_DAYS - 40),
                "parent": parent.external_id,
            }
            below.append(Customer(**facts))
    return below


def _course_of_use(rng: np.random.Generator, one: Customer) -> NDArray[np.float64]:
    """Return a customer's use by day: ramp-up, its course, and a wandering of its own from week to week."""
    day = np.arange(HISTORY_DAYS, dtype=np.float64)
    level = float(rng.uniform(0.42, 0.78))
    ramp = np.clip((day - one.start) / rng.uniform(35, 80), 0.08, 1)
    after = np.clip(day - one.turn, 0, None)
    shape = {
        "steady": np.ones_like(day),
        "growing": 0.65 + 0.45 * np.clip((day - one.turn + 200) / 320, 0, 1),
        "declining": np.maximum(0.12, 1 - after / rng.uniform(140, 260)),
        "dropped": np.where(after > 0, np.maximum(0.10, 0.42 - after / 500), 1.0),
        "stuck": np.full_like(day, rng.uniform(0.10, 0.28)),
        "recovering": np.where(day < one.turn, 0.40, 0.40 + 0.5 * np.clip(after / 90, 0, 1)),
    }[one.course]
    weeks = HISTORY_DAYS // 7 + 1
    wander = np.zeros(weeks)
    shocks = rng.normal(0, 0.055, weeks)
    for week in range(1, weeks):
        wander[week] = 0.75 * wander[week - 1] + shocks[week]
    use: NDArray[np.float64] = np.clip(level * ramp * shape * np.exp(np.repeat(wander, 7)[:HISTORY_DAYS]), 0.0, 0.97)
    return use


def _with_end(rng: np.random.Generator, one: Customer, use: NDArray[np.float64]) -> Customer:
    """Decide at the end of each paid term whether the customer stays: those who hardly used it mostly leave."""
    length = round(one.term_months * 30.4375)
    steepness = 0.055 if one.term_months > 1 else 0.03
    for due in range(one.start + length, HISTORY_DAYS, length):
        if due < 30:  # decisions before the history are in the past: they stayed
            continue
        recent = float(use[max(0, due - 56) : due].mean())
        leaves = 1 / (1 + np.exp((recent - 0.20) / steepness))
        if rng.random() < (leaves if one.term_months > 1 else leaves * 0.25) + 0.004 * one.term_months / 12:
            return Customer(**(vars(one) | {"end": due}))
    return one
