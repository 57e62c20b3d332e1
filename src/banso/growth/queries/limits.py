"""Limits as lists and pages show them: what passes first, filtered, paged, and what one account has."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.growth.models import Standing
from banso.growth.rules import NEEDED_DAYS, SOON_DAYS, Basis
from banso.shared.numbers import whole_number
from banso.shared.paging import page_count

PAGE_ROWS: Final = 50
AHEAD_DAYS: Final = 90
# What the list can be narrowed to, in the order of its tabs.
TABS: Final = ("all", "over", "soon", "ahead", "unlinked", "too_little")
SORTS: Final[Mapping[str, str]] = {
    "account": "account__sort_key",
    "crosses": "crosses_on",
    "share": "share",
    "mrr": "mrr",
    "owner": "account__owner__name",
}
DEFAULT_SORT: Final = "crosses"
PLACES: Final = ("over", "expected", "unlikely", "too_little", "unlinked")
# A limit passed so long ago is no news any more, though it still stands.
NEWS_DAYS: Final = 14


@dataclass(frozen=True)
class LimitLine:
    """Where one quantity of an account stands, in words and days; `mrr` in the company's currency.

    `days_left` until it passes: below zero since it is over.
    """

    line_id: int
    contract_id: int
    account_id: int
    account_external_id: str
    account: str
    owner: str
    name: str
    unit: str
    meter: str
    counting: str
    used: float
    limit: int
    share: float | None
    state: str
    state_label: str
    starts_on: date
    ends_on: date | None
    counted_since_on: date | None
    crosses_on: date | None
    low_on: date | None
    high_on: date | None
    probability: float | None
    history_days: int
    missing_days: int
    as_of_on: date
    mrr: int
    days_left: int | None

    @property
    def is_open(self) -> bool:
        """Return whether the interval reaches beyond the horizon."""
        return self.state == "expected" and self.high_on is None

    @property
    def tone(self) -> str:
        """Return the colour that the share is drawn in."""
        return {"over": "poor", "expected": "warn", "unlikely": "info"}.get(self.state, "unknown")


@dataclass(frozen=True)
class LimitPage:
    """One page of the list, and how many there are behind each tab."""

    lines: list[LimitLine]
    number: int
    pages: int
    total: int
    first: int
    last: int
    counts: dict[str, int]
    as_of_on: date | None


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to and sorted by, as the address says."""

    tab: str = "all"
    text: str = ""
    owner: int | None = None
    sort: str = DEFAULT_SORT
    is_descending: bool = False

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Asked":
        """Return what an address asks for; what it cannot mean is left out."""
        sort = given.get("sort", DEFAULT_SORT)
        return cls(
            tab=given.get("tab", "all") if given.get("tab") in TABS else "all",
            text=given.get("q", "").strip(),
            owner=whole_number(given.get("owner", ""), digits=9),
            sort=sort.removeprefix("-") if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
            is_descending=sort.startswith("-"),
        )


def limit_page(viewer: accounts.Viewer, asked: Asked, *, number: int, today: date) -> LimitPage:
    """Return one page of the limits of current customers within reach; three queries at any size."""
    found = _asked(viewer, asked, today)
    tabs = {name: Count("pk", filter=_tab(name, today)) for name in TABS}
    counts = found.aggregate(**tabs)
    total = counts[asked.tab]
    pages = page_count(total, PAGE_ROWS)
    number = min(max(1, number), pages)
    start = (number - 1) * PAGE_ROWS
    rows = _ordered(found.filter(_tab(asked.tab, today)), asked)[start : start + PAGE_ROWS]
    lines = [_line(row, today) for row in rows]
    return LimitPage(
        lines=lines,
        number=number,
        pages=pages,
        total=total,
        first=start + 1 if lines else 0,
        last=start + len(lines),
        counts=counts,
        as_of_on=lines[0].as_of_on if lines else None,
    )


def every_limit(viewer: accounts.Viewer, asked: Asked, *, today: date) -> Iterator[LimitLine]:
    """Yield all limits that are asked for, in the order of the list."""
    found = _ordered(_asked(viewer, asked, today).filter(_tab(asked.tab, today)), asked)
    return (_line(row, today) for row in found.iterator(chunk_size=1000))


