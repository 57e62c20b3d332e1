"""The first rows as they would be taken, with what is wrong in each cell; nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from banso.intake.actions.checking import context_of, judge, sources
from banso.intake.actions.repeats import Repeats
from banso.intake.actions.uploading import open_kept, samples
from banso.intake.models import Import, Kind, State
from banso.intake.queries import folders, tables
from banso.intake.queries.known import Known
from banso.intake.rules import guessing, mapping
from banso.intake.rules.applying import texts_of
from banso.intake.rules.findings import Observer
from banso.intake.rules.refusals import Refusal, Unreadable
from banso.people import queries as people
from banso.people.access import User

SHOWN: Final = 20
SHOWN_REFUSALS: Final = 50
LOOKED_AT: Final = 500
SAMPLES: Final = 3


@dataclass(frozen=True)
class Cell:
    """A fact as it was understood, or as it stood with the refusal."""

    text: str
    refusal: Refusal | None = None


@dataclass(frozen=True)
class PreviewRow:
    """A row by its number, a cell for each fact, and the refusals that belong to no shown cell."""

    number: int
    cells: list[Cell]
    others: list[Refusal]


@dataclass(frozen=True)
class Preview:
    """The first rows; how many were looked at, and how many of them would be refused.

    `facts` are the facts that are shown, each with the column it is read from.
    """

    facts: list[tuple[str, str]]
    rows: list[PreviewRow]
    looked_at: int
    refused: int
    refusals: list[Refusal]


@dataclass(frozen=True)
class FileColumn:
    """A column of the file with its first different values."""

    name: str
    samples: list[str]


def columns_of(one: Import) -> list[FileColumn]:
    """Return the columns of a kept file with samples; raises Unreadable."""
    table = _kept(one)
    values = samples(table, tables.head(table, 50))
    return [
        FileColumn(name, list(dict.fromkeys(one for one in values[name] if one))[:SAMPLES]) for name in table.columns
    ]


def sheets_of(one: Import) -> tuple[str, ...]:
    """Return the sheets of a kept workbook that can be chosen, none for a file of text; raises Unreadable."""
    return _kept(one).sheets if one.sheet else ()


def read_anew(*, import_id: int, kind: str, encoding: str, delimiter: str, sheet: str) -> None:
    """Open a draft's file in another way, or as another kind, and guess its columns again; raises Unreadable.

    Another sheet is taken for what its columns say, where no other kind is asked for with it.
    """
    one = Import.objects.get(pk=import_id)
    table = tables.open_table(
        folders.folder(one.folder) / folders.FILE, encoding=encoding, delimiter=delimiter, sheet=sheet
    )
    values = samples(table, tables.head(table, 200))
    if kind == one.kind and table.sheet != one.sheet:
        kind = guessing.guess_kind(table.columns, values)
    guessed = guessing.guess(kind, table.columns, values)
    one.kind, one.state = Kind(kind), State.DRAFT
    one.encoding, one.delimiter, one.sheet, one.columns = (
        table.encoding,
        table.delimiter,
        table.sheet,
        list(table.columns),
    )
    plain = mapping.as_plain(guessed)
    named = {"encoding": encoding, "delimiter": delimiter, "sheet": sheet}
    one.mapping = plain | {name: value for name, value in named.items() if value}
    one.save(update_fields=["kind", "state", "encoding", "delimiter", "sheet", "columns", "mapping"])


def preview(one: Import, user: User, *, now: datetime) -> Preview:
    """Return the first rows as they would be taken; raises Unreadable, also where there are none, and WrongMap."""
    chosen = mapping.from_plain(one.mapping, kind=one.kind)
    table = _kept(one)
    mapping.check(chosen, table.columns)
    context = context_of(chosen, beside=None, now=now)
    today = people.today(people.company(), now)
    batch = tables.head(table, LOOKED_AT)
    if not batch.frame.height and not batch.refused:
        raise Unreadable("no_rows")
    good, refusals = judge(
        batch,
        table,
        chosen,
        context=context,
        known=Known(user, today=today),
        observer=Observer(one.kind, table.columns, today, sources(chosen)),
        repeats=Repeats(chosen),
    )
    read_from = sources(chosen)
    facts = [(column.to, read_from[column.to]) for column in chosen.columns if column.to in good.columns]
    head = batch.frame.head(SHOWN)
    texts = {
        column.to: texts_of(head, column, table.columns, context).to_list()
        for column in chosen.columns
        if column.to in good.columns
    }
    rows = _rows(head["row"].to_list(), good, texts, facts, refusals, zone=ZoneInfo(context.zone))
    refusals.sort(key=lambda refusal: refusal.row or 0)
    looked_at = batch.frame.height + len(batch.refused)
    return Preview(facts, rows, looked_at, len({refusal.row for refusal in refusals}), refusals[:SHOWN_REFUSALS])


def _rows(
    numbers: Sequence[int],
    good: pl.DataFrame,
    texts: Mapping[str, Sequence[str]],
    facts: Sequence[tuple[str, str]],
    refusals: Sequence[Refusal],
    *,
    zone: ZoneInfo,
) -> list[PreviewRow]:
    typed = {row["row"]: row for row in good.head(SHOWN * 2).to_dicts()}
    by_row: dict[int | None, list[Refusal]] = {}
    for refusal in refusals:
        by_row.setdefault(refusal.row, []).append(refusal)
    rows = []
    for place, number in enumerate(numbers):
        wrong = by_row.get(number, [])
        cells = [
            _cell(typed.get(number), fact, texts[fact][place], refusal=_about({column, fact}, wrong), zone=zone)
            for fact, column in facts
        ]
        shown = {id(cell.refusal) for cell in cells}
        rows.append(PreviewRow(number, cells, [refusal for refusal in wrong if id(refusal) not in shown]))
    return rows


def _kept(one: Import) -> tables.Table:
    chosen = mapping.from_plain(one.mapping, kind=one.kind)
    return open_kept(folders.folder(one.folder) / folders.FILE, chosen=chosen)


def _about(names: set[str], wrong: list[Refusal]) -> Refusal | None:
    return next((one for one in wrong if one.column in names), None)


def _cell(typed: dict[str, object] | None, fact: str, text: str, *, refusal: Refusal | None, zone: ZoneInfo) -> Cell:
    if refusal is not None or typed is None:
        return Cell(text, refusal)
    value = typed[fact]
    if isinstance(value, datetime):
        return Cell(value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"))
    if isinstance(value, bool):
        return Cell("✓" if value else "✕")
    if isinstance(value, date):
        return Cell(value.isoformat())
    if isinstance(value, float):
        return Cell(f"{value:g}")
    return Cell("" if value is None else str(value))
