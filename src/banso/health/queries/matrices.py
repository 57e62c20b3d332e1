"""Matrices: accounts crossed by two of their measures, and who moved from cell to cell since some weeks ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from banso.accounts import queries as accounts
from banso.health.queries.describing import UNITS
from banso.health.queries.gathering import book, contract_facts, counted_on
from banso.health.queries.keeping import weeks_kept
from banso.health.queries.measures import measures
from banso.health.queries.scorecards import current_scorecard
from banso.health.queries.sorting import sorting
from banso.health.queries.wording import said
from banso.health.rules import Count
from banso.health.rules.matrices import NOT_KNOWN, Asked, Axis, Cell, Flow, Place, bands, cells_of, flows_of, thirds
from banso.people import queries as people
from banso.shared.money import minor_digits

if TYPE_CHECKING:
    from django.db.models import QuerySet

CONDITIONS: Final = ("poor", "normal", "good")
LEVELS: Final = (1, 2, 3, 4)


@dataclass(frozen=True)
class AxisRow:
    """An axis as a matrix shows it: bands by place, the last NOT_KNOWN where anybody falls there.

    `names` are those of segments or stages; `cuts` those of numbers, as used.
    """

    axis: Axis
    count: Count | None
    cuts: tuple[float, ...]
    names: tuple[str, ...]
    places: tuple[int, ...]


@dataclass(frozen=True)
class MatrixRow:
    """A matrix as of the start of a Monday, against the start of an earlier one. Flows: most accounts first."""

    on: date
    since_on: date
    rows: AxisRow
    columns: AxisRow
    cells: tuple[tuple[Cell, ...], ...]
    flows: tuple[Flow, ...]
    accounts: int
    members: "pl.DataFrame"  # account_id, row and column now, row_then, column_then, and the values of both axes now

    def of_cell(self, row: int, column: int) -> pl.DataFrame:
        """Return who is in a cell now."""
        return self.members.filter((pl.col("row") == row) & (pl.col("column") == column))


def axes() -> list[tuple[Axis, Count | None]]:
    """Return what accounts can be crossed by: score, level, condition, segment, stage, and every measure."""
    plain: list[tuple[Axis, Count | None]] = [
        (Axis(sort), None) for sort in ("score", "level", "condition", "stage", "segment")
    ]
    card = current_scorecard()
    counts = {one.key: one.as_count() for one in (card.definition.measures if card else ())}
    counts |= {one.key: one.count for one in measures()}
    return plain + [(Axis("measure", key), count) for key, count in counts.items()]


def shown_factor(count: Count | None) -> float:
    """Return by what values are multiplied when they are shown: shares as percent, money in whole units."""
    if count is None or count.unit not in {"percent", "money"}:
        return 1.0
    return 100.0 if count.unit == "percent" else 10.0 ** -minor_digits(people.company().currency)


def unit_of(axis: Axis, count: Count | None) -> str:
    """Return the unit of an axis in words; nothing where it has none."""
    return str(UNITS[count.unit]) if axis.sort == "measure" and count else ""


def label_of(count: Count | None) -> str:
    """Return the name of a measure in the reader's language; nothing where there is none."""
    return said(count.label) if count else ""


def matrix(asked: Asked, *, today: date, visible: "QuerySet[Any]") -> MatrixRow:
    """Return visible customers crossed by two axes as of this week's Monday, and as of so many weeks before.

    A measure that is not defined any more is known of nobody. Queries and measuring do not depend on how many
    accounts there are.
    """
    on = today - timedelta(days=today.weekday())
    since_on = on - timedelta(weeks=asked.weeks)
    both = (asked.rows, asked.columns)
    counts = {axis.name: count for axis, count in axes()}
    pair = [counts.get(one.name) for one in both]
    frame = _customers([since_on, on], [one for one in pair if one], today, visible)
    crossed = [_axis(axis, count, frame, on) for axis, count in zip(both, pair, strict=True)]
    frame = frame.with_columns(_band(crossed[0], frame).alias("row"), _band(crossed[1], frame).alias("column"))
    members = _members(frame, [since_on, on])
    row_axis, column_axis = (
        _with_places(one, members, name) for one, name in zip(crossed, ("row", "column"), strict=True)
    )
    places = [
        Place(
            before=None if then is None else (then, column_then),
            after=None if now is None else (now, column_now),
            mrr_minor=int(mrr or 0),
        )
        for now, column_now, then, column_then, mrr in members.select(
            "row", "column", "row_then", "column_then", "mrr"
        ).rows()
    ]
    return MatrixRow(
        on=on,
        since_on=since_on,
        rows=row_axis,
        columns=column_axis,
        cells=tuple(map(tuple, cells_of(places, row_axis.places, column_axis.places))),
        flows=tuple(flows_of(places)),
        accounts=sum(one.after is not None for one in places),
        members=members,
    )


