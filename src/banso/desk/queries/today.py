"""Who needs us today, and why: the short list, ranked by what is at stake."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.desk import rules
from banso.desk.queries.portfolio import Line, lines_of
from banso.desk.rules import Facts, Need, Stake
from banso.health import queries as health
from banso.people.access import User
from banso.shared.businessdays import Calendar

PAGE_ROWS: Final = 25


@dataclass(frozen=True)
class Call:
    """One account on today's list: what it needs, why, until when, and what is at stake."""

    line: Line
    facts: Facts
    need: Need
    stake: Stake
    due_on: date
    days_left: int
    is_disputed: bool  # the score and the CSM's judgement disagree


@dataclass(frozen=True)
class CallList:
    """One page of today's list, with the numbers of both halves."""

    calls: list[Call]
    number: int
    pages: int
    total: int
    first: int
    last: int
    now: int
    soon: int


@dataclass(frozen=True)
class Share:
    """How many accounts are in a condition, and the monthly revenue they stand for (minor units)."""

    condition: str
    accounts: int
    mrr: int


def calls(  # the page's own parameters, all by keyword but the user
    user: User, *, mine: bool, when: str, number: int, today: date, calendar: Calendar, currency: str
) -> CallList:
    """Return one page of the accounts that need somebody, most at stake first; `when` is "now" or "soon"."""
    ranked = _ranked(_whose(user, mine=mine), today=today, currency=currency)
    half = [one for one in ranked if one.is_now == (when == "now")]
    pages = max(1, -(-len(half) // PAGE_ROWS))
    number = min(max(1, number), pages)
    start = (number - 1) * PAGE_ROWS
    rows = half[start : start + PAGE_ROWS]
    lines = {line.id: line for line in lines_of(user, [one.account_id for one in rows], today=today)}
    return CallList(
        calls=[_call(lines[one.account_id], one, today, calendar) for one in rows if one.account_id in lines],
        number=number,
        pages=pages,
        total=len(half),
        first=start + 1 if rows else 0,
        last=start + len(rows),
        now=sum(one.is_now for one in ranked),
        soon=sum(not one.is_now for one in ranked),
    )


def shares(user: User, *, mine: bool, today: date) -> list[Share]:
    """Return accounts and monthly revenue by condition, poor first; one query."""
    rows = (
        _whose(user, mine=mine)
        .annotate(condition=health.condition_column(), mrr=contracts.mrr_column(today))
        .values("condition")
        .annotate(n=Count("pk"), money=Sum("mrr"))
        .order_by("condition")
    )
    counts: dict[str, tuple[int, int]] = {}
    for row in rows:
        name = row["condition"] or "unknown"
        n, money = counts.get(name, (0, 0))
        counts[name] = (n + row["n"], money + int(row["money"] or 0))
    return [Share(name, *counts.get(name, (0, 0))) for name in ("poor", "normal", "good", "unknown")]


def owns_any(user: User) -> bool:
    """Return whether somebody has current accounts of their own, so that the list opens on them."""
    return accounts.visible_to(user).filter(owner=user, left_on__isnull=True).exists()


@dataclass(frozen=True)
class _Ranked:
    account_id: int
    facts: Facts
    need: Need
    stake: Stake
    is_now: bool


def _whose(user: User, *, mine: bool) -> QuerySet[Any]:
    current = accounts.visible_to(user).filter(left_on__isnull=True)
    return current.filter(owner=user) if mine else current


def _ranked(found: QuerySet[Any], *, today: date, currency: str) -> list[_Ranked]:
    """Return those who need something, most at stake first; of equals the nearer deadline, then the older account.

    The database narrows down to those of whom anything is known that a need is made of; the rules decide.
    """
    ending = contracts.endings(today, currency=currency)
    ranked = []
    for account_id, facts in _facts(found, ending, today=today):
        what = rules.need(facts, today=today)
        if what is not None:
            at_stake = rules.stake(facts, what, today=today)
            is_now = rules.is_now(facts, what, today=today)
            ranked.append(_Ranked(account_id, facts, what, at_stake, is_now))
    return sorted(
        ranked,
        key=lambda one: (
            -one.stake.amount,
            rules.deadline_on(one.facts, today=today) or date.max,
            one.account_id,
        ),
    )


def _facts(found: QuerySet[Any], ending: dict[int, contracts.Ending], *, today: date) -> Iterable[tuple[int, Facts]]:
    left_after = today - timedelta(days=rules.CHAMPION_LEFT_DAYS)
    notice_until = today + timedelta(days=rules.NOTICE_IN_SIGHT_DAYS)
    worth_a_look = (
        Q(pk__in=health.worrying(change=-rules.DROP_POINTS, pulse=rules.LOW_PULSE))
        | Q(pk__in=contracts.with_notice_between(today, notice_until))
        | Q(pk__in=accounts.whose_champion_left(after=left_after))
        | Q(pk__in=list(ending))
    )
    rows = (
        found.filter(worth_a_look)
        .annotate(
            condition=health.condition_column(),
            change=health.change_column(),
            pulse=health.pulse_column(),
            mrr=contracts.mrr_column(today),
            notice_by_on=contracts.notice_by_column(today),
            champion_left_on=accounts.champion_left_column(),
        )
        .order_by("pk")
        .values_list("pk", "condition", "change", "pulse", "mrr", "notice_by_on", "champion_left_on")
    )
    nothing = contracts.Ending()
    for pk, condition, change, pulse, mrr, notice_by_on, champion_left_on in rows:
        end = ending.get(pk, nothing)
        yield (
            pk,
            Facts(
                condition=condition or "unknown",
                change=change,
                pulse=pulse,
                mrr=mrr,
                notice_by_on=notice_by_on,
                champion_left_on=champion_left_on,
                leaves_on=end.leaves_on,
                trial_ends_on=end.trial_ends_on,
                trial_mrr=end.trial_mrr_minor,
            ),
        )


def _call(line: Line, one: _Ranked, today: date, calendar: Calendar) -> Call:
    due = rules.due_on(one.facts, one.need, today=today, business_days_after=calendar.add)
    return Call(
        line=line,
        facts=one.facts,
        need=one.need,
        stake=one.stake,
        due_on=due,
        days_left=(due - today).days,
        is_disputed=rules.disagree(line.condition, line.pulse),  # type: ignore[arg-type]  # the table's own constraint
    )
