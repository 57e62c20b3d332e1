"""ClickHouse over HTTP: read-only, with a time limit, its rows streamed line by line."""

import json
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Final

import httpx

from banso.intake.queries.connectors import web
from banso.intake.queries.connectors.reading import FETCHED, STATEMENT_SECONDS, Wanted
from banso.intake.queries.tables import as_text
from banso.intake.rules import statements
from banso.intake.rules.sourcing import Batch, SourceProblem

TIMEOUT: Final = httpx.Timeout(STATEMENT_SECONDS + 30.0, connect=10.0)
LIMITS: Final = {
    "readonly": "2",  # nothing is written; settings such as these may be given
    "max_execution_time": str(STATEMENT_SECONDS),
    "default_format": "JSONCompactEachRowWithNames",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_quote_decimals": "1",
    "date_time_output_format": "iso",
}


def read(settings: Mapping[str, Any], secrets: Mapping[str, str], wanted: Wanted) -> Generator[Batch]:
    """Yield the rows of a statement; raises SourceProblem."""
    scheme = "https" if settings["tls"] else "http"
    base = f"{scheme}://{_bracketed(str(settings['host']))}:{settings['port']}"
    headers = {"X-ClickHouse-User": str(settings["user"]), "X-ClickHouse-Key": secrets.get("password", "")}
    sql = statements.in_order(
        statements.with_place(wanted.what, "{cursor:String}"), wanted.cursor_column, statements.quoted
    )
    asked = {**LIMITS, "database": str(settings["database"]), "param_cursor": wanted.cursor}
    try:
        with (
            web.client(base, timeout=TIMEOUT, **headers) as client,
            client.stream("POST", "/", params=asked, content=sql.encode()) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise SourceProblem("warehouse_refused", reason=_reason(answer.read().decode("utf-8", "replace")))
            lines = _lines(answer)
            columns = next(lines, [])
            yield from statements.batches(columns, lines, wanted.cursor_column, FETCHED)
    except httpx.HTTPError as error:
        raise SourceProblem("connection_lost", value=str(settings["host"]), reason=str(error)[:300]) from error


def _lines(answer: httpx.Response) -> Iterator[list[str]]:
    """Yield the rows; what is no row is an error that came in the middle of a good answer."""
    for line in answer.iter_lines():
        try:
            cells = json.loads(line, parse_float=str)
        except ValueError as error:
            raise SourceProblem("warehouse_refused", reason=_reason(line)) from error
        if not isinstance(cells, list):
            raise SourceProblem("warehouse_refused", reason=_reason(line))
        yield [as_text(cell) for cell in cells]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _reason(text: str) -> str:
    return " ".join(text.split())[:300]
