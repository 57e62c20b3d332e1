"""How a text file is cut into cells: its delimiter, and the checks of its header row."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Final

from banso.intake.rules.refusals import Unreadable

MAX_COLUMNS: Final = 1_000
MAX_CELL: Final = 1_000_000
# The module keeps one limit for all its readers; its own is too small for long texts, and below that of a sample.
csv.field_size_limit(MAX_CELL)
SAMPLE_ROWS: Final = 50
# In the order of trust where two fit equally well.
DELIMITERS: Final = (",", "\t", ";", "|", "、", "，", "\x1f", "\x01", "^", "~", ":", "¦")


def sniff(sample: str) -> str:
    """Return the delimiter that cuts the sample into the most even table; a comma where there is one column only."""
    named = named_delimiter(sample)
    if named:
        return named
    scored = [(_evenness(sample, delimiter), -place, delimiter) for place, delimiter in enumerate(DELIMITERS)]
    (evenness, columns), _, best = max(scored)
    return best if columns > 1 and evenness > 0 else ","


def named_delimiter(sample: str) -> str | None:
    """Return the delimiter that a first line `sep=;` names, as Excel writes and reads it."""
    first = sample.split("\n", 1)[0].strip('\r\ufeff"')
    return first[4] if first.lower().startswith("sep=") and len(first) == 5 else None  # noqa: PLR2004  # "sep=" and one


def checked_header(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns; raises Unreadable where they cannot be told apart.

    Empty names at the right end are dropped: spreadsheets leave them behind; a row with something there is refused.
    """
    names = [cell.replace("\x00", "").strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Unreadable("empty_header", row=1, column="A", position=1)
    if len(names) > MAX_COLUMNS:
        raise Unreadable("too_many_columns", row=1, columns=len(names), limit=MAX_COLUMNS)
    for position, name in enumerate(names, start=1):
        if not name:
            raise Unreadable("empty_header", row=1, column=letters(position), position=position)
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise Unreadable("duplicate_header", row=1, column=twice[0], times=names.count(twice[0]))
    return tuple(names)


def letters(position: int) -> str:
    """Return a column's letters as spreadsheets name it: 1 is A, 27 is AA."""
    name = ""
    while position > 0:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    """Return (share of rows with the commonest number of cells, that number); a table of one column scores nothing."""
    header = sample.split("\n", 1)[0]
    if delimiter not in header:
        return 0.0, 0
    rows = []
    for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
        if row:
            rows.append(len(row))
        if len(rows) > SAMPLE_ROWS:
            break
    # The sample may end in the middle of its last row.
    whole = rows[:-1] if len(rows) > 2 else rows  # noqa: PLR2004  # with two rows both are needed
    number, times = Counter(whole).most_common(1)[0]
    return (times / len(whole), number) if number > 1 else (0.0, 0)
