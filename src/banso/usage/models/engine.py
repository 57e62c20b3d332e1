"""DuckDB, embedded: a database in memory for each process, a connection for each thread; it never locks a file."""

import os
import threading
from typing import Final

import duckdb

from banso.usage.models import manifest

MEMORY_LIMIT: Final = "1GB"
THREADS_AT_MOST: Final = 4

_guard = threading.Lock()
_databases: dict[int, duckdb.DuckDBPyConnection] = {}
_local = threading.local()


def connection() -> duckdb.DuckDBPyConnection:
    """Return this thread's connection; a process that was forked off gets a database of its own."""
    process = os.getpid()
    if getattr(_local, "process", None) != process:
        _local.process, _local.connection = process, _database(process).cursor()
    connected: duckdb.DuckDBPyConnection = _local.connection
    return connected


def literal(text: object) -> str:
    """Return a text, such as the path of a file, as SQL spells it."""
    return "'" + str(text).replace("'", "''") + "'"


def _database(process: int) -> duckdb.DuckDBPyConnection:
    with _guard:
        if process not in _databases:
            _databases.clear()
            _databases[process] = duckdb.connect(
                ":memory:",
                config={
                    "memory_limit": MEMORY_LIMIT,
                    "threads": min(os.cpu_count() or 1, THREADS_AT_MOST),
                    "temp_directory": str(manifest.home() / "staging" / f"spill-{process}"),
                    "autoinstall_known_extensions": "false",
                    "autoload_known_extensions": "false",
                },
            )
            _databases[process].execute("SET GLOBAL TimeZone = 'UTC'")
        return _databases[process]
