"""Accounts by what score and pulse say together: where they disagree, why, and by when to speak with whom."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.health.models import Pulse, Standing
from banso.health.queries.columns import counting_pulses
from banso.health.queries.pulses import PulseRow, pulse_rows
from banso.health.queries.standings import StandingRow, standings
from banso.health.rules.judging import CONTACTS, JUDGED, OLD_DAYS, STANDS, Contact, Judged, Stand, judged_as, stand_of
from banso.health.rules.judging import contact_on as due_on
from banso.health.rules.judging import is_now as is_due_now
from banso.people import queries as people
from banso.shared import money, tables
from banso.shared.businessdays import Calendar
from banso.shared.numbers import whole_number
from banso.shared.paging import page_count

PAGE_ROWS: Final = 50
TABS: Final = (*STANDS, "all")
STAND_WORDS: Final = {
    "opposite": gettext_lazy("Opposite"),
    "apart": gettext_lazy("One step apart"),
    "agree": gettext_lazy("Agree"),
}


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to, as the address says; `cell` is a condition and what the pulse says."""

    tab: str = "opposite"
    cell: tuple[Judged, Judged] | None = None
    text: str = ""
    owner: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Asked":
        """Return what an address asks for; what it cannot mean is left out."""
        cells = {f"{condition}-{judged}": (condition, judged) for condition, judged in CONTACTS}
        cell = cells.get(given.get("cell", ""))
        return cls(
            tab="all" if cell else given.get("tab", "") if given.get("tab") in TABS else "opposite",
            cell=cell,
            text=given.get("q", "").strip(),
            owner=whole_number(given.get("owner", ""), digits=9),
        )


@dataclass(frozen=True)
class JudgedRow:
    """An account with what its score says and what its CSM says, since when, and by when to speak with it.

    `contact_on` is None where both are good; `is_now` else means in two or three weeks. `is_old`: the pulse is so old
    that it should be asked for anew.
    """

    account_id: int
    external_id: str
    name: str
    owner: str
    standing: StandingRow
    pulse: PulseRow
    stand: Stand
    since: date
    contact_on: date | None
    days_left: int | None
    is_now: bool
    is_old: bool
    notice_by_on: date | None
    mrr: int


@dataclass(frozen=True)
class Cell:
    """One of the nine: a condition, what the pulse says, how many accounts, and what is proposed."""

    condition: Judged
    judged: Judged
    accounts: int
    contact: Contact | None

    @property
    def name(self) -> str:
        """Return how an address names it."""
        return f"{self.condition}-{self.judged}"


@dataclass(frozen=True)
class JudgedPage:
    """One page of the list, how many are behind each tab, and the nine cells by condition."""

    rows: list[JudgedRow]
    number: int
    pages: int
    total: int
    first: int
    last: int
    counts: dict[str, int]
    cells: list[tuple[Judged, list[Cell]]]


class _Found(NamedTuple):
    account_id: int
    condition: Judged
    judged: Judged
    pulse_id: int
    given_on: date
    since: date
    notice_by_on: date | None
    mrr: int
    contact_on: date | None
    is_now: bool


def judged_page(viewer: accounts.Viewer, asked: Asked, *, number: int, today: date, calendar: Calendar) -> JudgedPage:
    """Return one page of the accounts that have a score and a pulse, first whom to speak with first, then by revenue.

    A number of queries that does not grow with the accounts.
    """
    every = _found(viewer, asked, today=today, calendar=calendar)
    wanted = _narrowed(every, asked)
    pages = page_count(len(wanted), PAGE_ROWS)
    number = min(max(1, number), pages)
    start = (number - 1) * PAGE_ROWS
    rows = _rows(wanted[start : start + PAGE_ROWS], today)
    in_cells = Counter((one.condition, one.judged) for one in every)
    stands = Counter(stand_of(one.condition, one.judged) for one in every)
    return JudgedPage(
        rows=rows,
        number=number,
        pages=pages,
        total=len(wanted),
        first=start + 1 if rows else 0,
        last=start + len(rows),
        counts={**{stand: stands[stand] for stand in STANDS}, "all": len(every)},
        cells=[
            (
                condition,
                [
                    Cell(condition, judged, in_cells[condition, judged], CONTACTS[condition, judged])
                    for judged in JUDGED
                ],
            )
            for condition in JUDGED
        ],
    )


def disputed_since(visible: QuerySet[Any]) -> dict[int, date]:
    """Return since when score and pulse say the opposite, of those of the accounts given where they do; two queries."""
    found = _both(visible).filter(condition__in=("good", "poor"))
    said = _said(found.values_list("account_id", "condition", "condition_since_on", "rating", "given_at"))
    return {
        account_id: since
        for account_id, condition, judged, _given_on, since in said
        if stand_of(condition, judged) == "opposite"
    }


def judged_sheet(
    viewer: accounts.Viewer, asked: Asked, *, form: tables.Form, today: date, calendar: Calendar, currency: str
) -> tables.Export:
    """Return all accounts that are asked for as CSV or Excel, in the order of the list."""
    rows = _rows(_narrowed(_found(viewer, asked, today=today, calendar=calendar), asked), today)
    header = [
        _("Account ID"),
        _("Account"),
        _("Owner"),
        _("Score"),
        _("Condition"),
        _("Why the score"),
        _("Pulse"),
        _("Why the pulse"),
        _("Given by"),
        _("Given on"),
        _("Score and pulse"),
        _("Since"),
        _("Speak by"),
        _("Notice deadline"),
        _("Monthly revenue"),
        _("Currency"),
    ]
    return tables.export(form, header, _cells(rows, currency), name=f"score-and-pulse-{today:%Y%m%d}")


