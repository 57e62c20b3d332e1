"""What a file is, by its content: text in which encoding, or a workbook that is safe to open."""

import codecs
import gzip
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from banso.intake.rules import encodings
from banso.intake.rules.refusals import Unreadable

CHUNK: Final = 1 << 20
MAX_LINE: Final = 16 << 20
MAX_RATIO: Final = 250  # real sheets shrink to a 5th, with much repetition to a 50th
SMALL: Final = 10 << 20  # below this no ratio is dangerous
MAX_CELLS: Final = 12_000_000
SAMPLE: Final = 256 << 10

_GZIP: Final = b"\x1f\x8b"
_PARQUET: Final = b"PAR1"
_ZIP: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BINARY: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"SQLite format 3",
    b"\x7fELF",
    b"MZ",
    b"Rar!",
    b"7z\xbc\xaf",
    b"BM",
    b"\x28\xb5\x2f\xfd",
)
_MARKUP: Final = re.compile(rb"\s*<(!doctype|html|\?xml|table|svg)", re.IGNORECASE)
_REFERENCE: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d{1,10})["']""")
_ENTITY: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)

type Form = Literal["text", "gzip", "xlsx", "parquet"]


@dataclass(frozen=True)
class Limits:
    """How much a file may hold once it is unpacked."""

    unpacked_bytes: int = 2 << 30
    cells: int = MAX_CELLS


def form_of(path: Path) -> Form:
    """Return what a file is by its first bytes, whatever its name says; raises Unreadable where it is no table."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00\x09\x0a\x0d\x20\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty_file")
    if head.startswith(_GZIP):
        return "gzip"
    if head.startswith(_ZIP):
        return "xlsx"
    if head.startswith(_PARQUET):
        return "parquet"
    if head.startswith(_OLD_OFFICE):
        raise Unreadable("old_workbook")
    if head.startswith(_BINARY) and not _looks_like_words(head):
        raise Unreadable("not_a_table")
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
        raise Unreadable("not_a_table")
    return "text"


def chunks(path: Path, form: Form, limits: Limits) -> Iterator[bytes]:
    """Yield the bytes of a text file, inflated and counted where it is packed."""
    total = 0
    try:
        with gzip.open(path, "rb") if form == "gzip" else path.open("rb") as file:
            while chunk := file.read(CHUNK):
                total += len(chunk)
                if form == "gzip":
                    _check_growth(total, path.stat().st_size, limits)
                yield chunk
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Unreadable("broken_archive") from error


def encoding_of(path: Path, form: Form, limits: Limits, chosen: str = "") -> str:
    """Return the encoding of a whole text file; raises Unreadable with the line where it is mixed or unknown."""
    head = next(chunks(path, form, limits), b"")
    if form == "gzip":
        _check_inner(head)
    mark = encodings.by_mark(head)
    if chosen or mark:
        encoding = chosen or str(mark)
        line = encodings.first_failure(_measured(path, form, limits), encoding)
        if line is not None:
            code = "mixed_encodings" if mark == "utf-8-sig" and not chosen else "wrong_encoding"
            raise Unreadable(code, row=line, encoding=encoding)
        return encoding
    line = encodings.first_failure(_measured(path, form, limits), "utf-8")
    return "utf-8" if line is None else _without_utf8(path, form, limits, line)


def lines(path: Path, form: Form, limits: Limits) -> Iterator[bytes]:
    """Yield the lines of a text file as bytes."""
    rest = b""
    for chunk in chunks(path, form, limits):
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        yield from parts
    if rest:
        yield rest


def check_workbook(path: Path, limits: Limits) -> None:
    """Refuse a workbook that would hurt: bombs, entities, cells far out; and archives that are no workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {member.filename for member in archive.infolist()}
            if "xl/workbook.xml" not in names:
                raise Unreadable("not_a_workbook")
            if sum(member.file_size for member in archive.infolist()) > limits.unpacked_bytes:
                raise Unreadable("too_large_unpacked", limit_mb=limits.unpacked_bytes >> 20)
            for member in archive.infolist():
                _check_member(path, member, limits)
    # zipfile raises NotImplementedError for a packing that it does not know.
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError) as error:
        raise Unreadable("broken_workbook") from error


