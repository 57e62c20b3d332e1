"""The customers of the lifelike company: who they are, since when, on which course, and when they leave."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from banso.demo.rules import words
from banso.shared.periods import add_months

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
TRIALS: Final = 0.02  # of the newest customers are still trying it out
NOTICE_AHEAD_DAYS: Final = 45  # so far ahead of the end of a term some have already said that they leave


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
    end: int | None  # first day no longer a customer; after today where notice has been given already
    turn: int  # the day on which the course takes its turn
    term_months: int
    owner: int  # place in words.STAFF
    parent: str | None = None
    is_trial: bool = False
    back: int | None = None  # the day on which it came back

    @property
    def has_left(self) -> bool:
        """Return whether it is no customer today."""
        return self.end is not None and self.end <= HISTORY_DAYS and self.back is None

    @property
    def stays(self) -> list[tuple[int, int]]:
        """Return from which day to which (exclusive) of the history it was a customer."""
        found = [(max(self.start, 0), min(HISTORY_DAYS, self.end or HISTORY_DAYS))]
        return found if self.back is None else [*found, (self.back, HISTORY_DAYS)]


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
    first_day = today - timedelta(days=HISTORY_DAYS)
    names = _names(rng, accounts)
    drafts = [_customer(rng, number, names[number], first_day) for number in range(accounts)]
    drafts += [_trial(rng, one) for one in _some_of_the_small(drafts)]
    drafts = list({one.external_id: one for one in drafts}.values())
    drafts += _departments(rng, drafts, first_day)
    use = np.vstack([_course_of_use(rng, one) for one in drafts])
    customers = []
    for place, draft in enumerate(drafts):
        one = _with_return(rng, _with_end(rng, draft, use[place], first_day), first_day)
        here = np.zeros(HISTORY_DAYS, dtype=bool)
        for first, last in one.stays:
            here[first:last] = True
        if one.back is not None:
            use[place, one.back :] = _course_of_use(rng, replace(one, course="steady", start=one.back))[one.back :]
        use[place, ~here] = 0
        customers.append(one)
    return Book(first_day=first_day, today=today, customers=tuple(customers), use=use)


def term_starts(first_day: date, start: int, months: int, *, until: int) -> list[int]:
    """Return the days on which terms of some months begin, from the first up to a day (exclusive)."""
    begin = first_day + timedelta(days=start)
    found = [start]
    while found[-1] < until:
        found.append((add_months(begin, months * len(found)) - first_day).days)
    return found[:-1] if len(found) > 1 else found


def _first_of_month(first_day: date, start: int) -> int:
    """Contracts begin on the first of a month."""
    return ((first_day + timedelta(days=start)).replace(day=1) - first_day).days


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


def _customer(rng: np.random.Generator, number: int, name: tuple[str, str, str], first_day: date) -> Customer:
    segment = int(rng.choice(3, p=SEGMENT_SHARES))
    low, high = SEATS[segment]
    course = str(rng.choice(list(COURSES), p=list(COURSES.values())))
    is_old = course != "stuck" and rng.random() < 0.6
    start = int(rng.integers(-1100, 0)) if is_old else int(rng.integers(0, HISTORY_DAYS - 20))
    if course == "stuck":
        start = int(rng.integers(HISTORY_DAYS - 420, HISTORY_DAYS - 30))
    start = _first_of_month(first_day, start)
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


def _some_of_the_small(drafts: list[Customer]) -> list[Customer]:
    small = [one for one in drafts if one.segment == 2]
    return small[-max(1, round(len(drafts) * TRIALS)) :]


def _trial(rng: np.random.Generator, one: Customer) -> Customer:
    """Try it out since a few weeks ago; nobody leaves or turns before the trial ends."""
    start = HISTORY_DAYS - int(rng.integers(6, 26))
    return replace(one, start=start, turn=HISTORY_DAYS, term_months=1, course="steady", is_trial=True)


def _turn(rng: np.random.Generator, course: str, start: int) -> int:
    """Most turns are spread over the history; enough are recent, so that there is something to do today."""
    if course in {"declining", "dropped"} and rng.random() < 0.55:
        reach = 140 if course == "declining" else 45
        return max(start + 60, HISTORY_DAYS - int(rng.integers(6, reach)))
    return max(start + 90, int(rng.integers(60, HISTORY_DAYS - 30)))


def _departments(rng: np.random.Generator, drafts: list[Customer], first_day: date) -> list[Customer]:
    """Large customers buy for their departments too: two below each of the first six, under contracts of their own."""
    large = [one for one in drafts if one.segment == 0][:6]
    below: list[Customer] = []
    for parent in large:
        for place, (label, reading) in enumerate(
            (("東日本営業本部", "ヒガシニホン"), ("西日本営業本部", "ニシニホン"))
        ):
            start = min(max(parent.start, 0) + int(rng.integers(30, 200)), HISTORY_DAYS - 40)
            below.append(
                replace(
                    parent,
                    number=len(drafts) + len(below),
                    external_id=f"{parent.external_id}-{place + 1}",
                    name=f"{parent.name} {label}",
                    reading=f"{parent.reading} {reading}",
                    seats=int(rng.integers(10, 40)),
                    course=str(rng.choice(list(COURSES), p=list(COURSES.values()))),
                    start=_first_of_month(first_day, start),
                    parent=parent.external_id,
                )
            )
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


def _with_end(rng: np.random.Generator, one: Customer, use: NDArray[np.float64], first_day: date) -> Customer:
    """Decide at the end of each paid term whether the customer stays: those who hardly used it mostly leave."""
    if one.is_trial:
        return one
    steepness = 0.055 if one.term_months > 1 else 0.03
    for due in term_starts(first_day, one.start, one.term_months, until=HISTORY_DAYS + NOTICE_AHEAD_DAYS)[1:]:
        if due < 30 or (one.term_months == 1 and due >= HISTORY_DAYS):  # decided in the past: they stayed
            continue
        recent = float(use[max(0, due - 56) : due].mean())
        leaves = 1 / (1 + np.exp((recent - 0.20) / steepness))
        if rng.random() < (leaves if one.term_months > 1 else leaves * 0.25) + 0.004 * one.term_months / 12:
            return replace(one, end=due)
    return one


def _with_return(rng: np.random.Generator, one: Customer, first_day: date) -> Customer:
    """Bring back one in four of those who left long enough ago, after a gap."""
    if one.end is None or one.parent is not None or one.end > HISTORY_DAYS - 220 or rng.random() > 0.25:
        return one
    return replace(one, back=_first_of_month(first_day, one.end + int(rng.integers(95, 190))))