def limits_of(account_ids: Iterable[int], *, today: date) -> list[LimitLine]:
    """Return the limits of some accounts, what passes first before the others; one query."""
    return shown(Standing.objects.filter(account__in=list(account_ids)), today=today)


def shown(found: "QuerySet[Standing]", *, today: date) -> list[LimitLine]:
    """Return standings as lists show them, what passes first before the others; one query."""
    return [_line(row, today) for row in _ordered(_with_names(found, today), Asked())]


def passing(today: date, *, within_days: int) -> "QuerySet[Standing]":
    """Lend the limits that are passed within so many days, or just were: `account_id` and `crosses_on`."""
    days = (today - timedelta(days=NEWS_DAYS), today + timedelta(days=within_days))
    return Standing.objects.filter(state__in=("over", "expected"), crosses_on__range=days).order_by()


def _asked(viewer: accounts.Viewer, asked: Asked, today: date) -> "QuerySet[Standing]":
    visible = accounts.visible_to(viewer).filter(left_on__isnull=True)
    if asked.text:
        visible = visible.filter(accounts.matching(asked.text))
    if asked.owner is not None:
        visible = visible.filter(owner_id=asked.owner)
    return _with_names(Standing.objects.filter(account__in=visible.order_by().values("pk")), today)


def _with_names(found: "QuerySet[Standing]", today: date) -> "QuerySet[Standing]":
    # The money of an account that is listed may be shown with it.
    whole = (
        accounts.visible_to(accounts.EVERYTHING)
        .filter(pk=OuterRef("account_id"))
        .annotate(now=contracts.mrr_column(today))
    )
    named = found.select_related("line", "account__owner")
    return named.annotate(mrr=Subquery(whole.order_by("pk").values("now")[:1]))


def _tab(name: str, today: date) -> Q:
    by_name = {
        "all": Q(),
        "over": Q(state="over"),
        "soon": Q(state="expected", crosses_on__lte=today + timedelta(days=SOON_DAYS)),
        "ahead": Q(state="expected", crosses_on__lte=today + timedelta(days=AHEAD_DAYS)),
        "unlinked": Q(state="unlinked"),
        "too_little": Q(state="too_little"),
    }
    return by_name[name]


def _ordered(found: "QuerySet[Standing]", asked: Asked) -> "QuerySet[Standing]":
    place = Case(
        *(When(state=state, then=Value(at)) for at, state in enumerate(PLACES)),
        default=Value(len(PLACES)),
        output_field=IntegerField(),
    )
    column = F(SORTS[asked.sort])
    by = column.desc(nulls_last=True) if asked.is_descending else column.asc(nulls_last=True)
    if asked.sort == DEFAULT_SORT and not asked.is_descending:
        return found.order_by(place, by, F("low_on").asc(nulls_last=True), F("share").desc(nulls_last=True), "pk")
    return found.order_by(by, "pk")


def _line(row: Standing, today: date) -> LimitLine:
    said: dict[str, Any] = {
        name: getattr(row, name)
        for name in (
            "account_id",
            "line_id",
            "used",
            "limit",
            "share",
            "state",
            "starts_on",
            "ends_on",
            "counted_since_on",
            "crosses_on",
            "low_on",
            "high_on",
            "probability",
            "history_days",
            "as_of_on",
        )
    }
    basis = Basis.read(row.basis)
    return LimitLine(
        **said,
        contract_id=row.line.contract_id,
        account_external_id=row.account.external_id,
        account=row.account.name,
        owner=row.account.owner.name if row.account.owner else "",
        name=row.line.name or str(row.line.get_kind_display()),
        unit=row.line.unit,
        meter=basis.meter,
        counting=basis.counting,
        state_label=str(row.get_state_display()),
        missing_days=max(0, NEEDED_DAYS - row.history_days),
        mrr=int(row.mrr or 0),  # type: ignore[attr-defined]  # annotated
        days_left=None if row.crosses_on is None else (row.crosses_on - today).days,
    )
