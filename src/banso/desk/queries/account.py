"""One account, put together from the areas that know about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from banso.accounts import queries as accounts
from banso.desk.queries.portfolio import Line, lines_of
from banso.desk.rules import disagree
from banso.health import queries as health
from banso.people.access import User
from banso.usage import queries as usage

USE_DAYS: Final = 28
CHART_WEEKS: Final = 52
MOST_FEATURES: Final = 12
MOST_PEOPLE: Final = 12
MOST_NOTES: Final = 10


@dataclass(frozen=True)
class Whole:
    """What the head of an account's page says; `ids` and `names` are it and all below it."""

    line: Line
    parent_id: int | None
    customer_since_on: date | None
    is_disputed: bool
    children: list[Line]
    fields: list[accounts.FieldRow]
    ids: tuple[int, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class PointRow:
    """One bar of an explanation, in points."""

    label: str
    note: str
    points: Decimal


@dataclass(frozen=True)
class Health:
    """A score taken apart, in points: the parts sum to the score, the moves to its change, to the digit shown."""

    on: date
    against_on: date
    score: Decimal | None
    computed: Decimal | None
    before: Decimal | None
    change: Decimal | None
    condition: str
    level: int | None
    coverage: float
    reason: str
    parts: list[PointRow]
    moves: list[PointRow]
    rows: tuple["health.PartRow", ...]
    adjustments: tuple["health.AdjustmentRow", ...]


@dataclass(frozen=True)
class Week:
    """One week's score, None where it was not known."""

    on: date
    score: float | None


@dataclass(frozen=True)
class UseWeek:
    """How much was used in one week, and by how many people on its busiest day."""

    on: date
    n: int
    people: int


@dataclass(frozen=True)
class UserRow:
    """How much one person used the product, under the name that we know them by."""

    external_id: str
    name: str
    n: int
    active_days: int
    last_on: date


@dataclass(frozen=True)
class Use:
    """What an account, with all below it, did with the product on whole days, and today so far."""

    weeks: list[UseWeek]
    features: list["usage.FeatureRow"]
    people: list[UserRow]
    active_people: int
    by_person: dict[str, date]
    until: date
    so_far: "usage.DayRow | None"


@dataclass(frozen=True)
class Member:
    """Someone at the customer, and when they last used the product."""

    name: str
    role: str
    title: str
    department: str
    left_on: date | None
    last_used_on: date | None


@dataclass(frozen=True)
class Members:
    """The first people of an account, and how many more there are."""

    rows: list[Member]
    more: int


def whole(user: User, account_id: int, *, today: date) -> Whole | None:
    """Return one account, or None where it does not exist or the user may not see it."""
    row = accounts.account(user, account_id)
    if row is None:
        return None
    below = accounts.visible_to(user).filter(parent_id=account_id).order_by("sort_key", "pk")
    children = list(below.values_list("pk", flat=True))
    lines = lines_of(user, [account_id, *children], today=today)
    ids = accounts.subtree_ids(account_id)
    names = accounts.visible_to(user).filter(pk__in=ids).order_by("pk").values_list("pk", "external_id")
    line = lines[0]
    return Whole(
        line=line,
        parent_id=row.parent_id,
        customer_since_on=row.customer_since_on,
        is_disputed=disagree(line.condition, line.pulse),  # type: ignore[arg-type]  # the table's own constraint
        children=lines[1:],
        fields=accounts.custom_fields(),
        ids=tuple(pk for pk, _name in names),
        names=tuple(name for _pk, name in names),
    )


def health_of(found: Whole, *, week: date | None = None) -> Health | None:
    """Return why an account has its score as of a day, today's without one; None where nothing was computed."""
    why = health.explanation(found.line.id, week)
    if why is None or why.score is None:
        return None
    return Health(
        on=why.on,
        against_on=why.against_on,
        score=_points(why.score),
        computed=_points(why.computed),
        before=_points(why.score_before),
        change=_points(why.change),
        condition=why.condition,
        level=why.level,
        coverage=why.coverage,
        reason=why.reason,
        parts=[
            *(PointRow(part.label, part.value_text, _points(part.tenths) or Decimal(0)) for part in why.parts),
            *(PointRow(one.label, "", _points(one.tenths) or Decimal(0)) for one in why.adjustments),
        ],
        adjustments=why.adjustments,
        moves=[_move(move) for move in why.moves],
        rows=why.parts,
    )


def history_of(found: Whole) -> list[Week]:
    """Return an account's scores by week, oldest first, for as long as there is data."""
    return [
        Week(on=row.week, score=None if row.score is None else float(row.score))
        for row in health.history(found.line.external_id)
    ]


def use_of(found: Whole, *, today: date) -> Use:
    """Return what an account did with the product: 52 weeks in all, the last 28 days in detail."""
    first = today - timedelta(days=today.weekday() + 7 * CHART_WEEKS)
    since, until = today - timedelta(days=USE_DAYS), today - timedelta(days=1)
    people = usage.people_of(found.names, since, until)
    known = {person.external_id: person.name for person in accounts.people_of(found.ids, with_former=True)}
    days = usage.daily_of(found.names, first, today)
    return Use(
        weeks=_weeks(days, first, today),
        features=usage.features_of(found.names, since, until)[:MOST_FEATURES],
        people=[
            UserRow(row.person, known.get(row.person, row.person), row.n, row.active_days, row.last_on)
            for row in people[:MOST_PEOPLE]
        ],
        active_people=len(people),
        by_person={row.person: row.last_on for row in people},
        until=until,
        so_far=days[-1] if days and days[-1].day == today else None,
    )


def people_of(found: Whole, use: Use) -> Members:
    """Return the people of an account, champions and deciders first, with their last use."""
    everyone = accounts.people_of([found.line.id], with_former=True)
    named = [person for person in everyone if person.role != "user" or person.left_on is None]
    shown = sorted(named, key=lambda person: accounts.ROLE_ORDER.index(person.role))[:MOST_PEOPLE]
    rows = [
        Member(
            name=person.name,
            role=person.role,
            title=person.title,
            department=person.department,
            left_on=person.left_on,
            last_used_on=use.by_person.get(person.external_id),
        )
        for person in shown
    ]
    return Members(rows=rows, more=len(named) - len(shown))


def notes_of(found: Whole) -> "list[accounts.NoteRow]":
    """Return the newest notes of an account."""
    return accounts.notes_of([found.line.id], limit=MOST_NOTES)


def pulses_of(found: Whole) -> "list[health.PulseRow]":
    """Return what its CSMs thought of an account, newest first."""
    return health.pulses([found.line.id])


def _weeks(days: "Sequence[usage.DayRow]", first: date, today: date) -> list[UseWeek]:
    """Sum days to whole weeks; weeks without use are there with nothing, from the first with use on."""
    if not days:
        return []
    totals: dict[date, tuple[int, int]] = {}
    for row in days:
        monday = row.day - timedelta(days=row.day.weekday())
        n, people = totals.get(monday, (0, 0))
        totals[monday] = (n + row.n, max(people, row.people))
    start = max(first, min(totals))
    last = today - timedelta(days=today.weekday() + 7)
    mondays = [start + timedelta(days=7 * place) for place in range((last - start).days // 7 + 1)]
    return [UseWeek(monday, *totals.get(monday, (0, 0))) for monday in mondays]


def _move(move: "health.MoveRow") -> PointRow:
    note = f"{move.before_text} → {move.after_text}" if move.measure else ""
    return PointRow(move.label, note, _points(move.tenths) or Decimal(0))


def _points(tenths: int | None) -> Decimal | None:
    return None if tenths is None else Decimal(tenths) / 10


def moment_of(text: str) -> datetime | None:
    """Return the moment (UTC) that an address names, or None: also where it names none of our time."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
