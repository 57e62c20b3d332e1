"""What surrounds the use: people with names and roles, contracts with their lines, and what the CSMs wrote and felt."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from banso.demo.rules import words
from banso.demo.rules.book import HISTORY_DAYS, PRICE_A_SEAT, Book, Customer, term_starts

NOTICE_BUSINESS_DAYS: Final = 20
PRICE_RISE_A_YEAR: Final = 1.03


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
class Term:
    """One term of a contract: seats at a monthly price (yen), options, and a metered quantity with its limit."""

    account: str
    external_id: str
    starts_on: date
    ends_on: date
    is_last: bool  # the term that runs today, or the last one before the customer left
    has_ended: bool
    term_months: int
    seats: int
    seat_price: int
    options: tuple[tuple[str, int], ...]
    meter_limit: int | None


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


def terms(book: Book, *, seed: int) -> list[Term]:
    """Return the terms of every customer's contract that touch the history, oldest first."""
    rng = np.random.default_rng([seed, 4])
    return [term for one in book.customers for term in _terms(rng, book, one)]


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
        if one.end is not None or rng.random() > 0.6:  # a CSM has not judged everyone
            continue
        lag = int(rng.integers(7, 50))
        seen = float(book.use[place, HISTORY_DAYS - lag - 28 : HISTORY_DAYS - lag].mean())
        rating = int(np.clip(np.rint(1 + seen * 4.6 + rng.normal(0.1, 0.8)), 1, 5))
        on = book.day(HISTORY_DAYS - lag)
        remarks.append(Remark(one.external_id, one.owner, on, words.PULSE_REASONS[one.course], rating))
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


def _terms(rng: np.random.Generator, book: Book, one: Customer) -> list[Term]:
    starts = term_starts(one)
    length = round(one.term_months * 30.4375)
    final_seats = one.seats
    first_seats = max(2, round(one.seats * (0.6 if one.course == "growing" else 0.95)))
    options = tuple(
        (label, price)
        for label, price, odds in (
            ("サポートプラス", 30_000, 0.3),
            ("分析オプション", 20_000, 0.25),
            ("API連携", 15_000, 0.2),
        )
        if one.segment < 2 and rng.random() < odds  # options are for larger customers
    )
    meter = int(np.ceil(one.seats * 80 / 1000) * 1000) if one.segment < 2 and rng.random() < 0.5 else None
    made = []
    for place, start in enumerate(starts):
        share = 1.0 if len(starts) == 1 else place / (len(starts) - 1)
        due = start + length
        made.append(
            Term(
                account=one.external_id,
                external_id=f"{one.external_id}-K{place + 1}",
                starts_on=book.day(start),
                ends_on=book.day(due),
                is_last=place == len(starts) - 1,
                has_ended=due <= HISTORY_DAYS,
                term_months=one.term_months,
                seats=round(first_seats + (final_seats - first_seats) * share),
                seat_price=round(PRICE_A_SEAT[one.segment] * PRICE_RISE_A_YEAR ** (start / 365) / 100) * 100,
                options=options,
                meter_limit=meter,
            )
        )
    return made


def _recently(rng: np.random.Generator, book: Book, one: Customer, reach: int) -> date:
    last = one.end if one.end is not None else HISTORY_DAYS
    return book.day(max(one.start, last - int(rng.integers(2, reach))))