def _without_utf8(path: Path, form: Form, limits: Limits, line: int) -> str:
    mixed = encodings.mixed_at(lines(path, form, limits))
    if mixed is not None:
        raise Unreadable("mixed_encodings", row=mixed, encoding="utf-8")
    fits = frozenset(
        name
        for name in ("cp932", "euc-jp", "cp1252")
        if encodings.first_failure(chunks(path, form, limits), name) is None
    )
    telling = b"\n".join(islice((one for one in lines(path, form, limits) if not one.isascii()), 5_000))[:SAMPLE]
    encoding = encodings.choose(telling, fits=fits)
    if encoding is None:
        raise Unreadable("unknown_encoding", row=line)
    return encoding


def _measured(path: Path, form: Form, limits: Limits) -> Iterator[bytes]:
    """Yield the chunks, refusing a file with a line that no table has: it would have to be held in memory whole."""
    since_line, number = 0, 1
    for chunk in chunks(path, form, limits):
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        first = since_line + (
            len(chunk) if last < 0 else min(x for x in (chunk.find(b"\n"), chunk.find(b"\r")) if x >= 0)
        )
        if first > MAX_LINE:
            raise Unreadable("giant_row", row=number, limit_mb=MAX_LINE >> 20)
        number += chunk.count(b"\n")
        since_line = first if last < 0 else len(chunk) - last
        yield chunk


def _check_inner(head: bytes) -> None:
    if head.startswith((_GZIP, _ZIP, _PARQUET, _OLD_OFFICE, *_BINARY)) and not _looks_like_words(head):
        raise Unreadable("not_a_table")
    if not head.strip():
        raise Unreadable("empty_file")


def _looks_like_words(head: bytes) -> bool:
    """Tell a table that happens to begin with BM or MZ from a picture or a program."""
    return b"\x00" not in head and head.isascii() and not head.startswith(b"%PDF")


def _check_growth(total: int, packed: int, limits: Limits) -> None:
    if total > limits.unpacked_bytes:
        raise Unreadable("too_large_unpacked", limit_mb=limits.unpacked_bytes >> 20)
    if total > SMALL and total > packed * MAX_RATIO:
        raise Unreadable("bomb", ratio=MAX_RATIO)


def _check_member(path: Path, member: zipfile.ZipInfo, limits: Limits) -> None:
    """Inflate one part by hand, counting what really comes out: what an archive declares of itself may be a lie."""
    if member.flag_bits & 1:
        raise Unreadable("old_workbook")
    is_sheet = member.filename.startswith("xl/worksheets/")
    is_markup = member.filename.endswith((".xml", ".rels"))
    total, widest, longest, tail = 0, 0, 0, b""
    for piece in _inflated(path, member):
        total += len(piece)
        _check_growth(total, member.compress_size, limits)
        window = tail + piece
        if is_markup and _ENTITY.search(window):
            raise Unreadable("entities")
        if is_sheet:
            for letters, row in set(_REFERENCE.findall(window)):
                longest = max(longest, int(row))
                widest = max(widest, _position(letters))
            if longest * widest > limits.cells:
                raise Unreadable("too_many_cells", cells=longest * widest, limit=limits.cells)
        tail = window[-64:]


def _inflated(path: Path, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(member.header_offset)
        header = file.read(30)
        if len(header) < 30 or not header.startswith(_ZIP):  # noqa: PLR2004  # the fixed part of a local header
            raise Unreadable("broken_workbook")
        name_length, extra_length = struct.unpack("<HH", header[26:30])
        file.seek(name_length + extra_length, 1)
        inflate = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
        left = member.compress_size
        while left > 0 and (packed := file.read(min(CHUNK, left))):
            left -= len(packed)
            if inflate is None:
                yield packed
                continue
            while packed:
                yield inflate.decompress(packed, CHUNK)
                packed = inflate.unconsumed_tail


def _position(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
