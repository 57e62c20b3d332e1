"""Show an engine the roll-up files that are in force, and run a query over them."""

from collections.abc import Callable, Iterable
from datetime import date

import duckdb
import polars as pl

from banso.usage.models import manifest
from banso.usage.models.engine import connection, literal
from banso.usage.models.manifest import Manifest, MonthFiles
from banso.usage.rules.days import number_of

TRIES = 3
DAILY = "account INTEGER, person INTEGER, event INTEGER, day INTEGER, n INTEGER, value DOUBLE"
USER_DAY = "account INTEGER, person INTEGER, day INTEGER, n INTEGER"


def reading[Found](look: Callable[[duckdb.DuckDBPyConnection, Manifest], Found]) -> Found:
    """Run a reading over what is visible now; where a file was replaced under it, read again what replaced it."""
    for _ in range(TRIES - 1):
        try:
            return _once(look)
        except duckdb.IOException:
            continue
    return _once(look)


def show(
    work: duckdb.DuckDBPyConnection, seen: Manifest, *, on: date, reach_days: int | None = None, names: Iterable[str]
) -> None:
    """Make the tables of the expressions, with the days before `on`: `..._all` whole, the others `reach_days` back."""
    end = number_of(on)
    start = None if reach_days is None else max(end - reach_days, 0)
    words = words_of(seen)
    for name in names:
        first = None if name.endswith("_all") else start
        months = [
            files
            for _, files in sorted(seen.roll_up.months.items())
            if files.first_day < end and (first is None or files.last_day >= first)
        ]
        base = name.removesuffix("_all")
        after = "" if first is None else f" AND day >= {first}"
        work.execute(
            f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT *, ({end} - day)::INTEGER AS age"
            f" FROM {source(base, months, words)} WHERE day < {end}{after}"
        )


def source(name: str, months: list[MonthFiles], words: int) -> str:
    """Return the SQL that reads a roll-up's files, with one shape whether there are none or some have fewer masks."""
    if not months:
        masks = "".join(f", m{word} BIGINT" for word in range(words))
        columns = DAILY if name == "daily" else USER_DAY + masks
        return f"(SELECT {', '.join(f'NULL::{kind} AS {column}' for column, kind in _pairs(columns))} LIMIT 0)"
    files = manifest.paths(getattr(one, name) for one in months)
    listed = ", ".join(map(literal, files))
    is_even = name == "daily" or len({one.words for one in months}) == 1
    if is_even and (name == "daily" or months[0].words == words):
        return f"read_parquet([{listed}], hive_partitioning=false)"
    widest = max(one.words for one in months)
    masks = ", ".join(
        f"coalesce(m{word}, 0)::BIGINT AS m{word}" if word < widest else f"0::BIGINT AS m{word}"
        for word in range(words)
    )
    read = f"read_parquet([{listed}], union_by_name=true, hive_partitioning=false)"
    return f"(SELECT account, person, day, n, {masks} FROM {read})"


def frame(work: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    """Return what a query finds as a frame."""
    found = pl.from_arrow(work.sql(query).to_arrow_table())
    assert isinstance(found, pl.DataFrame)  # noqa: S101  # a table, never a single column
    return found


def quoted(path: str) -> str:
    """Return the SQL that reads one Parquet file of ours."""
    return f"read_parquet({literal(path)}, hive_partitioning=false)"


def words_of(seen: Manifest) -> int:
    """Return how many mask words the roll-ups in force have at most."""
    return max((one.words for one in seen.roll_up.months.values()), default=1)


def _pairs(columns: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind in (column.split() for column in columns.split(", "))]


def _once[Found](look: Callable[[duckdb.DuckDBPyConnection, Manifest], Found]) -> Found:
    work = connection().cursor()
    try:
        return look(work, manifest.current())
    finally:
        work.close()
