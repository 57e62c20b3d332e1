"""The list of accounts: filtered, sorted and paged by the database."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import batched
from typing import Any, Final

from django.db.models import F, OrderBy, Q, QuerySet
from django.http import QueryDict

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.desk.queries.adoption import DEFAULT_WINDOW, USES, WINDOWS, Use, accounts_by_use
from banso.health import queries as health
from banso.people.access import User
from banso.shared.numbers import whole_number
from banso.shared.paging import page_count

PAGE_ROWS: Final = 50
EXPORT_ROWS: Final = 1000
MOST_DIGITS: Final = 9  # of a number in an address

# What a list can be sorted by: the parameter, and the column behind it. Worst first is the order that lists open with.
SORTS: Final = {
    "name": "sort_key",
    "health": "score",
    "change": "change",
    "mrr": "mrr",
    "renewal": "renews_on",
    "notice": "notice_by_on",
    "risk": "risk",
    "pulse": "pulse",
    "used": "last_used_on",
    "stage": "stage__position",
    "segment": "segment__position",
    "owner": "owner__name",
}
DEFAULT_SORT: Final = "health"

CONDITIONS: Final = ("poor", "normal", "good", "unknown")


@dataclass(frozen=True)
class Filters:
    """What the address bar says about the list; unknown or malformed values are as if they were not there.

    Of custom fields, though, what makes no sense is named in `faults`: a field may have been deleted since the address
    was kept.
    """

    text: str = ""
    owner: int | None = None
    segment: int | None = None
    stage: int | None = None
    condition: str = ""
    level: int | None = None
    renewal_days: int | None = None
    moved: str = ""  # "down" or "up", by at least five points within a week
    state: str = "current"  # "current", "left" or "all"
    feature: str = ""  # an event's name, and how it is used: "now", "lapsed" or "not", within so many days
    use: Use | None = None
    window: int = DEFAULT_WINDOW
    sort: str = DEFAULT_SORT
    is_descending: bool = False
    custom: tuple[accounts.FieldCondition, ...] = ()
    custom_sort: accounts.FieldSpec | None = None
    faults: tuple[accounts.FilterFault, ...] = ()

    @classmethod
    def read(cls, query: QueryDict, fields: Sequence[accounts.FieldRow] = ()) -> "Filters":
        """Read filters from a query string's parameters, those on custom fields among them."""
        return cls(
            text=query.get("q", "").strip()[:100],
            owner=_number(query, "owner"),
            segment=_number(query, "segment"),
            stage=_number(query, "stage"),
            condition=query.get("condition", "") if query.get("condition", "") in CONDITIONS else "",
            level=_number(query, "level"),
            renewal_days=_number(query, "renewal"),
            moved=query.get("moved", "") if query.get("moved", "") in {"down", "up"} else "",
            state=query.get("state", "current") if query.get("state", "") in {"left", "all"} else "current",
            feature=query.get("feature", ""),
            use=next((use for use in USES if use == query.get("use")), None),
            window=next((days for days in WINDOWS if str(days) == query.get("window")), DEFAULT_WINDOW),
            **_custom(query, {row.key: row.spec for row in fields}),
        )


def _custom(query: QueryDict, specs: Mapping[str, accounts.FieldSpec]) -> dict[str, Any]:
    """Return what an address says of custom fields, and the order, which may be by one."""
    conditions, faults = accounts.read_conditions(
        [(name, value) for name, values in query.lists() for value in values], specs
    )
    asked = query.get("sort", DEFAULT_SORT)
    sort = asked.removeprefix("-")
    custom_sort = specs.get(sort.removeprefix(accounts.PREFIX)) if sort.startswith(accounts.PREFIX) else None
    faults += accounts.gone_fields([sort, *query.getlist("column")], specs)
    is_known = sort in SORTS or custom_sort is not None
    return {
        "sort": sort if is_known else DEFAULT_SORT,
        "is_descending": is_known and asked.startswith("-"),
        "custom": tuple(conditions),
        "custom_sort": custom_sort,
        "faults": tuple({(one.code, str(one.params)): one for one in faults}.values()),
    }


def _number(query: QueryDict, name: str) -> int | None:
    return whole_number(query.get(name, ""), digits=MOST_DIGITS)


@dataclass(frozen=True)
class Line:
    """One account as lists show it. Money in minor units of the company's currency."""

    id: int
    external_id: str
    name: str
    parent_name: str | None
    segment: str | None
    stage: str | None
    owner: str | None
    left_on: date | None
    score: Decimal | None
    change: Decimal | None
    level: int | None
    condition: str
    fields: Mapping[str, Any] = field(default_factory=dict)  # custom ones, by key
    weeks: list[Any] = field(default_factory=list)
    reason: str = ""
    mrr: int | None = None
    renews_on: date | None = None
    notice_by_on: date | None = None
    risk: "health.RiskRow | None" = None
    pulse: int | None = None
    last_used_on: date | None = None
    is_by_hand: bool = False  # somebody has set the score or condition


@dataclass(frozen=True)
class Page:
    """One page of a list, and how much there is in all."""

    lines: list[Line]
    number: int
    total: int
    first: int
    last: int
    pages: int


def page_of(user: User, filters: Filters, *, number: int, today: date, rows: int = PAGE_ROWS) -> Page:
    """Return one page of the accounts that a user may see; three queries at any size."""
    matching = filtered(user, filters, today=today)
    total = matching.count()
    pages = page_count(total, rows)
    number = min(max(1, number), pages)
    start = (number - 1) * rows
    ids = list(ordered(matching, filters, today=today).values_list("pk", flat=True)[start : start + rows])
    return Page(
        lines=lines_of(user, ids, today=today),
        number=number,
        total=total,
        first=start + 1 if total else 0,
        last=start + len(ids),
        pages=pages,
    )


