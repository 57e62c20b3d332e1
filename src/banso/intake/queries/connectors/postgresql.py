"""PostgreSQL: one read-only transaction, a cursor on the server, the address checked before it is used."""

from collections.abc import Generator, Mapping
from typing import Any, Final

import psycopg

from banso.intake.queries.connectors import addresses
from banso.intake.queries.connectors.reading import FETCHED, STATEMENT_SECONDS, Wanted
from banso.intake.queries.tables import as_text
from banso.intake.rules import statements
from banso.intake.rules.sourcing import Batch, SourceProblem

CONNECT_SECONDS: Final = 10
OPTIONS: Final = f"-c statement_timeout={STATEMENT_SECONDS}s -c default_transaction_read_only=on -c timezone=UTC"


def read(settings: Mapping[str, Any], secrets: Mapping[str, str], wanted: Wanted) -> Generator[Batch]:
    """Yield the rows of a statement; raises SourceProblem."""
    sql = statements.in_order(statements.with_place(wanted.what, "$1"), wanted.cursor_column, statements.quoted)
    given = [wanted.cursor] if statements.has_cursor(wanted.what) else []
    try:
        with _connected(settings, secrets) as connection, psycopg.RawServerCursor(connection, "banso") as cursor:
            cursor.itersize = FETCHED
            cursor.execute(sql, given)
            columns = [one.name for one in cursor.description or ()]
            rows = ([as_text(value) for value in row] for row in cursor)
            yield from statements.batches(columns, rows, wanted.cursor_column, FETCHED)
    except psycopg.Error as error:
        raise SourceProblem("warehouse_refused", reason=_reason(error)) from error


def _connected(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> psycopg.Connection[Any]:
    host, port = str(settings["host"]), int(settings["port"])
    connection: psycopg.Connection[Any] = psycopg.connect(
        host=host,
        hostaddr=addresses.checked(host, port),
        port=port,
        dbname=settings["database"],
        user=settings["user"],
        password=secrets.get("password") or None,
        sslmode=settings["tls"],
        connect_timeout=CONNECT_SECONDS,
        application_name="banso",
        options=OPTIONS,
    )
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    return connection


def _reason(error: psycopg.Error) -> str:
    return " ".join(str(error.diag.message_primary or error).split())[:300]
