"""Fill an empty installation with the lifelike company, through the same actions that everything else uses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

import polars as pl

from banso.accounts import actions as accounts
from banso.accounts import queries as account_rows
from banso.contracts import actions as contracts
from banso.demo.actions.staffing import CLOSURES, hire
from banso.demo.rules import book as books
from banso.demo.rules import events, papers, words
from banso.health import actions as health
from banso.people.access import SYSTEM, User, actor_of
from banso.shared.businessdays import Calendar, calendar_of
from banso.usage import actions as usage

type Progress = Callable[[float, str], None]

NEW_DAYS: Final = 90  # a customer is being onboarded for so long
RENEWAL_DAYS: Final = 90  # a renewal is prepared for so long
SETTLED: Final = 0.4  # share of seats at work from which use has taken root


@dataclass(frozen=True)
class Filled:
    """What was put in."""

    accounts: int
    people: int
    contracts: int
    events: int


def fill(
    *,
    seed: int,
    today: date,
    now: datetime,
    email: str,
    password: str,
    size: int = 300,
    progress: Progress | None = None,
) -> Filled:
    """Put the company of a seed into an empty installation; its administrator signs in with the e-mail and password.

    `progress` is told the share done and what comes next.
    """
    tell = progress or (lambda _share, _what: None)
    staff = hire(email=email, password=password, currency="JPY", now=now)
    calendar = calendar_of("JP", CLOSURES)
    tell(0.05, "accounts")
    book = books.make(seed=seed, today=today, accounts=size)
    _sort(now=now)
    _save_accounts(book, staff, now=now)
    members = papers.members(book, seed=seed)
    _save_people(members, now=now)
    tell(0.2, "contracts")
    terms = _agreements(book, seed=seed)
    contracts.save_contracts(terms, by=SYSTEM, now=now, calendar=calendar)
    tell(0.35, "usage")
    recorded = _record(book, calendar, seed=seed, now=now)
    tell(0.65, "health")
    _remember(book, staff, seed=seed)
    health.recompute(on=today, by=SYSTEM, now=now)
    tell(1.0, "done")
    return Filled(accounts=len(book.customers), people=len(members), contracts=len(terms), events=recorded)


def _sort(*, now: datetime) -> None:
    for key, label, kind in (("industry", "業種", "text"), ("prefecture", "都道府県", "text")):
        accounts.define_field(key=key, label=label, kind=kind, by=SYSTEM, now=now)
    for segment in words.SEGMENTS:
        accounts.create_segment(name=segment, by=SYSTEM, now=now)
    for stage in words.STAGES:
        accounts.create_stage(name=stage, by=SYSTEM, now=now)


def _save_accounts(book: books.Book, staff: list[User], *, now: datetime) -> None:
    rows = [
        accounts.AccountInput(
            external_id=one.external_id,
            name=one.name,
            reading=one.reading,
            parent_external_id=one.parent,
            kind="department" if one.parent else "company",
            segment=words.SEGMENTS[one.segment],
            stage=_stage(book, place),
            owner_email=staff[one.owner].email,
            team=words.STAFF[one.owner][3],
            customer_since_on=book.day(one.start),
            left_on=book.day(one.end) if one.end is not None else None,
            fields={"industry": one.industry, "prefecture": one.prefecture},
        )
        for place, one in enumerate(book.customers)
    ]
    accounts.save_accounts(rows, by=SYSTEM, now=now)


def _stage(book: books.Book, place: int) -> str:
    one = book.customers[place]
    if books.HISTORY_DAYS - one.start < NEW_DAYS or one.course == "stuck":
        return words.STAGES[0]
    due = _next_due(one)
    if due is not None and due - books.HISTORY_DAYS <= RENEWAL_DAYS and one.term_months > 1:
        return words.STAGES[3]
    return words.STAGES[2] if book.use[place, -28:].mean() >= SETTLED else words.STAGES[1]


def _next_due(one: books.Customer) -> int | None:
    if one.end is not None:
        return None
    return books.term_starts(one)[-1] + round(one.term_months * 30.4375)


def _save_people(members: list[papers.Member], *, now: datetime) -> None:
    rows = [
        accounts.PersonInput(
            account_external_id=one.account,
            external_id=one.external_id,
            name=one.name,
            email=one.email,
            title=one.title,
            department=one.department,
            role=one.role,
            left_on=one.left_on,
        )
        for one in members
    ]
    accounts.save_people(rows, by=SYSTEM, now=now)


def _agreements(book: books.Book, *, seed: int) -> list[contracts.ContractInput]:
    """Return a contract for each yearly term; a monthly customer has one contract that renews each month."""
    by_account: dict[str, list[papers.Term]] = {}
    for term in papers.terms(book, seed=seed):
        by_account.setdefault(term.account, []).append(term)
    rows = []
    for one in book.customers:
        terms = by_account[one.external_id]
        kept = terms if one.term_months > 1 else [terms[-1]]
        starts = [term.starts_on for term in terms] if one.term_months > 1 else [terms[0].starts_on]
        rows += [_agreement(one, book, term, start) for term, start in zip(kept, starts, strict=True)]
    return rows


def _agreement(one: books.Customer, book: books.Book, term: papers.Term, starts_on: date) -> contracts.ContractInput:
    runs = term.is_last and one.end is None
    left_on = book.day(one.end) if one.end is not None else None
    return contracts.ContractInput(
        external_id=term.external_id,
        account_external_id=term.account,
        name=f"ツナグ営業 {'年間' if term.term_months > 1 else '月額'}契約",
        currency="JPY",
        starts_on=starts_on,
        ends_on=None if runs else left_on if term.is_last else term.ends_on,
        renews_on=term.ends_on if runs else None,
        is_auto_renewing=True,
        renewal_months=term.term_months,
        notice_count=papers.NOTICE_BUSINESS_DAYS if term.term_months > 1 else 10,
        notice_unit="business_days",
        notice_roll="previous",
        lines=_lines(term),
    )


def _lines(term: papers.Term) -> list[contracts.LineInput]:
    months = term.term_months
    lines = [
        contracts.LineInput(
            external_id="seats",
            kind="seats",
            name="利用ライセンス",
            amount_minor=term.seats * term.seat_price * months,
            term_months=months,
            quantity=term.seats,
            unit="席",
        )
    ]
    lines += [
        contracts.LineInput(
            external_id=f"option-{place + 1}",
            kind="option",
            name=label,
            amount_minor=price * months,
            term_months=months,
        )
        for place, (label, price) in enumerate(term.options)
    ]
    if term.meter_limit is not None:
        lines.append(
            contracts.LineInput(
                external_id="mails", kind="metered", name="一斉配信", limit=term.meter_limit, unit="通/月",
                meter=words.METER[0],
            )
        )  # fmt: skip
    return lines


def _record(book: books.Book, calendar: Calendar, *, seed: int, now: datetime) -> int:
    product_use = events.product_use(book, seed=seed, is_holiday=calendar.is_holiday)
    everything = pl.concat([product_use, events.moments(book, seed=seed)])
    recorded = usage.record(everything, source="demo", by=SYSTEM, now=now)
    for name, label in words.FEATURES:
        usage.classify_event(name, kind="feature", label=label, by=SYSTEM, now=now)
    usage.classify_event(words.METER[0], kind="meter", label=words.METER[1], by=SYSTEM, now=now)
    usage.classify_event(words.TICKET[0], kind="moment", label=words.TICKET[1], by=SYSTEM, now=now)
    usage.roll_up(now)
    return recorded.count


def _remember(book: books.Book, staff: list[User], *, seed: int) -> None:
    """Write down what the CSMs noted and felt, on the days on which they did."""
    ids = account_rows.by_external_ids([one.external_id for one in book.customers])
    for remark in papers.notes(book, seed=seed):
        at = datetime.combine(remark.on, time(17, 20), events.TOKYO)
        accounts.write_note(account_id=ids[remark.account], body=remark.text, by=actor_of(staff[remark.staff]), now=at)
    for remark in papers.pulses(book, seed=seed):
        at = datetime.combine(remark.on, time(9, 40), events.TOKYO)
        health.record_pulse(
            account_id=ids[remark.account],
            rating=remark.rating or 3,
            reason=remark.text,
            by=actor_of(staff[remark.staff]),
            now=at,
        )
