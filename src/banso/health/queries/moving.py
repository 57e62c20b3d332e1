"""What moved the scores of a portfolio in seven days: by cause, and account by account in one sentence."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from banso.accounts import queries as accounts
from banso.health.queries.keeping import in_points
from banso.health.queries.scorecards import definitions
from banso.health.queries.standings import StandingRow, of_visible, standing_rows
from banso.health.queries.wording import move_label
from banso.health.rules import Move
from banso.shared import tables
from banso.shared.numbers import whole_number
from banso.shared.paging import page_count

ON_A_PAGE: Final = 50
MOST_CAUSES: Final = 12
LEAST: Final = Decimal(1)  # what moved by less is not worth a line
WAYS: Final[Mapping[str, Q]] = {
    "down": Q(change__lte=-LEAST),
    "up": Q(change__gte=LEAST),
    "all": Q(change__lte=-LEAST) | Q(change__gte=LEAST),
}


@dataclass(frozen=True)
class MovedAsked:
    """What an address asks of the report; what is not understood does not narrow."""

    way: str
    team: int | None
    segment: int | None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "MovedAsked":
        """Read an address."""
        way = given.get("way", "down")
        numbers = [whole_number(given.get(name, ""), digits=18) for name in ("team", "segment")]
        return cls(way if way in WAYS else "down", *numbers)

    def narrowed(self, visible: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of the accounts that are of the team (its own or its members') and in the segment."""
        if self.team is not None:
            visible = visible.filter(Q(team_id=self.team) | Q(owner__teams=self.team))
        return visible if self.segment is None else visible.filter(segment_id=self.segment)


@dataclass(frozen=True)
class CauseRow:
    """A cause over all accounts: its points in all, and how many accounts it moved down and up."""

    label: str
    points: Decimal
    down: int
    up: int


@dataclass(frozen=True)
class MovedPage:
    """A page of the report. Counts are of accounts whose score moved by a point or more."""

    rows: list[tuple[StandingRow, str]]
    causes: list[CauseRow]
    counts: Mapping[str, int]
    on: date | None
    number: int
    pages: int
    total: int
    first: int
    last: int


def moved_page(visible: QuerySet[Any], asked: MovedAsked, *, number: int) -> MovedPage:
    """Return whose score moved, the greatest change first, and what moved all of them; six queries."""
    present = of_visible(asked.narrowed(visible)).filter(left_on__isnull=True, change__isnull=False)
    counts = present.order_by().aggregate(**{way: Count("pk", filter=found) for way, found in WAYS.items()})
    total = counts[asked.way]
    pages = page_count(total, ON_A_PAGE)
    at = min(number, pages)
    start = (at - 1) * ON_A_PAGE
    rows = standing_rows(_ordered(present, asked)[start : start + ON_A_PAGE])
    newest = present.order_by("-as_of_on", "pk").values_list("as_of_on", flat=True).first()
    return MovedPage(
        rows=_named(rows),
        causes=_causes(present),
        counts=counts,
        on=newest,
        number=at,
        pages=pages,
        total=total,
        first=start + 1 if rows else 0,
        last=start + len(rows),
    )


def moved_sheet(visible: QuerySet[Any], asked: MovedAsked, *, form: tables.Form, today: date) -> tables.Export:
    """Return all accounts that the report is narrowed to as CSV or Excel, in its order."""
    present = of_visible(asked.narrowed(visible)).filter(left_on__isnull=True, change__isnull=False)
    header = [_("Account"), _("Score a week before"), _("Score"), _("Change"), _("Condition"), _("Why")]
    rows = _named(standing_rows(_ordered(present, asked)))
    return tables.export(form, header, _cells(rows), name=f"moved-{today:%Y%m%d}")


def _ordered(present: QuerySet[Any], asked: MovedAsked) -> QuerySet[Any]:
    order = "-change" if asked.way == "up" else "change"
    return present.filter(WAYS[asked.way]).order_by(order, "account_id")


def _named(rows: Sequence[StandingRow]) -> list[tuple[StandingRow, str]]:
    names = accounts.names_of([row.account_id for row in rows])
    return [(row, names.get(row.account_id, "")) for row in rows]


def _cells(rows: Sequence[tuple[StandingRow, str]]) -> Iterator[list[Any]]:
    for row, name in rows:
        yield [name, row.score_week_ago, row.score, row.change, row.condition, row.reason]


def _causes(present: QuerySet[Any]) -> list[CauseRow]:
    """Return what moved scores, the greatest loss and gain first; one query for all accounts, one for definitions."""
    found = list(present.order_by("account_id").values_list("scorecard_id", "moves"))
    known = definitions({card for card, _moves in found})
    measures = {card: {one.key: one for one in of.measures} for card, of in known.items()}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for card, moves in found:
        for move in moves:
            one = Move(**move)
            of = sums[move_label(one, measures[card])]
            of[0] += one.tenths
            of[1 if one.tenths < 0 else 2] += 1
    rows = [CauseRow(label, in_points(tenths) or Decimal(0), down, up) for label, (tenths, down, up) in sums.items()]
    return sorted(rows, key=lambda row: (-abs(row.points), row.label))[:MOST_CAUSES]
