"""Contracts as pages show them: with lines, money, the next renewal and how long there is to give notice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from banso.contracts.models import Contract, Line


@dataclass(frozen=True)
class LineRow:
    """One line: `amount_minor` of one term and `mrr_minor`, both in the contract's currency."""

    id: int
    external_id: str
    kind: str
    kind_label: str
    name: str
    amount_minor: int
    mrr_minor: int
    term_months: int | None
    term_days: int | None
    quantity: int | None
    limit: int | None
    unit: str
    meter: str
    counting: str
    period: str
    starts_on: date | None
    ends_on: date | None
    is_running: bool


@dataclass(frozen=True)
class ContractRow:
    """One contract on a day; countdowns in days from it, negative where the day has passed, None where there is none.

    `state` is running, upcoming, cancelled (running still, notice given) or ended.
    """

    id: int
    account_id: int
    external_id: str
    name: str
    currency: str
    is_trial: bool
    starts_on: date
    ends_on: date | None
    renews_on: date | None
    is_auto_renewing: bool
    renewal_months: int | None
    notice_count: int
    notice_unit: str
    notice_is_end_of_month: bool
    notice_roll: str
    notice_by_on: date | None
    cancelled_on: date | None
    state: str
    mrr_minor: int  # of the lines that run on the day, in the contract's currency
    seats: int | None
    days_to_renewal: int | None
    days_to_notice: int | None
    lines: tuple[LineRow, ...]


def contracts_of(account_ids: Iterable[int], today: date) -> list[ContractRow]:
    """Return the contracts of some accounts, those that run first, then the newest; two queries."""
    return _rows(Contract.objects.filter(account__in=list(account_ids)), today)


def contract(contract_id: int, today: date, *, visible: "QuerySet[Any]") -> ContractRow | None:
    """Return one contract of an account within reach, or nothing."""
    rows = _rows(Contract.objects.filter(pk=contract_id, account__in=visible.values("pk")), today)
    return rows[0] if rows else None


def by_external_ids(external_ids: Iterable[str], today: date, *, visible: "QuerySet[Any]") -> dict[str, ContractRow]:
    """Return contracts of accounts within reach by our key of them."""
    found = Contract.objects.filter(external_id__in=list(external_ids), account__in=visible.values("pk"))
    return {row.external_id: row for row in _rows(found, today)}


def accounts_by_contract(external_ids: Iterable[str]) -> dict[str, int]:
    """Return the account ids of contracts by our key of them; importers of use that name contracts ask this."""
    return dict(Contract.objects.filter(external_id__in=list(external_ids)).values_list("external_id", "account_id"))


def rows_of(found: Sequence[Contract], today: date) -> list[ContractRow]:
    """Return rows of contracts in the order given; one query."""
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in Line.objects.filter(contract__in=[one.pk for one in found]).order_by("contract", "pk"):
        lines[line.contract_id].append(line)
    return [_row(one, lines[one.pk], today) for one in found]


def accounts_having(names: Iterable[str], today: date) -> dict[str, set[int]]:
    """Return by name which accounts have a plan or option of that name running on a day; one query."""
    runs = Q(ends_on__isnull=True) | Q(ends_on__gt=today)
    contract_runs = Q(contract__ends_on__isnull=True) | Q(contract__ends_on__gt=today)
    began = (Q(starts_on__isnull=True) | Q(starts_on__lte=today)) & Q(contract__starts_on__lte=today)
    lines = Line.objects.filter(began, runs, contract_runs, name__in=set(names), kind__in=("plan", "option"))
    found: dict[str, set[int]] = defaultdict(set)
    for name, account_id in lines.order_by("pk").values_list("name", "contract__account_id"):
        found[name].add(account_id)
    return dict(found)


def plan_names() -> list[str]:
    """Return the names of all plans and options that contracts ever had, by name."""
    lines = Line.objects.filter(kind__in=("plan", "option")).order_by("name")
    return list(lines.values_list("name", flat=True).distinct())


def _rows(found: "QuerySet[Contract]", today: date) -> list[ContractRow]:
    rows = rows_of(list(found.order_by("-starts_on", "pk")), today)
    place = {"running": 0, "cancelled": 0, "upcoming": 1, "ended": 2}
    return sorted(rows, key=lambda row: place[row.state])


def _row(one: Contract, kept: Sequence[Line], today: date) -> ContractRow:
    lines = tuple(_line_row(one, line, today) for line in kept)
    running = [line for line in lines if line.is_running]
    seats = [line.quantity for line in running if line.kind in {"plan", "seats"} and line.quantity is not None]
    state = _state(one, today)
    ahead = one.renews_on if one.cancelled_on is None and state != "ended" else None
    return ContractRow(
        id=one.pk,
        account_id=one.account_id,
        external_id=one.external_id,
        name=one.name,
        currency=one.currency,
        is_trial=one.is_trial,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        renews_on=one.renews_on,
        is_auto_renewing=one.is_auto_renewing,
        renewal_months=one.renewal_months,
        notice_count=one.notice_count,
        notice_unit=one.notice_unit,
        notice_is_end_of_month=one.notice_is_end_of_month,
        notice_roll=one.notice_roll,
        notice_by_on=one.notice_by_on,
        cancelled_on=one.cancelled_on,
        state=state,
        mrr_minor=sum(line.mrr_minor for line in running),
        seats=sum(seats) if seats else None,
        days_to_renewal=(ahead - today).days if ahead else None,
        days_to_notice=(one.notice_by_on - today).days if ahead and one.notice_by_on else None,
        lines=lines,
    )


def _state(one: Contract, today: date) -> str:
    if one.ends_on is not None and one.ends_on <= today:
        return "ended"
    if one.starts_on > today:
        return "upcoming"
    return "cancelled" if one.cancelled_on is not None and one.cancelled_on <= today else "running"


def _line_row(one: Contract, line: Line, today: date) -> LineRow:
    starts_on = max(one.starts_on, line.starts_on or one.starts_on)
    ends = [day for day in (one.ends_on, line.ends_on) if day is not None]
    return LineRow(
        id=line.pk,
        external_id=line.external_id,
        kind=line.kind,
        kind_label=str(line.get_kind_display()),
        name=line.name,
        amount_minor=line.amount_minor,
        mrr_minor=line.mrr_minor,
        term_months=line.term_months,
        term_days=line.term_days,
        quantity=line.quantity,
        limit=line.limit,
        unit=line.unit,
        meter=line.meter,
        counting=line.counting,
        period=line.period,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        is_running=starts_on <= today and all(today < end for end in ends),
    )
