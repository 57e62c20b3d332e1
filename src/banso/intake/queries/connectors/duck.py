"""DuckDB: Parquet, CSV and database files below the folders that the operator allows, and nothing else."""

import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import duckdb
from django.conf import settings as django

from banso.intake.queries.connectors.reading import FETCHED, STATEMENT_SECONDS, Wanted
from banso.intake.queries.tables import as_text
from banso.intake.rules import statements
from banso.intake.rules.sourcing import Batch, SourceProblem

CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "memory_limit": "1GB",
    "threads": 2,
}


def read(settings: Mapping[str, Any], secrets: Mapping[str, str], wanted: Wanted) -> Generator[Batch]:  # noqa: ARG001  # files have none
    """Yield the rows of a statement; raises SourceProblem."""
    sql = statements.in_order(statements.with_place(wanted.what, "$cursor"), wanted.cursor_column, statements.quoted)
    given = {"cursor": wanted.cursor} if statements.has_cursor(wanted.what) else None
    try:
        with _connected(str(settings.get("database", ""))) as connection, _within(STATEMENT_SECONDS, connection):
            if len(duckdb.extract_statements(sql)) != 1:
                raise SourceProblem("one_statement")
            answer = connection.execute(sql, given)
            columns = [str(one[0]) for one in answer.description or ()]
            yield from statements.batches(columns, _rows(answer), wanted.cursor_column, FETCHED)
    except duckdb.Error as error:
        raise SourceProblem("warehouse_refused", reason=" ".join(str(error).split())[:300]) from error


@contextmanager
def _connected(database: str) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config=CONFIG)
    try:
        allowed = [f"{one}/" for one in django.SOURCE_FOLDERS]
        connection.execute(f"SET allowed_directories = {allowed!r}")
        connection.execute("SET enable_external_access = false")
        if database:  # only now, so that it lies in an allowed folder too
            connection.execute(f"ATTACH '{database.replace("'", "''")}' AS source (READ_ONLY)")
            connection.execute("USE source")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


@contextmanager
def _within(seconds: float, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt what takes longer: DuckDB has no time-out of its own."""
    timer = threading.Timer(seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _rows(answer: duckdb.DuckDBPyConnection) -> Iterator[list[str]]:
    while rows := answer.fetchmany(FETCHED):
        for row in rows:
            yield [as_text(value) for value in row]
