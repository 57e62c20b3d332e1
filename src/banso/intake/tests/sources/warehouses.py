"""Real warehouses for tests: a PostgreSQL server, ClickHouse's engine behind HTTP, files for DuckDB."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import chdb
import duckdb
import psycopg

SELECT = "SELECT id, company, updated FROM customers WHERE updated > :cursor"
type Customer = tuple[str, str, str]


class Warehouse(Protocol):
    """Where customers (id, company, time of the last change) are kept."""

    kind: str
    settings: dict[str, Any]
    statement: str

    def keep(self, *customers: Customer) -> None: ...


@dataclass
class Postgres:
    url: str
    kind: str = "postgresql"
    statement: str = SELECT

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        self.settings = {
            "host": "127.0.0.1",
            "port": parts.port,
            "database": "postgres",
            "user": "reader",
            "tls": "disable",
        }
        self.run(
            "DROP TABLE IF EXISTS customers",
            "CREATE TABLE customers (id text PRIMARY KEY, company text, updated timestamptz)",
            "DO $$BEGIN CREATE ROLE reader LOGIN PASSWORD 'pass'; EXCEPTION WHEN duplicate_object THEN NULL; END$$",
            "GRANT ALL ON customers TO reader",
        )

    def run(self, *statements: Any) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def keep(self, *customers: Customer) -> None:
        upsert = (
            "INSERT INTO customers VALUES (%s, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET company=excluded.company, updated=excluded.updated"
        )
        with psycopg.connect(self.url, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.executemany(upsert, [(one, name, f"{at}+00") for one, name, at in customers])


@dataclass
class Duck:
    folder: Path
    kind: str = "duckdb"
    settings: dict[str, Any] = field(default_factory=lambda: {"database": ""})

    def __post_init__(self) -> None:
        self.statement = SELECT.replace("customers", f"read_parquet('{self.folder}/*.parquet')")
        self.kept: dict[str, Customer] = {}

    def keep(self, *customers: Customer) -> None:
        self.kept |= {one[0]: one for one in customers}
        with duckdb.connect() as connection:
            connection.execute("CREATE TABLE c (id text, company text, updated timestamp)")
            connection.executemany("INSERT INTO c VALUES (?, ?, ?)", list(self.kept.values()))
            connection.execute(f"COPY c TO '{self.folder}/c.parquet'")


@dataclass
class ClickHouse:
    """The real engine in this process, behind as much of its HTTP interface as is asked of it."""

    port: int
    session: Any
    kind: str = "clickhouse"
    statement: str = SELECT.replace("customers", "customers FINAL")

    def __post_init__(self) -> None:
        self.settings = {"host": "127.0.0.1", "port": self.port, "database": "default", "user": "u", "tls": False}
        self.session.query(
            "CREATE OR REPLACE TABLE customers (id String, company String, updated DateTime64(6, 'UTC'))"
            " ENGINE = ReplacingMergeTree ORDER BY id"
        )

    def keep(self, *customers: Customer) -> None:
        rows = ", ".join(str(one) for one in customers)
        self.session.query(f"INSERT INTO customers VALUES {rows}")  # noqa: S608  # texts of tests


@contextmanager
def clickhouse() -> Iterator[ClickHouse]:
    session = chdb.session.Session()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            sql = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if ";" in sql:  # as the server does; the engine in a process takes them
                sql = "Multi-statements are not allowed"
            assert asked.pop("readonly") == "2"
            assert self.headers["X-ClickHouse-Key"] == "pass"
            given = {name.removeprefix("param_"): value for name, value in asked.items() if name.startswith("param_")}
            form = asked.pop("default_format")
            for name, value in asked.items():
                if not name.startswith("param_") and name != "database":
                    session.query(f"SET {name} = '{value}'")
            try:
                body, status = session.query(sql, form, params=given).bytes(), 200
            except RuntimeError as error:
                body, status = str(error).encode(), 500
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield ClickHouse(server.server_port, session)
    finally:
        server.shutdown()
        server.server_close()
        session.close()
