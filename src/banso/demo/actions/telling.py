"""Puts customers, their people and contracts in on the days on which they came, changed and left."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time

from banso.accounts import actions as accounts
from banso.contracts import actions as contracts
from banso.demo.rules import deals, events, papers, words
from banso.demo.rules.book import Book
from banso.people.access import SYSTEM, User
from banso.shared.businessdays import Calendar


def moment(on: date, now: datetime, *, at: time = time(10, 15)) -> datetime:
    """Return a time of a day in Tokyo, though never after now."""
    return min(datetime.combine(on, at, events.TOKYO), now)


def by_day[T](dated: Iterable[tuple[date, T]]) -> list[tuple[date, list[T]]]:
    """Return what belongs to each day, oldest first, so that one call saves all of a day."""
    days: dict[date, list[T]] = {}
    for on, one in dated:
        days.setdefault(on, []).append(one)
    return sorted(days.items(), key=lambda day: day[0])


def customers(book: Book, staff: Sequence[User], terms: Sequence[deals.Term], *, seed: int, now: datetime) -> None:
    """Add customers on their first day, and let those leave who left."""
    details = papers.details(book, seed=seed)
    dues = {term.account: term.renews_on for term in terms if term.cancelled_on is None}
    rows = (
        (
            book.day(one.start),
            accounts.AccountInput(
                external_id=one.external_id,
                name=one.name,
                reading=one.reading,
                parent_external_id=one.parent,
                kind="department" if one.parent else "company",
                segment=words.SEGMENTS[one.segment],
                stage=papers.stage(book, place, next_due=dues.get(one.external_id)),
                owner_email=staff[one.owner].email,
                team=words.STAFF[one.owner][3],
                customer_since_on=book.day(one.start),
                fields=details[one.external_id],
            ),
        )
        for place, one in enumerate(book.customers)
    )
    gone = (
        (book.day(one.end), accounts.AccountInput(one.external_id, left_on=book.day(one.end)))
        for one in book.customers
        if one.has_left and one.end is not None
    )
    for steps in (rows, gone):
        for on, some in by_day(steps):
            accounts.save_accounts(some, by=SYSTEM, now=moment(on, now))


def people(book: Book, members: Iterable[papers.Member], *, now: datetime) -> None:
    """Add everyone with their customer, and let champions leave on the day on which they left."""
    members = list(members)
    starts: Mapping[str, date] = {one.external_id: book.day(one.start) for one in book.customers}
    rows = ((starts[one.account], _person(one)) for one in members)
    gone = (
        (one.left_on, accounts.PersonInput(one.account, one.external_id, left_on=one.left_on))
        for one in members
        if one.left_on is not None
    )
    for steps in (rows, gone):
        for on, some in by_day(steps):
            accounts.save_people(some, by=SYSTEM, now=moment(on, now))


def agreements(terms: Iterable[deals.Term], *, calendar: Calendar, now: datetime) -> None:
    """Add contracts on the day on which each term began, and keep notices on the day on which they were given."""
    terms = list(terms)
    ids: dict[str, int] = {}
    for on, some in by_day((term.starts_on, term) for term in terms):
        rows = [_agreement(term) for term in some]
        done = contracts.save_contracts(rows, by=SYSTEM, now=moment(on, now), calendar=calendar)
        ids |= {row.external_id: row.id for row in done.rows}
    for term in terms:
        if term.cancelled_on is not None:
            at = moment(term.cancelled_on, now, at=time(16, 40))
            contracts.cancel_contract(contract_id=ids[term.external_id], on=term.cancelled_on, by=SYSTEM, now=at)


def _person(one: papers.Member) -> accounts.PersonInput:
    return accounts.PersonInput(
        account_external_id=one.account,
        external_id=one.external_id,
        name=one.name,
        email=one.email,
        title=one.title,
        department=one.department,
        role=one.role,
    )


def _agreement(term: deals.Term) -> contracts.ContractInput:
    return contracts.ContractInput(
        external_id=term.external_id,
        account_external_id=term.account,
        name=term.name,
        currency="JPY",
        is_trial=term.is_trial,
        starts_on=term.starts_on,
        ends_on=None if term.cancelled_on else term.ends_on,  # a notice brings the end
        renews_on=term.renews_on,
        is_auto_renewing=not term.is_trial,
        renewal_months=term.renewal_months,
        notice_count=term.notice.count,
        notice_unit=term.notice.unit,
        notice_is_end_of_month=term.notice.is_end_of_month,
        notice_roll=term.notice.roll,
        lines=[_line(item, term.renewal_months) for item in term.items],
    )


def _line(item: deals.Item, months: int) -> contracts.LineInput:
    return contracts.LineInput(
        external_id=item.key,
        kind=item.kind,
        name=item.name,
        amount_minor=item.yen,
        term_months=None if item.kind in {"metered", "one_off"} else months,
        quantity=item.quantity,
        limit=item.limit,
        unit=item.unit,
        meter=item.meter,
    )
