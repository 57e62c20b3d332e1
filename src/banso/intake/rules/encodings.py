"""Which encoding a text file has: by its marks, else by what its bytes can be; mixed files are found out by line."""

import codecs
import re
from collections.abc import Iterable
from typing import Final

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a person may choose on the page or in a map; Python's name for each.
KNOWN: Final = ("utf-8", "utf-8-sig", "cp932", "euc-jp", "utf-16-le", "utf-16-be", "cp1252")
# EUC-JP as Windows and old UNIX programs write it.
PYTHON: Final = {"euc-jp": "euc_jis_2004"}
# Three-byte sequences of kana, CJK and full-width forms: Japanese in UTF-8, hardly ever anything in other encodings.
_JAPANESE_UTF8: Final = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}|\xef[\xbc-\xbe][\x80-\xbf])")
_KANA: Final = re.compile("[\u3041-\u30ff]")
_LONE_KANJI: Final = re.compile('(?<=[A-Za-z])[\u3400-\u9fff](?=[A-Za-z,;\t\\s"]|$)')
_NOT_ASCII: Final = re.compile("[^\x00-\x7f]")
_ENOUGH: Final = 0.3


def by_mark(head: bytes) -> str | None:
    """Return the encoding that a byte order mark, or the zero bytes of plain letters in UTF-16, give away."""
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    sample = head[: len(head) // 2 * 2]
    if not sample or b"\x00" not in sample:
        return None
    even, odd = sample[0::2].count(0) * 2 / len(sample), sample[1::2].count(0) * 2 / len(sample)
    if odd > _ENOUGH and even < odd / 4:
        return "utf-16-le"
    if even > _ENOUGH and odd < even / 4:
        return "utf-16-be"
    return None


def python_name(encoding: str) -> str:
    """Return the codec that reads an encoding."""
    return PYTHON.get(encoding, encoding)


def first_failure(chunks: Iterable[bytes], encoding: str) -> int | None:
    """Return the line (from 1) at which bytes stop being of an encoding, or None where they all are."""
    decoder = codecs.getincrementaldecoder(python_name(encoding))("strict")
    line = 1
    try:
        for chunk in chunks:
            line += decoder.decode(chunk).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        good = error.object[: error.start]
        return line + good.decode(python_name(encoding), "ignore").count("\n")
    return None


def choose(sample: bytes, *, fits: frozenset[str]) -> str | None:
    """Choose between encodings that all fit the bytes of a file by how the text would look; None if none fits."""
    cp932 = sample.decode("cp932", "ignore")
    if "euc-jp" in fits and "cp932" in fits:
        # Only a text of half-width kana is both. Japanese in EUC-JP has full-width kana, and they are rare pairs there.
        return "euc-jp" if _KANA.search(sample.decode(python_name("euc-jp"), "ignore")) else "cp932"
    if "euc-jp" in fits:
        return "euc-jp"
    if "cp932" in fits:
        # "résumé" in a western file is also a CP932 text, with one kanji between Latin letters each time.
        is_western = not _KANA.search(cp932) and _share(_LONE_KANJI, cp932) > 1 - _ENOUGH
        return "cp1252" if is_western and "cp1252" in fits else "cp932"
    return "cp1252" if "cp1252" in fits else None


def mixed_at(lines: Iterable[bytes]) -> int | None:
    """Return the first line that is in another encoding than the lines before it, or None where they agree.

    Speaks of files that are neither UTF-8 throughout nor without it: a line with Japanese in UTF-8 beside a line whose
    bytes cannot be UTF-8 means that two files were put together.
    """
    seen: set[bool] = set()
    for number, line in enumerate(lines, start=1):
        if line.isascii():
            continue
        is_utf8 = _is_utf8(line)
        if is_utf8 and not _JAPANESE_UTF8.search(line):
            continue
        seen.add(is_utf8)
        if len(seen) > 1:
            return number
    return None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _share(wanted: re.Pattern[str], text: str) -> float:
    """Return how much of what is not ASCII in a text is of a kind."""
    return len(wanted.findall(text)) / max(1, len(_NOT_ASCII.findall(text)))
