"""Who needs us today, and why: the short list, ranked by the database."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.desk.queries.portfolio import Line, lines_of
from banso.desk.rules import (
    CHAMPION_LEFT_DAYS,
    DROP_POINTS,
    LOW_PULSE,
    NOTICE_IN_SIGHT_DAYS,
    NOW,
    SPEAK_WITHIN,
    Facts,
    Need,
    disagree,
    due_on,
)
from banso.health import queries as health
from banso.people.access import User
from banso.shared.businessdays import Calendar

PAGE_ROWS: Final = 25


@dataclass(frozen=True)
class Call:
    """One account on today's list: what it needs, why, and until when."""

    line: Line
    need: Need
    due_on: date
    days_left: int
    champion_left_on: date | None
    is_disputed: bool  # the score and the CSM's judgement disagree

    @property
    def need_key(self) -> str:
        return self.need.name.lower()


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
    user: User, *, mine: bool, when: str, number: int, today: date, calendar: Calendar
) -> CallList:
    """Return one page of the accounts that need somebody, most pressing first; `when` is "now" or "soon"."""
    found = _needing(_whose(user, mine=mine), today=today)
    counts = {row["need"]: row["n"] for row in found.order_by("need").values("need").annotate(n=Count("pk"))}
    now = sum(n for what, n in counts.items() if what in NOW)
    soon = sum(counts.values()) - now
    total = now if when == "now" else soon
    half = found.filter(need__in=NOW) if when == "now" else found.exclude(need__in=NOW)
    pages = max(1, -(-total // PAGE_ROWS))
    number = min(max(1, number), pages)
    start = (number - 1) * PAGE_ROWS
    ranked = half.annotate(mrr=contracts.mrr_column(today)).order_by(
        "need", F("notice_by_on").asc(nulls_last=True), F("mrr").desc(nulls_last=True), "pk"
    )
    rows = list(ranked.values("pk", "need", "champion_left_on")[start : start + PAGE_ROWS])
    lines = {line.id: line for line in lines_of(user, [row["pk"] for row in rows], today=today)}
    return CallList(
        calls=[_call(lines[row["pk"]], row, today=today, calendar=calendar) for row in rows if row["pk"] in lines],
        number=number,
        pages=pages,
        total=total,
        first=start + 1 if rows else 0,
        last=start + len(rows),
        now=now,
        soon=soon,
    )


def shares(user: User, *, mine: bool, today: date) -> list[Share]:
    """Return accounts and monthly revenue by condition, poor first; one query."""
    order = Case(
        *(When(Q(condition=name), then=Value(place)) for place, name in enumerate(("poor", "normal", "good"))),
        default=Value(3),
        output_field=IntegerField(),
    )
    rows = (
        _whose(user, mine=mine)
        .annotate(condition=health.condition_column(), mrr=contracts.mrr_column(today))
        .annotate(place=order)
        .values("place")
        .annotate(n=Count("pk"), money=Sum("mrr"))
        .order_by("place")
    )
    by_place = {row["place"]: row for row in rows}
    names = ("poor", "normal", "good", "unknown")
    return [
        Share(
            condition=name,
            accounts=by_place.get(place, {}).get("n", 0),
            mrr=int(by_place.get(place, {}).get("money") or 0),
        )
        for place, name in enumerate(names)
    ]


def owns_any(user: User) -> bool:
    """Return whether somebody has current accounts of their own, so that the list opens on them."""
    return accounts.visible_to(user).filter(owner=user, left_on__isnull=True).exists()


def _whose(user: User, *, mine: bool) -> QuerySet[Any]:
    current = accounts.visible_to(user).filter(left_on__isnull=True)
    return current.filter(owner=user) if mine else current


def _needing(found: QuerySet[Any], *, today: date) -> QuerySet[Any]:
    """Say of each account what it needs, as desk.rules.need does, and keep those that need something."""
    told = found.annotate(
        condition=health.condition_column(),
        change=health.change_column(),
        pulse=health.pulse_column(),
        notice_by_on=contracts.notice_by_column(today),
        champion_left_on=accounts.champion_left_column(),
    )
    in_sight = Q(notice_by_on__range=(today, today + timedelta(days=NOTICE_IN_SIGHT_DAYS)))
    doubted = Q(pulse__lte=LOW_PULSE)
    what = Case(
        When(in_sight & (Q(condition="poor") | doubted), then=Value(Need.RENEWAL_AT_RISK.value)),
        When(Q(condition__in=("poor", "normal"), change__lte=-DROP_POINTS), then=Value(Need.SUDDEN_DROP.value)),
        When(
            champion_left_on__gt=today - timedelta(days=CHAMPION_LEFT_DAYS),
            then=Value(Need.CHAMPION_LEFT.value),
        ),
        When(Q(condition="poor"), then=Value(Need.POOR_HEALTH.value)),
        When(doubted, then=Value(Need.JUDGED_WORSE.value)),
        When(in_sight, then=Value(Need.RENEWAL_TO_PREPARE.value)),
        default=Value(Need.NONE.value),
        output_field=IntegerField(),
    )
    needing: QuerySet[Any] = told.annotate(need=what).filter(need__lt=Need.NONE.value)
    return needing


def _call(line: Line, row: dict[str, Any], *, today: date, calendar: Calendar) -> Call:
    what = Need(row["need"])
    due = due_on(what, today=today, notice_by_on=line.notice_by_on, business_days_after=calendar.add)
    return Call(
        line=line,
        need=what,
        due_on=due,
        days_left=(due - today).days,
        champion_left_on=row["champion_left_on"] if what == Need.CHAMPION_LEFT else None,
        is_disputed=disagree(line.condition, line.pulse),  # type: ignore[arg-type]  # the table's own constraint
    )


__all__ = ["SPEAK_WITHIN", "Call", "CallList", "Facts", "Share", "calls", "owns_any", "shares"]