def _cells(rows: Iterable[JudgedRow], currency: str) -> Iterator[list[Any]]:
    for row in rows:
        scored: list[Any] = [row.standing.score, row.standing.condition, row.standing.reason]
        judged = [row.pulse.rating, row.pulse.reason, row.pulse.given_by, row.pulse.given_at]
        days = [str(STAND_WORDS[row.stand]), row.since, row.contact_on, row.notice_by_on]
        yield [row.external_id, row.name, row.owner, *scored, *judged, *days, money.major(row.mrr, currency), currency]


def _found(viewer: accounts.Viewer, asked: Asked, *, today: date, calendar: Calendar) -> list[_Found]:
    """Return every account within reach that has both, ordered as the list is."""
    visible = accounts.visible_to(viewer)
    if asked.text:
        visible = visible.filter(accounts.matching(asked.text))
    if asked.owner is not None:
        visible = visible.filter(owner_id=asked.owner)
    found = _both(visible.filter(left_on__isnull=True)).annotate(
        mrr=contracts.mrr_column(today, account="account_id"),
        notice=contracts.notice_by_column(today, account="account_id"),
    )
    columns = ("account_id", "condition", "condition_since_on", "rating", "given_at")
    more = {pk: rest for pk, *rest in found.values_list("account_id", "pulse_id", "notice", "mrr")}

    @cache
    def by(contact: Contact, since: date, notice_by_on: date | None) -> date:
        return due_on(contact, since=since, notice_by_on=notice_by_on, today=today, calendar=calendar)

    rows = []
    for account_id, condition, judged, given_on, since in _said(found.values_list(*columns)):
        pulse_id, notice_by_on, mrr = more[account_id]
        contact = CONTACTS[condition, judged]
        on = by(contact, since, notice_by_on) if contact else None
        now = contact is not None and on is not None and is_due_now(contact, on, today=today)
        rows.append(
            _Found(account_id, condition, judged, pulse_id, given_on, since, notice_by_on, int(mrr or 0), on, now)
        )
    return sorted(rows, key=lambda one: (one.contact_on or date.max, -one.mrr, one.account_id))


def _both(visible: QuerySet[Any]) -> QuerySet[Any]:
    """Return where accounts stand that have a score and a pulse, with the newest pulse."""
    newest = counting_pulses().filter(account_id=OuterRef("account_id"))
    return (
        Standing.objects.filter(account__in=visible.order_by().values("pk"), left_on__isnull=True, condition__in=JUDGED)
        .annotate(
            pulse_id=Subquery(newest.values("pk")[:1]),
            rating=Subquery(newest.values("rating")[:1]),
            given_at=Subquery(newest.values("given_at")[:1]),
        )
        .filter(pulse_id__isnull=False)
        .order_by("account_id")
    )


def _said(
    found: Iterable[tuple[int, Judged, date | None, int, datetime]],
) -> Iterator[tuple[int, Judged, Judged, date, date]]:
    """Yield account, condition, what the pulse says, the day on which it was given, and since when both hold."""
    zone = ZoneInfo(people.company().time_zone)
    for account_id, condition, condition_since_on, rating, given_at in found:
        given_on = given_at.astimezone(zone).date()
        yield account_id, condition, judged_as(rating), given_on, max(given_on, condition_since_on or given_on)


def _narrowed(every: list[_Found], asked: Asked) -> list[_Found]:
    if asked.cell is not None:
        return [one for one in every if (one.condition, one.judged) == asked.cell]
    return [one for one in every if asked.tab in {"all", stand_of(one.condition, one.judged)}]


def _rows(found: list[_Found], today: date) -> list[JudgedRow]:
    ids = [one.account_id for one in found]
    said = standings(ids)
    pulses = pulse_rows(
        Pulse.objects.filter(pk__in=[one.pulse_id for one in found]).select_related("given_by").order_by("pk")
    )
    by_id = {one.id: one for one in pulses}
    named = accounts.visible_to(accounts.EVERYTHING).filter(pk__in=ids).order_by("pk")
    names = {pk: rest for pk, *rest in named.values_list("pk", "external_id", "name", "owner__name")}
    return [_row(one, said[one.account_id], by_id[one.pulse_id], names[one.account_id], today) for one in found]


def _row(one: _Found, standing: StandingRow, pulse: PulseRow, named: list[Any], today: date) -> JudgedRow:
    external_id, name, owner = named
    return JudgedRow(
        account_id=one.account_id,
        external_id=external_id,
        name=name,
        owner=owner or "",
        standing=standing,
        pulse=pulse,
        stand=stand_of(one.condition, one.judged),
        since=one.since,
        contact_on=one.contact_on,
        days_left=None if one.contact_on is None else (one.contact_on - today).days,
        is_now=one.is_now,
        is_old=(today - one.given_on).days > OLD_DAYS,
        notice_by_on=one.notice_by_on,
        mrr=one.mrr,
    )
