"""Matrices in words: their bands, their flows, and those that the company keeps with what it says of each cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from banso.health.models import Condition, Matrix, MatrixCell
from banso.health.queries.matrices import AxisRow, axes, label_of, shown_factor, unit_of
from banso.health.rules.matrices import NOT_KNOWN, Asked, Axis


@dataclass(frozen=True)
class AxisChoice:
    """An axis that can be chosen: its name, and by what its values are multiplied when they are shown."""

    axis: Axis
    label: str
    factor: float


@dataclass(frozen=True)
class CellNote:
    """What a company says of a cell: how its customers are, what is done for them, who wrote it and when."""

    row: int
    column: int
    note: str
    play: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class KeptMatrix:
    """A matrix by name, with its notes by row and column."""

    id: int
    name: str
    asked: Asked
    notes: dict[tuple[int, int], CellNote]


def axis_choices() -> list[AxisChoice]:
    """Return all axes by which accounts can be crossed, in the reader's language."""
    return [AxisChoice(axis, axis_name(axis.sort, label_of(count)), shown_factor(count)) for axis, count in axes()]


def entered(asked: Asked, choices: Iterable[AxisChoice]) -> dict[str, object]:
    """Return what a form shows for two axes, cut-offs as they are shown."""
    factors = {one.axis.name: one.factor for one in choices}

    def text(axis: Axis) -> str:
        factor = factors.get(axis.name, 1.0)
        return " ".join(f"{round(cut * factor, 6):g}" for cut in axis.cuts)

    return {
        "rows": asked.rows.name,
        "row_cuts": text(asked.rows),
        "columns": asked.columns.name,
        "column_cuts": text(asked.columns),
        "weeks": asked.weeks,
    }


def kept_matrices() -> list[KeptMatrix]:
    """Return the matrices that the company keeps, by name, with their notes; two queries."""
    found = Matrix.objects.filter(removed_at__isnull=True).order_by("name", "pk")
    return [_kept(one, one.cells.all()) for one in found.prefetch_related("cells__changed_by")]


def kept_matrix(matrix_id: int) -> KeptMatrix | None:
    """Return one of them."""
    return next((one for one in kept_matrices() if one.id == matrix_id), None)


def axis_label(one: AxisRow) -> str:
    """Return what an axis asks, in the reader's language."""
    return axis_name(one.axis.sort, label_of(one.count))


def axis_name(sort: str, measure: str = "") -> str:
    """Return the name of a sort of axis in the reader's language; for a measure its own."""
    names = {
        "score": _("Score"),
        "level": _("Level"),
        "condition": _("Condition"),
        "segment": _("Segment"),
        "stage": _("Stage"),
    }
    return names.get(sort) or measure or _("A measure that is not there any more")


def band_label(one: AxisRow, place: int) -> str:
    """Return a band in words, such as “2 to under 10”."""
    if place == NOT_KNOWN:
        return _("Not known")
    if not one.axis.is_numeric:
        return str(Condition(one.names[place]).label) if one.axis.sort == "condition" else one.names[place]
    if not one.cuts:
        return _("All")
    low = cut_text(one, one.cuts[place - 1]) if place else ""
    high = cut_text(one, one.cuts[place]) if place < len(one.cuts) else ""
    if not low:
        return _("Under %(high)s") % {"high": high}
    if not high:
        return _("%(low)s and more") % {"low": low}
    return _("%(low)s to under %(high)s") % {"low": low, "high": high}


def cut_text(one: AxisRow, cut: float) -> str:
    """Return a cut-off as it is shown, without its unit but for shares."""
    shown = round(cut * shown_factor(one.count), 2)
    text = number_format(shown, 0 if shown == int(shown) else 1, use_l10n=True, force_grouping=True)
    return f"{text}%" if one.count and one.count.unit == "percent" else text


def unit_label(one: AxisRow) -> str:
    """Return the unit of an axis; shares carry theirs in each band."""
    return "" if one.count and one.count.unit == "percent" else unit_of(one.axis, one.count)


def _kept(one: Matrix, cells: Iterable[MatrixCell]) -> KeptMatrix:
    notes = {
        (cell.row, cell.column): CellNote(
            cell.row,
            cell.column,
            cell.note,
            cell.play,
            str(cell.changed_by) if cell.changed_by else "Banso",
            cell.changed_at,
        )
        for cell in cells
    }
    return KeptMatrix(one.pk, one.name, Asked(_axis(one.rows), _axis(one.columns), one.weeks), notes)


def _axis(plain: dict[str, Any]) -> Axis:
    return Axis(plain["sort"], plain["key"], tuple(plain["cuts"]))
