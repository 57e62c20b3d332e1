"""Who needs us today, and why: the short list, ranked by what is at stake."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Count, DateField, F, FloatField, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.desk import rules
from banso.desk.queries.portfolio import Line, lines_of
from banso.desk.rules import Facts, Need, Verdict
from banso.growth import queries as growth
from banso.health import queries as health
from banso.people.access import User
from banso.shared.businessdays import Calendar
from banso.shared.paging import page_count

PAGE_ROWS: Final = 25
# What a sign has no use for, in the type that it has in the others.
_NO_NUMBER: Final = Cast(Value(None), FloatField())
_NO_DAY: Final = Cast(Value(None), DateField())


@dataclass(frozen=True)
class Call:
    """One account on today's list: what it needs, why, until when, and what is at stake."""

    line: Line
    facts: Facts
    verdict: Verdict
    due_on: date
    days_left: int
    is_disputed: bool  # the score and the CSM's judgement disagree
    limit: str  # what the limit holds that calls for a larger plan
    limit_days: int | None  # until it is passed; below zero where it was

    @property
    def need(self) -> Need:
        return self.verdict.need


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
    ranked = _ranked(user, mine=mine, today=today, currency=currency)
    half = [one for one in ranked if one.verdict.is_now == (when == "now")]
    pages = page_count(len(half), PAGE_ROWS)
    number = min(max(1, number), pages)
    start = (number - 1) * PAGE_ROWS
    rows = half[start : start + PAGE_ROWS]
    lines = {line.id: line for line in lines_of(user, [one.account_id for one in rows], today=today)}
    limits = _limits(rows, today)
    return CallList(
        calls=[_call(lines[one.account_id], one, limits, today, calendar) for one in rows if one.account_id in lines],
        number=number,
        pages=pages,
        total=len(half),
        first=start + 1 if rows else 0,
        last=start + len(rows),
        now=sum(one.verdict.is_now for one in ranked),
        soon=sum(not one.verdict.is_now for one in ranked),
    )


def shares(user: User, *, mine: bool, today: date) -> list[Share]:
    """Return accounts and monthly revenue by condition, poor first.

    Two queries, and a third where the health of some was never computed: to look for them in vain is dear.
    """
    standing = health.standing().annotate(mrr=contracts.mrr_column(today, account="account_id"))
    sums = _of_whose(user, standing, mine=mine).values("condition").annotate(n=Count("pk"), money=Sum("mrr"))
    counts = {name: (n, int(money or 0)) for name, n, money in sums.values_list("condition", "n", "money")}
    whose = _whose(user, mine=mine)
    if missing := whose.count() - sum(n for n, _money in counts.values()):
        without = health.without_standing(whose).annotate(mrr=contracts.mrr_column(today)).aggregate(money=Sum("mrr"))
        n, money = counts.get("unknown", (0, 0))
        counts["unknown"] = (n + missing, money + int(without["money"] or 0))
    return [Share(name, *counts.get(name, (0, 0))) for name in ("poor", "normal", "good", "unknown")]


def owns_any(user: User) -> bool:
    """Return whether somebody has current accounts of their own, so that the list opens on them."""
    return accounts.visible_to(user).filter(owner=user, left_on__isnull=True).exists()


class _Ranked(NamedTuple):
    account_id: int
    facts: Facts
    verdict: Verdict


def _whose(user: User, *, mine: bool) -> QuerySet[Any]:
    return accounts.visible_to(user).filter(_current(user, mine=mine))


def _of_whose(user: User, rows: QuerySet[Any], *, mine: bool) -> QuerySet[Any]:
    """Return those rows, each of an account, that are of such accounts: joined, not looked up."""
    found: QuerySet[Any] = accounts.within_reach(user, rows)
    return found.filter(_current(user, mine=mine, at="account__"))


def _current(user: User, *, mine: bool, at: str = "") -> Q:
    return Q(**{f"{at}left_on__isnull": True}, **({f"{at}owner": user} if mine else {}))


