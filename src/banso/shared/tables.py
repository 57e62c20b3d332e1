"""Tables that leave the house, as CSV or Excel: streamed, and nothing in them is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import batched
from tempfile import SpooledTemporaryFile
from typing import Final, Literal

from openpyxl import Workbook

from banso.shared.text import clean

type Form = Literal["csv", "xlsx"]

CONTENT_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Excel in Japanese takes the full-width signs for the narrow ones.
_STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"  # without it Excel reads UTF-8 as the country's old encoding
_CHUNK_ROWS: Final = 500
_CHUNK_BYTES: Final = 65_536
_IN_MEMORY_BYTES: Final = 4_000_000
_CELL_LENGTH: Final = 32_767  # Excel's own limit


@dataclass(frozen=True)
class Export:
    """A table on its way out: the file's name, what it is, and its bytes piece by piece."""

    file_name: str
    content_type: str
    chunks: Iterator[bytes]


def export(form: Form, header: Sequence[str], rows: Iterable[Sequence[object]], *, name: str) -> Export:
    """Return a table as a file called `name` with the suffix of its form; rows are read while it is sent."""
    chunks = csv_chunks(header, rows) if form == "csv" else xlsx_chunks(header, rows)
    return Export(f"{name}.{form}", CONTENT_TYPES[form], chunks)


def neutral(text: str) -> str:
    """Return text that no spreadsheet runs: cleaned, and with a leading `'` where it would begin a formula."""
    # The first character counts before cleaning: a carriage return would be gone after it.
    return (
        f"'{clean(text)}"
        if text.startswith(_STARTS_FORMULA) or clean(text).startswith(_STARTS_FORMULA)
        else clean(text)
    )


def csv_chunks(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a table as CSV (RFC 4180) in UTF-8 with a byte order mark; numbers plain, days and moments in ISO 8601."""
    yield _BYTE_ORDER_MARK
    for some in batched(_with_header(header, rows), _CHUNK_ROWS):
        text = io.StringIO()
        csv.writer(text).writerows([_as_text(cell) for cell in row] for row in some)
        yield text.getvalue().encode()


def xlsx_chunks(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a table as an Excel workbook of one sheet; numbers and days keep their type."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Banso")
    for row in _with_header(header, rows):
        sheet.append([_as_cell(cell) for cell in row])
    with SpooledTemporaryFile(_IN_MEMORY_BYTES) as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _with_header(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    yield header
    yield from rows


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, int | float):
        return str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return neutral(str(cell))


def _as_cell(cell: object) -> object:
    if cell is None or isinstance(cell, bool | int | float | Decimal):
        return cell
    if isinstance(cell, datetime) and cell.tzinfo is not None:
        return cell.isoformat()  # a workbook knows no offsets
    if isinstance(cell, date):
        return cell
    return neutral(str(cell))[:_CELL_LENGTH]
