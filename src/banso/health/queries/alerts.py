"""Alerts as lists and pages show them: what is open, what rests, what is over, and what an account did."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.health.models import Alert, Outlook, Snooze
from banso.shared import money, tables
from banso.shared.numbers import whole_number
from banso.shared.paging import page_count

PAGE_ROWS: Final = 50
EXPORT_ROWS: Final = 1000
TABS: Final = ("open", "snoozed", "closed")
SORTS: Final[Mapping[str, str]] = {
    "account": "account__sort_key",
    "size": "size",
    "since": "since_on",
    "seen": "seen_on",
    "mrr": "mrr",
    "owner": "account__owner__name",
}
DEFAULT_SORT: Final = "-mrr"
CLOSE: Final = timedelta(weeks=12)
_SAME: Final = (
    *("id", "account_id", "kind", "reason", "since_on", "seen_on", "size", "low", "high", "usual", "latest"),
    *("as_of_on", "raised_at", "closed_at", "closing", "note"),
)


@dataclass(frozen=True)
class AlertAsked:
    """How the list of alerts is narrowed and ordered, as its address says."""

    tab: str = "open"
    text: str = ""
    owner: int | None = None
    sort: str = DEFAULT_SORT

    @classmethod
    def read(cls, said: Mapping[str, str]) -> "AlertAsked":
        """Return what an address asks for; what is not understood asks for nothing."""
        sort = said.get("sort", "")
        return cls(
            tab=said["tab"] if said.get("tab") in TABS else "open",
            text=said.get("q", "").strip()[:200],
            owner=whole_number(said.get("owner", ""), digits=18),
            sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
        )


@dataclass(frozen=True)
class AlertLine:
    """One alert: `size` is the change against what was expected, `usual` and `latest` events of the last whole week."""

    id: int
    account_id: int
    account_external_id: str
    account: str
    owner: str
    kind: str
    reason: str
    since_on: date
    seen_on: date
    size: float
    low: float
    high: float
    usual: float
    latest: float
    as_of_on: date
    raised_at: datetime
    mrr: int
    snoozed_until_on: date | None
    snoozed_by: str
    snooze_reason: str
    closed_at: datetime | None
    closing: str
    closing_label: str
    closed_by: str
    note: str
    course: tuple[tuple[date, float | None, float | None, float | None, float | None], ...]

    @property
    def state(self) -> str:
        """Return open, snoozed or closed."""
        if self.closed_at is not None:
            return "closed"
        return "open" if self.snoozed_until_on is None else "snoozed"


@dataclass(frozen=True)
class AlertPage:
    """One page of alerts, with how many each tab has."""

    lines: list[AlertLine]
    counts: dict[str, int]
    number: int
    pages: int
    total: int
    first: int
    last: int


@dataclass(frozen=True)
class MonthLine:
    """A small account: events of the last four weeks, of four usual ones, their ratio with its 80 % interval."""

    account_id: int
    account: str
    last: float
    usual: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class OutlookRow:
    """What the last watching rested on; `outages` are Mondays with what all accounts still did, as a share."""

    as_of_on: date
    computed_at: datetime
    alarms_a_year: float
    watched: int
    small: int
    quiet_weeks: int
    needed_weeks: int
    outages: tuple[tuple[date, float], ...]

    @property
    def missing_weeks(self) -> int:
        """Return how many more account-weeks are needed before alarms can be told from noise."""
        return max(0, self.needed_weeks - self.quiet_weeks)


def alert_page(viewer: accounts.Viewer, asked: AlertAsked, *, number: int, today: date) -> AlertPage:
    """Return one page of the alerts that somebody may see."""
    every = _narrowed(viewer, asked, today)
    counts = every.order_by().aggregate(**{tab: Count("pk", filter=_tab(tab)) for tab in TABS})
    total = counts[asked.tab]
    pages = page_count(total, PAGE_ROWS)
    number = min(max(1, number), pages)
    start = (number - 1) * PAGE_ROWS
    lines = [_line(row) for row in _ordered(every, asked)[start : start + PAGE_ROWS]]
    return AlertPage(lines, counts, number, pages, total, start + 1 if lines else 0, start + len(lines))


def alerts_shown(found: "QuerySet[Alert]", *, today: date) -> list[AlertLine]:
    """Return alerts as lines, in the order of their number."""
    return [_line(row) for row in _told(found, today).order_by("pk")]


def alert_with(viewer: accounts.Viewer, alert_id: int, *, today: date) -> AlertLine | None:
    """Return one alert, or None where it does not exist or is of an account that the viewer may not see."""
    found = accounts.within_reach(viewer, _told(Alert.objects.filter(pk=alert_id), today)).first()
    return None if found is None else _line(found)


def alerts_of(account_ids: Iterable[int], *, today: date) -> list[AlertLine]:
    """Return the alerts of some accounts that are not closed, newest first."""
    found = Alert.objects.filter(account_id__in=list(account_ids), closed_at__isnull=True)
    return [_line(row) for row in _told(found, today).order_by("-seen_on", "-pk")]


def alerting(today: date) -> "QuerySet[Alert]":
    """Lend the alerts that are open and do not rest: `account`, `seen_on`."""
    return Alert.objects.filter(~Exists(_resting(today)), closed_at__isnull=True).order_by()


def outlook() -> OutlookRow | None:
    """Return what the last watching rested on; None before the first."""
    found = Outlook.objects.order_by("-computed_at", "pk").defer("months").first()
    if found is None:
        return None
    return OutlookRow(
        found.as_of_on,
        found.computed_at,
        float(found.alarms_a_year),
        found.watched,
        found.small,
        found.quiet_weeks,
        found.needed_weeks,
        tuple((date.fromisoformat(monday), share) for monday, share in found.outages),
    )


def small_accounts(viewer: accounts.Viewer, *, number: int) -> tuple[list[MonthLine], int, int, int]:
    """Return a page of small accounts, the deepest fall first; its number, how many pages, and how many accounts."""
    kept = Outlook.objects.order_by("-computed_at", "pk").values_list("months", flat=True).first() or []
    known = [row for row in kept if row[3] is not None]
    names = dict(
        accounts.visible_to(viewer).filter(pk__in=[row[0] for row in known]).order_by("pk").values_list("pk", "name")
    )
    rows = [MonthLine(row[0], names[row[0]], *row[1:]) for row in known if row[0] in names]
    pages = page_count(len(rows), PAGE_ROWS)
    number = min(max(1, number), pages)
    return rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS], number, pages, len(rows)


def course_chart(line: AlertLine) -> dict[str, Any]:
    """Return the chart of an alert: what came, what was expected with its band, and when it changed and was seen."""
    seen_week = max((row[0] for row in line.course if row[0] < line.seen_on), default=line.since_on)
    names = (_("Events"), _("Expected"), _("1 in 10 is lower"), _("1 in 10 is higher"))
    days = [row[0] for row in line.course]
    # Labels of marks that stand close together would lie upon each other: the first then speaks for both.
    is_close = seen_week - line.since_on < CLOSE
    fell, seen = (_("Fell, then seen"), "") if is_close else (_("Fell"), _("Seen"))
    marks = [{"x": line.since_on, "label": fell}, {"x": seen_week, "label": seen}]
    return {
        "kind": "line",
        "x": days,
        "x_label": _("Week from"),
        "series": [
            {"name": name, "values": [row[place] for row in line.course]} for place, name in enumerate(names, start=1)
        ],
        "marks": [mark for mark in marks if mark["x"] in days],
        "min": 0,
    }


def alert_sheet(
    viewer: accounts.Viewer, asked: AlertAsked, *, form: tables.Form, today: date, currency: str
) -> tables.Export:
    """Return all alerts that are asked for, and that somebody may see, as CSV or Excel."""
    found = _ordered(_narrowed(viewer, asked, today), asked)
    lines = (_line(row) for row in found.defer("course").iterator(EXPORT_ROWS))
    return tables.export(form, _header(), _cells(lines, currency), name=f"alerts-{today:%Y%m%d}")


def _header() -> list[str]:
    return [
        _("Account ID"),
        _("Account"),
        _("Owner"),
        _("Changed in the week from"),
        _("Seen on"),
        _("Change (%)"),
        _("Change, low (%)"),
        _("Change, high (%)"),
        _("Events of the last week"),
        _("Events expected"),
        _("State"),
        _("Snoozed until"),
        _("Note"),
        _("Monthly revenue"),
        _("Currency"),
        _("As of"),
    ]


def _cells(lines: Iterable[AlertLine], currency: str) -> Iterator[list[Any]]:
    states = {"open": _("To look at"), "snoozed": _("Snoozed")}
    for line in lines:
        changes = [round(100 * value, 1) for value in (line.size, line.low, line.high)]
        who = [line.account_external_id, line.account, line.owner, line.since_on, line.seen_on]
        what = [line.latest, round(line.usual, 1), states.get(line.state, line.closing_label), line.snoozed_until_on]
        revenue = [money.major(line.mrr, currency), currency]
        yield [*who, *changes, *what, line.snooze_reason or line.note, *revenue, line.as_of_on]


def _narrowed(viewer: accounts.Viewer, asked: AlertAsked, today: date) -> "QuerySet[Alert]":
    found = accounts.within_reach(viewer, _told(Alert.objects.all(), today))
    if asked.text:
        found = found.filter(account__in=accounts.visible_to(viewer).filter(accounts.matching(asked.text)))
    return found if asked.owner is None else found.filter(account__owner=asked.owner)


def _told(found: "QuerySet[Alert]", today: date) -> "QuerySet[Alert]":
    """Add what lines say of the account, and of the rest that an alert has."""
    rest = _resting(today).order_by("-made_at", "-pk")
    return found.select_related("account__owner", "closed_by").annotate(
        mrr=contracts.mrr_column(today, account="account_id"),
        rests_until_on=Subquery(rest.values("until_on")[:1]),
        rest_reason=Subquery(rest.values("reason")[:1]),
        rest_by=Subquery(rest.values("made_by__name")[:1]),
    )


def _resting(today: date) -> "QuerySet[Snooze]":
    return Snooze.objects.filter(alert=OuterRef("pk"), ended_at__isnull=True, until_on__gt=today)


def _tab(tab: str) -> Q:
    return {
        "open": Q(closed_at__isnull=True, rests_until_on__isnull=True),
        "snoozed": Q(closed_at__isnull=True, rests_until_on__isnull=False),
        "closed": Q(closed_at__isnull=False),
    }[tab]


def _ordered(found: "QuerySet[Alert]", asked: AlertAsked) -> "QuerySet[Alert]":
    column = F(SORTS[asked.sort.removeprefix("-")])
    by = column.desc(nulls_last=True) if asked.sort.startswith("-") else column.asc(nulls_last=True)
    return found.filter(_tab(asked.tab)).order_by(by, "size", "pk")


def _line(row: Any) -> AlertLine:
    """Return a line of an alert with what `_told` added."""
    return AlertLine(
        **{name: getattr(row, name) for name in _SAME},
        account_external_id=row.account.external_id,
        account=row.account.name,
        owner=row.account.owner.name if row.account.owner else "",
        mrr=int(row.mrr or 0),
        snoozed_until_on=row.rests_until_on,
        snoozed_by=row.rest_by or "",
        snooze_reason=row.rest_reason or "",
        closing_label=str(row.get_closing_display()) if row.closing else "",
        closed_by=row.closed_by.name if row.closed_by else "",
        course=_course(row),
    )


def _course(row: Alert) -> tuple[tuple[date, float | None, float | None, float | None, float | None], ...]:
    if "course" in row.get_deferred_fields():
        return ()
    return tuple((date.fromisoformat(monday), *figures) for monday, *figures in row.course)
