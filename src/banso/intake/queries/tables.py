"""A file as a table: its columns, and its rows in batches, with the rows that are no rows set aside with the reason."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum, ZipError

from banso.intake.queries import files
from banso.intake.rules import dialects, encodings
from banso.intake.rules.refusals import Refusal, Unreadable

BATCH: Final = 50_000
MOST_EXACT: Final = 1e15  # up to here a double holds every whole number

type Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """A readable file: what it is, and the names of its columns."""

    path: Path
    form: files.Form
    columns: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_row: int = 1
    limits: files.Limits = field(default_factory=files.Limits)


@dataclass(frozen=True)
class Batch:
    """Rows of a table as text: `row`, then one column for each of the table's, named by place (`c0`, `c1`, …)."""

    frame: pl.DataFrame
    refusals: list[Refusal]
    refused: dict[int, list[str]]  # the cells of rows that are no rows


def open_table(
    path: Path, *, encoding: str = "", delimiter: str = "", sheet: str = "", limits: files.Limits | None = None
) -> Table:
    """Find out what a file is and read its header; raises Unreadable with the reason where it is no table."""
    limits = limits or files.Limits()
    form = files.form_of(path)
    if form == "xlsx":
        files.check_workbook(path, limits)
        return _open_workbook(path, sheet, limits)
    if form == "parquet":
        return _open_parquet(path, limits)
    encoding = files.encoding_of(path, form, limits, encoding)
    sample = _sample(path, form, encoding, limits)
    if not sample.strip():
        raise Unreadable("empty_file")
    table = Table(path, form, (), encoding, delimiter or dialects.sniff(sample), limits=limits)
    number, header = _header(_text_rows(table))
    return Table(
        path, form, dialects.checked_header(header), encoding, table.delimiter, header_row=number, limits=limits
    )


def rows(table: Table) -> Iterator[Row]:
    """Yield the rows after the header, numbered as a spreadsheet shows them; rows without any cell are left out."""
    readers = {"xlsx": _sheet_rows, "parquet": _parquet_rows}
    source = readers.get(table.form, _text_rows)(table)
    return ((number, cells) for number, cells in source if number > table.header_row and any(cells))


def batches(table: Table, size: int = BATCH) -> Iterator[Batch]:
    """Yield the rows in batches; what is ragged or holds a NUL is refused row by row."""
    source = rows(table)
    while taken := list(islice(source, size)):
        yield _batch(taken, table.columns)


def head(table: Table, count: int) -> Batch:
    """Return the first rows, for samples and the preview."""
    return _batch(list(islice(rows(table), count)), table.columns)


def _batch(taken: Sequence[Row], columns: Sequence[str]) -> Batch:
    width = len(columns)
    refusals: list[Refusal] = []
    refused: dict[int, list[str]] = {}
    good: list[Row] = []
    for number, cells in taken:
        if len(cells) > width and not any(cells[width:]):
            del cells[width:]
        wrong = _ragged(number, cells, width) or _nul(number, cells, columns)
        if wrong is None:
            good.append((number, cells))
        else:
            refusals.append(wrong)
            refused[number] = cells
    turned = list(zip(*(cells for _, cells in good), strict=True)) or [()] * width
    data: dict[str, pl.Series] = {"row": pl.Series([number for number, _ in good], dtype=pl.Int64)}
    data |= {f"c{place}": pl.Series(cells, dtype=pl.String) for place, cells in enumerate(turned)}
    return Batch(pl.DataFrame(data), refusals, refused)


def _ragged(number: int, cells: list[str], width: int) -> Refusal | None:
    if len(cells) == width:
        return None
    place = min(len(cells), width) + 1
    return Refusal(
        "too_few_cells" if len(cells) < width else "too_many_cells_in_row",
        number,
        dialects.letters(place),
        cells[width] if len(cells) > width else "",
        {"found": len(cells), "expected": width},
    )


def _nul(number: int, cells: list[str], columns: Sequence[str]) -> Refusal | None:
    for place, cell in enumerate(cells):
        if "\x00" in cell:
            return Refusal("nul_character", number, columns[place], cell)
    return None


def _header(source: Iterator[Row]) -> Row:
    for number, cells in source:
        if any(cell.strip() for cell in cells):
            return number, cells
    raise Unreadable("empty_file")


def _sample(path: Path, form: files.Form, encoding: str, limits: files.Limits) -> str:
    first = next(files.chunks(path, form, limits), b"")[: files.SAMPLE]
    text = first.decode(encodings.python_name(encoding), "ignore")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