def _ranked(user: User, *, mine: bool, today: date, currency: str) -> list[_Ranked]:
    """Return those who need something, most at stake first; of equals the nearer deadline, then the older account.

    The database finds the signs that a need is made of, each by an index of its own; the rules decide.
    """
    ending = contracts.endings(today, currency=currency)
    disputed = health.disputed_since(_whose(user, mine=mine))
    signs = [_of_whose(user, one, mine=mine) for one in _signs(today)]
    signs.append(
        _whose(user, mine=mine)
        .filter(pk__in=list(ending))
        .order_by()
        .annotate(
            account_id=F("pk"), sign=Value("end"), number=_NO_NUMBER, day=_NO_DAY, mrr=contracts.mrr_column(today)
        )
    )
    first, *others = (one.values_list("account_id", "sign", "number", "day", "mrr") for one in signs)
    told: dict[int, dict[str, Any]] = defaultdict(dict)
    for account_id, sign, number, day, mrr in first.union(*others, all=True):
        told[account_id]["mrr"] = mrr
        _note(told[account_id], sign, number, day)
    ranked = []
    for account_id, said in told.items():
        facts = Facts(**said, **vars(ending[account_id])) if account_id in ending else Facts(**said)
        facts = facts._replace(disputed_on=disputed.get(account_id))
        if judged := rules.verdict(facts, today=today):
            ranked.append(_Ranked(account_id, facts, judged))
    return sorted(ranked, key=lambda one: (-one.verdict.at_stake, one.verdict.deadline_on or date.max, one.account_id))


def _signs(today: date) -> tuple[QuerySet[Any], ...]:
    """Return what is known that a need is made of: account, kind of sign, a number, a day, the revenue."""
    last = today + timedelta(days=rules.NOTICE_IN_SIGHT_DAYS)
    left_after = today - timedelta(days=rules.CHAMPION_LEFT_DAYS)
    mrr = contracts.mrr_column(today, account="account_id")
    return (
        health.worrying(change=-rules.DROP_POINTS).annotate(
            sign=F("condition"), number=Cast("change", FloatField()), day=_NO_DAY, mrr=mrr
        ),
        health.doubts(pulse=rules.LOW_PULSE).annotate(
            sign=Value("pulse"), number=Cast("rating", FloatField()), day=_NO_DAY, mrr=mrr
        ),
        contracts.notices_between(today, last).annotate(
            sign=Value("notice_by_on"), number=_NO_NUMBER, day=F("notice_by_on"), mrr=F("mrr_minor")
        ),
        accounts.champions_left(after=left_after).annotate(
            sign=Value("champion_left_on"), number=_NO_NUMBER, day=F("left_on"), mrr=mrr
        ),
        health.alerting(today).annotate(sign=Value("use_fell_on"), number=_NO_NUMBER, day=F("since_on"), mrr=mrr),
        growth.passing(today, within_days=rules.LIMIT_IN_SIGHT_DAYS).annotate(
            sign=Value("limit_on"), number=_NO_NUMBER, day=F("crosses_on"), mrr=mrr
        ),
    )


def _note(told: dict[str, Any], sign: str, number: float | None, day: date | None) -> None:
    """Add what a sign says to its account; of two champions the later day counts, of two limits the first."""
    if sign == "pulse":
        told[sign] = int(number or 0)
    elif sign == "limit_on":
        told[sign] = min(day or date.max, told.get(sign, date.max))
    elif sign in {"notice_by_on", "champion_left_on", "use_fell_on"}:
        told[sign] = max(day or date.min, told.get(sign, date.min))
    elif sign != "end":
        told["condition"], told["change"] = sign, number


def _limits(rows: Iterable[_Ranked], today: date) -> dict[tuple[int, date | None], str]:
    """Return what the limits are called that accounts are listed for, by account and the day on which each passes."""
    listed = [one.account_id for one in rows if one.verdict.need is Need.LIMIT_IN_SIGHT]
    found = growth.limits_of(listed, today=today) if listed else []
    return {(line.account_id, line.crosses_on): line.name for line in reversed(found)}


def _call(
    line: Line, one: _Ranked, limits: Mapping[tuple[int, date | None], str], today: date, calendar: Calendar
) -> Call:
    due = rules.due_on(one.verdict, today=today, business_days_after=calendar.add)
    return Call(
        line=line,
        facts=one.facts,
        verdict=one.verdict,
        due_on=due,
        days_left=(due - today).days,
        is_disputed=rules.disagree(line.condition, line.pulse),  # type: ignore[arg-type]  # the table's own constraint
        limit=limits.get((one.account_id, one.facts.limit_on), ""),
        limit_days=None if one.facts.limit_on is None else (one.facts.limit_on - today).days,
    )