def _customers(days: Sequence[date], counts: Sequence[Count], today: date, visible: "QuerySet[Any]") -> pl.DataFrame:
    """Return who was a customer as of each day, with segment, stage, score, level, condition, MRR and the counts."""
    known = book()
    ids = list(visible.order_by("pk").values_list("pk", flat=True))
    facts = contract_facts(days)
    measured = counted_on(counts, days, known.filter(pl.col("account_id").is_in(ids)), facts)
    frame = sorting().as_then(measured, today=today)
    contracted = facts.select("account_id", pl.col("week").alias("on"), "mrr", "is_active")
    frame = frame.join(contracted, on=["account_id", "on"], how="left")
    frame = frame.join(weeks_kept(days), on=["account_id", "on"], how="left")
    frame = frame.join(known.select("account_id", "left_on"), on="account_id", how="left")
    is_customer = pl.col("is_active").fill_null(pl.col("tenths").is_not_null() | pl.col("condition").is_not_null())
    has_left = (pl.col("left_on") <= pl.col("on")).fill_null(value=False)
    return frame.filter(is_customer & ~has_left)


def _axis(axis: Axis, count: Count | None, frame: pl.DataFrame, on: date) -> AxisRow:
    if axis.is_numeric:
        now = frame.filter(pl.col("on") == on)
        cuts = axis.cuts or thirds(_values(axis, now))
        return AxisRow(axis, count, cuts, (), ())
    names = {
        "level": tuple(map(str, LEVELS)),
        "condition": CONDITIONS,
        "segment": tuple(one.name for one in accounts.segments()),
        "stage": tuple(one.name for one in accounts.stages()),
    }[axis.sort]
    return AxisRow(axis, count, (), names, ())


def _values(axis: Axis, frame: pl.DataFrame) -> np.ndarray[Any, np.dtype[np.float64]]:
    if axis.sort == "score":
        return (frame["tenths"].cast(pl.Float64) / 10).fill_null(np.nan).to_numpy()
    if axis.key not in frame.columns:
        return np.full(frame.height, np.nan)
    return frame[axis.key].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _band(one: AxisRow, frame: pl.DataFrame) -> pl.Series:
    if one.axis.is_numeric:
        return pl.Series(bands(_values(one.axis, frame), one.cuts), dtype=pl.Int64)
    place = {name: at for at, name in enumerate(one.names)}
    return (
        frame[one.axis.sort]
        .cast(pl.String)
        .replace_strict(place, default=NOT_KNOWN, return_dtype=pl.Int64)
        .fill_null(NOT_KNOWN)
    )


def _members(frame: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """Return one row for each account: where it stood then, and now; null where it was no customer."""
    then, now = (
        frame.filter(pl.col("on") == day).drop("on", "left_on", "is_active", "segment", "stage", "account")
        for day in days
    )
    before = then.select(
        "account_id",
        pl.col("row").alias("row_then"),
        pl.col("column").alias("column_then"),
        pl.col("mrr").alias("mrr_then"),
    )
    both = now.join(before, on="account_id", how="full", coalesce=True)
    paid = pl.when(pl.col("row").is_not_null()).then("mrr").otherwise("mrr_then")
    return both.with_columns(paid.alias("mrr")).drop("mrr_then").sort("account_id")


def _with_places(one: AxisRow, members: pl.DataFrame, name: str) -> AxisRow:
    seen = set(members[name].drop_nulls()) | set(members[f"{name}_then"].drop_nulls())
    count = len(one.cuts) + 1 if one.axis.is_numeric else len(one.names)
    places = (*range(count), *((NOT_KNOWN,) if NOT_KNOWN in seen else ()))
    return AxisRow(one.axis, one.count, one.cuts, one.names, places)
