"""What surrounds the use: people with names and roles, stages, and what the CSMs wrote and felt."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from banso.demo.rules import words
from banso.demo.rules.book import HISTORY_DAYS, Book, Customer

NEW_DAYS: Final = 90  # so long a customer is being introduced
SETTLED: Final = 0.4  # share of seats at work from which use has taken root
RENEWING_DAYS: Final = 90  # before the end of its term
KNOWN: Final = 0.85  # share of the details that somebody has filled in
NAMED: Final = 0.3  # share of customers that may be named as a reference
NEUTRAL: Final = 3  # the middle of the five grades of a pulse


@dataclass(frozen=True)
class Member:
    """Someone at a customer."""

    account: str
    external_id: str
    name: str
    email: str
    title: str
    department: str
    role: str
    left_on: date | None


@dataclass(frozen=True)
class Remark:
    """What a CSM wrote or felt on a day; `rating` only where it is a pulse."""

    account: str
    staff: int
    on: date
    text: str
    rating: int | None = None


def members(book: Book, *, seed: int) -> list[Member]:
    """Return everyone at every customer; the first three are the champion, the decider and the administrator."""
    rng = np.random.default_rng([seed, 3])
    return [_member(rng, book, one, number) for one in book.customers for number in range(one.seats)]


def details(book: Book, *, seed: int) -> dict[str, dict[str, object]]:
    """Return what the company keeps in custom fields, by customer; of some nobody has filled all in."""
    rng = np.random.default_rng([seed, 8])
    found: dict[str, dict[str, object]] = {}
    for one in book.customers:
        employees = int(np.ceil(one.seats * rng.lognormal(1.8, 0.6) / 5)) * 5
        visited_on = _recently(rng, book, one, 240)
        found[one.external_id] = {
            "industry": one.industry,
            "prefecture": one.prefecture,
            "employees": employees if rng.random() < KNOWN else None,
            "visited_on": visited_on if rng.random() < KNOWN else None,
            "may_be_named": bool(rng.random() < NAMED) if rng.random() < KNOWN else None,
        }
    return found


def stage(book: Book, place: int, *, next_due: date | None) -> str:
    """Return the stage that a customer is in today, one of words.STAGES."""
    one = book.customers[place]
    age = HISTORY_DAYS - (one.start if one.back is None else one.back)
    if age < NEW_DAYS or one.course == "stuck":
        return words.STAGES[0]
    if one.term_months > 1 and next_due is not None and (next_due - book.today).days <= RENEWING_DAYS:
        return words.STAGES[3]
    return words.STAGES[2] if book.use[place, -28:].mean() >= SETTLED else words.STAGES[1]


def notes(book: Book, *, seed: int) -> list[Remark]:
    """Return what CSMs wrote about customers: more about those who need more."""
    rng = np.random.default_rng([seed, 5])
    remarks: list[Remark] = []
    for one in book.customers:
        busy = one.course in {"declining", "dropped", "stuck", "growing"}
        texts = words.NOTES[one.course][: int(rng.integers(1 if busy else 0, 3))]
        remarks.extend(Remark(one.external_id, one.owner, _recently(rng, book, one, 120), text) for text in texts)
    return sorted(remarks, key=lambda remark: (remark.on, remark.account))


def pulses(book: Book, *, seed: int) -> list[Remark]:
    """Return the CSMs' judgement of six accounts in ten: near the truth, a little late, sometimes too kind."""
    rng = np.random.default_rng([seed, 6])
    remarks = []
    for place, one in enumerate(book.customers):
        if one.has_left or one.is_trial or rng.random() > 0.6:  # a CSM has not judged everyone
            continue
        lag = int(rng.integers(7, 50))
        seen = float(book.use[place, HISTORY_DAYS - lag - 28 : HISTORY_DAYS - lag].mean())
        rating = int(np.clip(np.rint(1 + seen * 4.6 + rng.normal(0.1, 0.8)), 1, 5))
        on = book.day(HISTORY_DAYS - lag)
        reason = words.PULSE_REASONS[one.course][0 if rating <= NEUTRAL else 1]
        remarks.append(Remark(one.external_id, one.owner, on, reason, rating))
    return sorted(remarks, key=lambda remark: (remark.on, remark.account))


def _member(rng: np.random.Generator, book: Book, one: Customer, number: int) -> Member:
    role = {0: "champion", 1: "decider", 2: "administrator"}.get(number, "user")
    has_left = role == "champion" and one.course == "dropped" and one.turn < HISTORY_DAYS
    family, given = rng.choice(words.FAMILY_NAMES), rng.choice(words.GIVEN_NAMES)
    title = "部長" if role == "decider" else "課長" if role == "champion" else str(rng.choice(words.TITLES))
    return Member(
        account=one.external_id,
        external_id=f"{one.external_id}-u{number + 1}",
        name=f"{family} {given}",
        email=f"u{number + 1}@{one.external_id.lower()}.example",
        title=title,
        department=str(rng.choice(words.DEPARTMENTS)),
        role=role,
        left_on=book.day(one.turn) if has_left else None,
    )


def _recently(rng: np.random.Generator, book: Book, one: Customer, reach: int) -> date:
    last = min(HISTORY_DAYS, one.end) if one.end is not None and one.back is None else HISTORY_DAYS
    return book.day(max(one.start, last - int(rng.integers(2, reach))))
