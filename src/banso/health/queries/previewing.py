"""What a definition would say today, beside what the one in force says: nothing of it is kept."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from banso.accounts import queries as accounts
from banso.health.models import Standing
from banso.health.queries.gathering import as_of, book, contract_facts
from banso.health.queries.keeping import in_points
from banso.health.queries.scorecards import current_scorecard
from banso.health.queries.scoring import with_scores
from banso.health.queries.standings import Distribution, distribution_of
from banso.health.queries.wording import said
from banso.health.rules import Definition

if TYPE_CHECKING:
    from django.db.models import QuerySet

CONDITIONS: Final = ("good", "normal", "poor", "unknown")
_SHOWN: Final = ("account_id", "segment", "tenths", "level", "condition")


@dataclass(frozen=True)
class MovedRow:
    """An account whose level or condition would be another. Scores 0–100, None where not known."""

    account_id: int
    name: str
    segment: str
    before: Decimal | None
    after: Decimal | None
    change: Decimal | None
    level_before: int | None
    level_after: int | None
    condition_before: str
    condition_after: str


@dataclass(frozen=True)
class SegmentRow:
    """Of how many accounts in a segment (empty: in none) how many would change, and how many fall or rise."""

    segment: str
    accounts: int
    changed: int
    worse: int
    better: int


@dataclass(frozen=True)
class Preview:
    """How accounts are spread before and after, whose condition changes, and of how many each measure is known.

    `moved` has who changes level or condition, the greatest fall first; `coverage` pairs of measure and share 0–1.
    """

    before: Distribution
    distribution: Distribution
    changed: int
    moved: tuple[MovedRow, ...]
    segments: tuple[SegmentRow, ...]
    coverage: tuple[tuple[str, float], ...]
    accounts: int


def preview(definition: Definition, *, on: date, visible: "QuerySet[Any]") -> Preview:
    """Return what a definition would say of visible accounts as of a day; without one in force all would be new."""
    known, facts = book(), contract_facts([on])
    gone = set(Standing.objects.filter(left_on__lte=on).order_by("pk").values_list("account_id", flat=True))
    gone |= set(known.filter(known["left_on"] <= on)["account_id"])
    ids = set(visible.order_by("pk").values_list("pk", flat=True)) - gone
    card = current_scorecard()
    known = known.filter(~pl.col("account_id").is_in(list(gone)))

    def judged(by: Definition) -> pl.DataFrame:
        scored = with_scores(by, as_of(by, [on], known, facts).frame, facts, 0)
        return scored.filter(pl.col("account_id").is_in(list(ids)))

    after = judged(definition)
    before = judged(card.definition) if card else after.clear()
    rows = _moved(before, after)
    return Preview(
        before=_distribution(before),
        distribution=_distribution(after),
        changed=sum(one.condition_before != one.condition_after for one in rows),
        moved=tuple(sorted(rows, key=_by_change)),
        segments=tuple(_segments(after, rows)),
        coverage=tuple(
            (said(measure.label), float(after[measure.key].is_not_null().sum()) / max(after.height, 1))
            for measure in definition.measures
        ),
        accounts=after.height,
    )


def _moved(before: pl.DataFrame, after: pl.DataFrame) -> list[MovedRow]:
    both = after.select(_SHOWN).join(before.select(_SHOWN), on="account_id", how="left", suffix="_was")
    both = both.with_columns(pl.col("condition_was").fill_null("unknown"))
    is_other = pl.col("level").ne_missing(pl.col("level_was")) | (pl.col("condition") != pl.col("condition_was"))
    found = both.filter(is_other).rows(named=True)
    names = accounts.names_of({row["account_id"] for row in found})
    return [_row(row, names.get(row["account_id"], "")) for row in found]


def _row(row: dict[str, Any], name: str) -> MovedRow:
    was, now = row["tenths_was"], row["tenths"]
    return MovedRow(
        account_id=row["account_id"],
        name=name,
        segment=row["segment"] or "",
        before=in_points(was),
        after=in_points(now),
        change=None if was is None or now is None else in_points(now - was),
        level_before=row["level_was"],
        level_after=row["level"],
        condition_before=row["condition_was"],
        condition_after=row["condition"],
    )


def _by_change(row: MovedRow) -> tuple[bool, Decimal, int]:
    return row.change is None, row.change or Decimal(0), row.account_id


def _segments(after: pl.DataFrame, rows: Iterable[MovedRow]) -> list[SegmentRow]:
    moved = list(rows)
    changed = Counter(one.segment for one in moved)
    worse = Counter(one.segment for one in moved if one.change is not None and one.change < 0)
    better = Counter(one.segment for one in moved if one.change is not None and one.change > 0)
    total = Counter(segment or "" for segment in after["segment"].to_list())
    return [SegmentRow(name, total[name], changed[name], worse[name], better[name]) for name in sorted(total)]


def _distribution(rows: pl.DataFrame) -> Distribution:
    conditions = dict.fromkeys(CONDITIONS, 0) | dict(Counter(rows["condition"].to_list()))
    pairs = rows.select("tenths", "level").rows()
    return distribution_of([(in_points(tenths), level) for tenths, level in pairs], conditions)