def filtered(user: User, filters: Filters, *, today: date) -> QuerySet[Any]:
    """Return the accounts that a user may see and that the filters let through, in no order."""
    found = _in_state(accounts.visible_to(user), filters.state)
    if filters.text:
        found = found.filter(accounts.matching(filters.text))
    exact = {"owner_id": filters.owner, "segment_id": filters.segment, "stage_id": filters.stage}
    found = found.filter(**{name: value for name, value in exact.items() if value is not None})
    found = accounts.meeting(found, filters.custom)
    if filters.condition:
        found = found.annotate(condition=health.condition_column()).filter(_condition_is(filters.condition))
    if filters.feature and filters.use:
        using = accounts_by_use(filters.feature, filters.use, user, today=today, window=filters.window)
        found = found.filter(pk__in=using)
    if filters.level is not None:
        found = found.annotate(level=health.level_column()).filter(level=filters.level)
    if filters.moved:
        found = found.annotate(change=health.change_column())
        found = found.filter(change__lte=-5) if filters.moved == "down" else found.filter(change__gte=5)
    if filters.renewal_days is not None:
        found = found.annotate(renews_on=contracts.renews_on_column(today)).filter(
            renews_on__range=(today, today + timedelta(days=min(filters.renewal_days, 3650)))
        )
    return found


def ordered(found: QuerySet[Any], filters: Filters, *, today: date) -> QuerySet[Any]:
    """Return accounts in the order asked for; those without a value come last, ties go by primary key."""
    if filters.custom_sort:
        return found.order_by(_by(accounts.field_order(filters.custom_sort), filters), "pk")
    column = SORTS[filters.sort]
    lent: dict[str, Callable[[], Any]] = {
        "score": health.score_column,
        "change": health.change_column,
        "risk": health.risk_column,
        "pulse": health.pulse_column,
        "last_used_on": health.last_used_column,
        "mrr": lambda: contracts.mrr_column(today),
        "renews_on": lambda: contracts.renews_on_column(today),
        "notice_by_on": lambda: contracts.notice_by_column(today),
    }
    if column in lent and column not in found.query.annotations:
        found = found.annotate(**{column: lent[column]()})
    return found.order_by(_by(F(column), filters), "pk")


def lines_of(user: User, ids: Iterable[int], *, today: date) -> list[Line]:
    """Return lines for some accounts in the order of the ids given; two queries."""
    wanted = list(ids)
    rows = (
        accounts.visible_to(user)
        .filter(pk__in=wanted)
        .annotate(
            mrr=contracts.mrr_column(today),
            renews_on=contracts.renews_on_column(today),
            notice_by_on=contracts.notice_by_column(today),
        )
    )
    values = rows.order_by("pk").values(
        "pk",
        "external_id",
        "name",
        "parent__name",
        "segment__name",
        "stage__name",
        "owner__name",
        "left_on",
        "fields",
        "mrr",
        "renews_on",
        "notice_by_on",
    )
    by_id = {row["pk"]: row for row in values}
    standings = health.standings(wanted)
    risks = health.risks(wanted)
    return [_line(by_id[pk], standings.get(pk), risks.get(pk)) for pk in wanted if pk in by_id]


def every_line(user: User, filters: Filters, *, today: date) -> Iterator[Line]:
    """Return all matching lines in order, read a thousand at a time."""
    ids = list(ordered(filtered(user, filters, today=today), filters, today=today).values_list("pk", flat=True))
    for some in batched(ids, EXPORT_ROWS):
        yield from lines_of(user, some, today=today)


def _line(row: Mapping[str, Any], standing: "health.StandingRow | None", risk: "health.RiskRow | None") -> Line:
    return Line(
        id=row["pk"],
        external_id=row["external_id"],
        name=row["name"],
        parent_name=row["parent__name"],
        segment=row["segment__name"],
        stage=row["stage__name"],
        owner=row["owner__name"],
        left_on=row["left_on"],
        fields=row["fields"],
        mrr=row["mrr"],
        renews_on=row["renews_on"],
        notice_by_on=row["notice_by_on"],
        score=standing.score if standing else None,
        change=standing.change if standing else None,
        level=standing.level if standing else None,
        condition=standing.condition if standing else "unknown",
        weeks=standing.weeks if standing else [],
        reason=standing.reason if standing else "",
        risk=risk,
        pulse=standing.pulse if standing else None,
        last_used_on=standing.last_used_on if standing else None,
        is_by_hand=standing is not None and standing.override_id is not None,
    )


def _by(column: Any, filters: Filters) -> OrderBy:
    return OrderBy(column, descending=filters.is_descending, nulls_last=True)


def _in_state(found: QuerySet[Any], state: str) -> QuerySet[Any]:
    if state == "all":
        return found
    return found.filter(left_on__isnull=state != "left")


def _condition_is(condition: str) -> Q:
    if condition == "unknown":
        return Q(condition="unknown") | Q(condition__isnull=True)
    return Q(condition=condition)


def number_in[Default: int | None](text: str, *, default: Default) -> int | Default:
    """Return the whole number that a parameter holds, or the default where it holds none."""
    found = whole_number(text, digits=MOST_DIGITS)
    return default if found is None else found
