"""Bring roll-up files into ClickHouse: only the days that changed, and in force all at once."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

import polars as pl

from banso.usage.models import manifest
from banso.usage.models.engine import connection
from banso.usage.models.engines.clickhouse import tables
from banso.usage.models.engines.clickhouse.pieces import WHOLE, Slice, Standing, slice_of
from banso.usage.models.engines.clickhouse.tables import COLUMNS, Place
from banso.usage.models.engines.door import Tell
from banso.usage.models.engines.embedded import quoted
from banso.usage.models.manifest import RollUp

ROWS_AT_ONCE: Final = 500_000
# A file that would lie in more pieces than this is loaded whole: a partition has its price.
PIECES_AT_MOST: Final = 8


def files_of(roll_up: RollUp) -> dict[str, str]:
    """Return the files that measures are read from, in a steady order, and the table each goes into."""
    found = {roll_up.accounts: "accounts", roll_up.people: "people"}
    for _, month in sorted(roll_up.months.items()):
        found |= {month.daily: "daily", month.user_day: "user_day"}
    return {file: base for file, base in found.items() if file}


def known_slices(client: Any, place: Place) -> Standing:
    """Return the slices of all files that are there."""
    columns = "file, base, slice, rows, mark, piece, of"
    if not int(client.command(f"EXISTS TABLE {place.slices}")):
        return {}
    found = defaultdict(list)
    for row in client.query(f"SELECT {columns} FROM {place.slices} ORDER BY file, slice").result_rows:
        found[row[0]].append(Slice(*row))
    return {file: tuple(slices) for file, slices in found.items() if any(one.number == WHOLE for one in slices)}


def load(client: Any, place: Place, roll_up: RollUp, *, kept: Iterable[str], tell: Tell) -> int:
    """Bring the files of a roll-up that are missing, and remove what neither it nor `kept` names; return rows written.

    Killed at any moment, what was in force is in force; called again, it goes on with the files that are missing.
    """
    wanted = files_of(roll_up)
    make_tables(client, place, max((one.words for one in roll_up.months.values()), default=1))
    known = dict(known_slices(client, place))
    written = 0
    lacking = [file for file in wanted if file not in known]
    for at, file in enumerate(lacking):
        tell(at, len(lacking), file)
        slices, rows = _load_file(client, place, file, wanted[file], known)
        _insert_slices(client, place, slices)
        known[file] = tuple(slices)
        written += rows
    if lacking:
        tell(len(lacking), len(lacking), "")
    _remove(client, place, known, kept={*wanted, *kept})
    return written


def make_tables(client: Any, place: Place, words: int) -> None:
    """Make the tables where they are missing, with room for so many mask words."""
    for statement in (*tables.statements(place), *tables.wider(place, range(words))):
        client.command(statement)


def _load_file(client: Any, place: Place, file: str, base: str, known: Standing) -> tuple[list[Slice], int]:
    """Write the slices of a file that no other file has alike; return all of them, and the rows written."""
    there = {(one.number, one.rows, one.mark): one for slices in known.values() for one in slices if one.base == base}
    marks = _marks(file, base)
    reused = {number: there[number, rows, mark] for number, rows, mark in marks if (number, rows, mark) in there}
    if len({one.piece for one in reused.values()}) >= PIECES_AT_MOST:
        reused = {}
    fresh = [number for number, _, _ in marks if number not in reused]
    piece = secrets.randbits(63)
    rows = 0
    for batch in _batches(file, base, piece, fresh):
        client.insert_arrow(place.whole(base), batch)
        rows += batch.num_rows
    slices = [Slice(file, base, WHOLE, 0, 0, 0, 0)]
    for number, count, mark in marks:
        one = reused.get(number)
        at = (one.piece, one.of) if one else (piece, len(fresh))
        slices.append(Slice(file, base, number, count, mark, *at))
    return slices, rows


def _marks(file: str, base: str) -> list[tuple[int, int, int]]:
    """Return for each slice of a file: its number, how many rows it has, and a mark of what they say."""
    source = quoted(manifest.paths([file])[0])
    work = connection().cursor()
    try:
        return work.execute(
            f"SELECT {slice_of(base)} AS slice, count(*), bit_xor(hash(t)) FROM {source} AS t GROUP BY 1 ORDER BY 1"
        ).fetchall()
    finally:
        work.close()


def _batches(file: str, base: str, piece: int, fresh: list[int]) -> Iterator[Any]:
    """Return the rows of some slices of a file as rows of a piece, many at once."""
    if not fresh:
        return
    source = quoted(manifest.paths([file])[0])
    work = connection().cursor()
    try:
        found = work.sql(
            f"SELECT {piece}::UBIGINT AS piece, * FROM {source}"
            f" WHERE {slice_of(base)} IN ({', '.join(map(str, fresh))}) ORDER BY {tables.ORDERS[base]}"
        )
        for batch in found.to_arrow_reader(ROWS_AT_ONCE):
            yield pl.DataFrame(pl.from_arrow(batch)).to_arrow()
    finally:
        work.close()


def _insert_slices(client: Any, place: Place, slices: list[Slice]) -> None:
    columns = ["file", "base", "slice", "rows", "mark", "piece", "of"]
    rows = [(one.file, one.base, one.number, one.rows, one.mark, one.piece, one.of) for one in slices]
    client.insert(place.slices, rows, column_names=columns)


def _remove(client: Any, place: Place, known: Standing, *, kept: set[str]) -> None:
    """Remove the slices of files that nobody names any more, then the pieces that no slice names."""
    gone = sorted(set(known) - kept)
    if gone:
        listed = ", ".join(f"'{file}'" for file in gone)
        client.command(f"DELETE FROM {place.slices} WHERE file IN ({listed})")
    named = {one.piece for file, slices in known.items() if file in kept for one in slices}
    for base in COLUMNS:
        there = {int(piece) for (piece,) in client.query(tables.pieces_there(place, base)).result_rows}
        for piece in sorted(there - named):
            client.command(tables.dropped(place, base, piece))