class _Chunks(io.RawIOBase):
    """The chunks of a file as a stream, so that Python's fast text layer can read them."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = next(self._source, b"")
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)


def _text_rows(table: Table) -> Iterator[Row]:
    raw = io.BufferedReader(_Chunks(files.chunks(table.path, table.form, table.limits)), files.CHUNK)
    text = io.TextIOWrapper(raw, encodings.python_name(table.encoding), errors="strict", newline="")
    reader = csv.reader(_without_mark(text), delimiter=table.delimiter, strict=True)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _broken(error, number + 1, reader.line_num) from error
        number += 1
        if number == 1 and cells and cells[0].lower().startswith("sep=") and len(cells) <= 2:  # noqa: PLR2004
            continue
        yield number, cells


def _without_mark(text: io.TextIOWrapper) -> Iterator[str]:
    for line in text:
        yield line.removeprefix("\ufeff")
        break
    yield from text


def _broken(error: csv.Error, row: int, line: int) -> Unreadable:
    if "field larger" in str(error):
        return Unreadable("giant_cell", row=row, limit=dialects.MAX_CELL)
    return Unreadable("broken_quotes", row=row, line=line)


def _open_workbook(path: Path, sheet: str, limits: files.Limits) -> Table:
    with _workbook(path) as book:
        sheets = tuple(
            one.name
            for one in book.sheets_metadata
            if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
        )
        if sheet and sheet not in sheets:
            raise Unreadable("unknown_sheet", value=sheet, sheets=", ".join(sheets))
        filled = sheet or next((name for name in sheets if book.get_sheet_by_name(name).end), "")
    if not filled:
        raise Unreadable("empty_file")
    table = Table(path, "xlsx", (), sheet=filled, sheets=sheets, limits=limits)
    number, header = _header(_sheet_rows(table))
    columns = dialects.checked_header(header)
    return Table(path, "xlsx", columns, sheet=filled, sheets=sheets, header_row=number, limits=limits)


def _workbook(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError as error:
        raise Unreadable("old_workbook") from error
    except (CalamineError, ZipError) as error:
        raise Unreadable("broken_workbook") from error


def _sheet_rows(table: Table) -> Iterator[Row]:
    with _workbook(table.path) as book:
        try:
            sheet = book.get_sheet_by_name(table.sheet)
        except CalamineError as error:
            raise Unreadable("broken_workbook") from error
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, [as_text(cell) for cell in cells]


def _open_parquet(path: Path, limits: files.Limits) -> Table:
    try:
        names = pl.scan_parquet(path).collect_schema().names()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Unreadable("broken_parquet") from error
    return Table(path, "parquet", dialects.checked_header(names), limits=limits)


def _parquet_rows(table: Table) -> Iterator[Row]:
    """Yield the header, then the rows; values are told as text, as if they had been typed."""
    yield table.header_row, list(table.columns)
    number, unpacked = table.header_row, 0
    try:
        for batch in pl.scan_parquet(table.path).collect_batches(chunk_size=BATCH, lazy=True):
            for values in batch.iter_rows():
                number += 1
                cells = [as_text(value) for value in values]
                unpacked += sum(map(len, cells))
                if unpacked > table.limits.unpacked_bytes:
                    raise Unreadable("too_large_unpacked", limit_mb=table.limits.unpacked_bytes >> 20)
                yield number, cells
    except pl.exceptions.PolarsError as error:
        raise Unreadable("broken_parquet", row=number) from error


def as_text(cell: object) -> str:
    """Return a value as the text that a person would have typed."""
    match cell:
        case None:
            text = ""
        case bool():
            text = "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < MOST_EXACT:
            text = str(int(cell))
        case datetime():
            text = cell.isoformat(sep=" ")
        case date() | time():
            text = cell.isoformat()
        case timedelta():
            text = str(cell.total_seconds())
        case bytes():
            text = cell.decode("utf-8", "replace")
        case list() | dict():
            text = json.dumps(cell, ensure_ascii=False, default=as_text)
        case _:
            text = str(cell)
    return text


def estimated_rows(table: Table) -> int | None:
    """Return about how many rows a table has, by its line ends, for a progress bar; exact is only what was read."""
    if table.form == "xlsx":
        with _workbook(table.path) as book:
            last = book.get_sheet_by_name(table.sheet).end
            return max(0, last[0] + 1 - table.header_row) if last else 0
    if table.form == "parquet":
        return int(pl.scan_parquet(table.path).select(pl.len()).collect().item())
    ends = sum(
        max(chunk.count(b"\n"), chunk.count(b"\r")) for chunk in files.chunks(table.path, table.form, table.limits)
    )
    return max(1, ends - table.header_row)
