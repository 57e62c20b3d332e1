"""The SQL of a feed: its places for the cursor, and its rows in the cursor's order."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from banso.intake.rules.sourcing import Batch, SourceProblem

# What is no place, though `:cursor` stands in it: texts, quoted names, comments.
_TOKENS: Final = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|(?P<place>(?<![:\w]):cursor\b)""", re.DOTALL
)


def has_cursor(sql: str) -> bool:
    """Return whether a statement asks for the cursor by `:cursor`."""
    return any(found["place"] for found in _TOKENS.finditer(sql))


def with_place(sql: str, place: str) -> str:
    """Return a statement with the engine's own mark for a bound value in place of `:cursor`."""
    return _TOKENS.sub(lambda found: place if found["place"] else found[0], sql)


def in_order(sql: str, column: str, quote: Callable[[str], str]) -> str:
    """Return a statement as an inner one, which can do nothing but select, in the order of the cursor's column."""
    inner = sql.strip().rstrip(";").strip()
    order = f" ORDER BY {quote(column)}" if column else ""
    return f"SELECT * FROM (\n{inner}\n) AS banso_feed{order}"  # noqa: S608  # their own statement; what is bound is bound


def quoted(name: str) -> str:
    """Return a name as the standard writes one that may hold anything."""
    return '"' + name.replace('"', '""') + '"'


def batches(columns: Sequence[str], rows: Iterable[list[str]], cursor_column: str, size: int) -> Iterator[Batch]:
    """Yield rows in batches with what was read up to; rows of one value of the cursor's column are never parted.

    Otherwise a stop between two batches would lose those that have the last value and were not read yet. Raises
    SourceProblem where the column is not there.
    """
    if cursor_column and cursor_column not in columns:
        raise SourceProblem("cursor_missing", value=cursor_column, known=", ".join(columns[:30]))
    place = columns.index(cursor_column) if cursor_column else None
    taken: list[list[str]] = []
    last = ""
    for row in rows:
        value = row[place] if place is not None else ""
        if len(taken) >= size and (place is None or (value and value != last)):
            yield Batch(tuple(columns), taken, last)
            taken = []
        taken.append(row)
        last = value or last
    if taken:
        yield Batch(tuple(columns), taken, last)
