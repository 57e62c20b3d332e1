"""DuckDB over the roll-up files on this machine: the engine that needs nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
import polars as pl

from banso.usage.models import manifest
from banso.usage.models.engine import connection, literal
from banso.usage.models.engines.door import Session, Tell
from banso.usage.models.manifest import Manifest, MonthFiles, RollUp
from banso.usage.rules.addresses import EngineDown
from banso.usage.rules.days import number_of
from banso.usage.rules.measures import Known

TRIES: Final = 3
DAILY: Final = (
    "account INTEGER, person INTEGER, event INTEGER, day INTEGER, late INTEGER, n INTEGER, value DOUBLE,"
    " newest DOUBLE, newest_at BIGINT"
)
USER_DAY: Final = "account INTEGER, person INTEGER, day INTEGER, late INTEGER, n INTEGER"


@dataclass(frozen=True)
class EmbeddedSession:
    """One reading: a cursor, and the files that were in force when it began."""

    work: duckdb.DuckDBPyConnection
    seen: Manifest

    def show(
        self,
        *,
        on: date,
        reach_days: int | None = None,
        names: Iterable[str],
        counted: Callable[[str, str], str] | None = None,
        known: Known = "event",
    ) -> None:
        for name in names:
            shown = window(self.seen, name, on=on, reach_days=reach_days, known=known)
            source = self.table(shown.base, shown.months)
            source = counted(shown.base, source) if counted else source
            self.work.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {shown.query(source)}")

    def table(self, name: str, months: Sequence[MonthFiles] = ()) -> str:
        if name in {"daily", "user_day"}:
            return _roll_up(name, months, words_of(self.seen))
        return quoted(manifest.paths([getattr(self.seen.roll_up, name)])[0])

    def frame(self, query: str) -> pl.DataFrame:
        found = pl.from_arrow(self.work.sql(query).to_arrow_table())
        assert isinstance(found, pl.DataFrame)  # noqa: S101  # a table, never a single column
        return found

    def by_account(self, query: str) -> pl.DataFrame:
        return self.frame(query)

    def each_by_account(self, queries: Sequence[str]) -> Iterable[pl.DataFrame]:
        return map(self.frame, queries)


@dataclass(frozen=True)
class Embedded:
    """The engine inside the process."""

    kind: str = "duckdb"
    dialect: str = "duckdb"
    keeps_rows: bool = False

    def reading[Found](self, look: Callable[[Session], Found]) -> Found:
        """Run a reading; where a file was replaced under it, read again what replaced it."""
        for _ in range(TRIES - 1):
            try:
                return _once(look)
            except duckdb.IOException:
                continue
        return _once(look)

    def load(self, roll_up: RollUp, *, kept: Iterable[str], tell: Tell) -> int:  # noqa: ARG002  # read where they lie
        return 0

    def lacks(self, roll_up: RollUp) -> bool:  # noqa: ARG002  # likewise
        return False

    def check(self) -> None:
        connection().cursor().execute("SELECT 1")


@dataclass(frozen=True)
class Window:
    """Which days of a roll-up one of the expressions' tables has, and the months that hold them."""

    base: str
    months: list[MonthFiles]
    end: int
    first: int | None
    known: Known = "event"

    def query(self, source: str) -> str:
        """Return the SELECT of the table over what it is read from."""
        after = "" if self.first is None else f" AND day >= {self.first}"
        age = f"CAST({self.end} - day AS INTEGER) AS age"
        came = "" if self.known == "event" else f" AND day + late < {self.end}"
        return f"SELECT *, {age} FROM {source} WHERE day < {self.end}{after}{came}"


def window(seen: Manifest, name: str, *, on: date, reach_days: int | None, known: Known) -> Window:
    """Return what a table of the expressions shows: `..._all` every day before `on`, others `reach_days` of them."""
    end = number_of(on)
    first = None if reach_days is None or name.endswith("_all") else max(end - reach_days, 0)
    months = [
        files
        for _, files in sorted(seen.roll_up.months.items())
        if files.first_day < end and (first is None or files.last_day >= first)
    ]
    return Window(base=name.removesuffix("_all"), months=months, end=end, first=first, known=known)


def quoted(*paths: str) -> str:
    """Return the SQL that reads one Parquet file of ours, or several of the same columns."""
    listed = literal(paths[0]) if len(paths) == 1 else f"[{', '.join(map(literal, paths))}]"
    return f"read_parquet({listed}, hive_partitioning=false)"


def words_of(seen: Manifest) -> int:
    """Return how many mask words the roll-ups in force have at most."""
    return max((one.words for one in seen.roll_up.months.values()), default=1)


def _roll_up(name: str, months: Sequence[MonthFiles], words: int) -> str:
    """Return the SQL that reads a roll-up's files, with one shape whether there are none or some have fewer masks."""
    if not months:
        masks = "".join(f", m{word} BIGINT" for word in range(words))
        columns = DAILY if name == "daily" else USER_DAY + masks
        return f"(SELECT {', '.join(f'NULL::{kind} AS {column}' for column, kind in _pairs(columns))} LIMIT 0)"
    files = manifest.paths(getattr(one, name) for one in months)
    is_even = name == "daily" or len({one.words for one in months}) == 1
    if is_even and (name == "daily" or months[0].words == words):
        return quoted(*files)
    listed = ", ".join(map(literal, files))
    widest = max(one.words for one in months)
    masks = ", ".join(
        f"coalesce(m{word}, 0)::BIGINT AS m{word}" if word < widest else f"0::BIGINT AS m{word}"
        for word in range(words)
    )
    read = f"read_parquet([{listed}], union_by_name=true, hive_partitioning=false)"
    return f"(SELECT account, person, day, late, n, {masks} FROM {read})"


def _pairs(columns: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind in (column.split() for column in columns.split(", "))]


def _once[Found](look: Callable[[Session], Found]) -> Found:
    work, seen = connection().cursor(), manifest.current()
    if seen.roll_up.months and seen.roll_up.shape != manifest.SHAPE:
        raise EngineDown("The roll-ups are of an earlier version of Banso; the worker is counting them anew.")
    try:
        return look(EmbeddedSession(work, seen))
    finally:
        work.close()
