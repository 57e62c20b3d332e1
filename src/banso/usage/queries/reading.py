"""Read usage: roll-ups through the engine of this installation, raw events from the lake's files."""

from collections.abc import Callable, Sequence

import duckdb

from banso.usage.models import engines, manifest
from banso.usage.models.engine import connection
from banso.usage.models.engines import Session
from banso.usage.models.engines.embedded import TRIES, quoted, words_of
from banso.usage.models.manifest import Manifest
from banso.usage.rules.addresses import EngineDown

__all__ = [
    "Session",
    "answering_engine",
    "dialect",
    "engine_keeps_rows",
    "engine_kind",
    "engine_lacks",
    "lake",
    "lake_names",
    "needs_loading",
    "quoted",
    "reading",
    "words_of",
]


def reading[Found](look: Callable[[Session], Found]) -> Found:
    """Run a reading of the roll-ups that are visible now, in the engine of this installation."""
    return engines.current().reading(look)


def engine_kind() -> str:
    """Return which engine this installation has, whether it answers or not; raises WrongEngine."""
    return engines.current().kind


def answering_engine() -> str:
    """Return which engine answers; raises EngineDown or WrongEngine where none does."""
    engine = engines.current()
    engine.check()
    return engine.kind


def engine_lacks() -> bool:
    """Return whether the engine lacks roll-ups that are in force: so long, readings of them fail."""
    return engines.current().lacks(manifest.current().roll_up)


def engine_keeps_rows() -> bool:
    """Return whether the engine has rows of its own, which the roll-ups are copied to."""
    return engines.current().keeps_rows


def needs_loading() -> bool:
    """Return whether the job that brings roll-ups to the engine has work, or an engine to find out of order."""
    try:
        return engine_keeps_rows() and engine_lacks()
    except EngineDown:
        return True


def dialect() -> str:
    """Return the SQL that the engine of this installation is spoken to in."""
    return engines.current().dialect


def lake[Found](look: Callable[[duckdb.DuckDBPyConnection, Manifest], Found]) -> Found:
    """Run a reading of raw events; where a file was replaced under it, read again what replaced it."""
    for _ in range(TRIES - 1):
        try:
            return _once(look)
        except duckdb.IOException:
            continue
    return _once(look)


def lake_names(work: duckdb.DuckDBPyConnection, seen: Manifest, accounts: Sequence[str]) -> dict[str, str]:
    """Return every name under which events of some accounts came, with the account that it counts for."""
    ours = {account: account for account in accounts}
    if not seen.roll_up.names:
        return ours
    query = f"SELECT name, account FROM {quoted(manifest.paths([seen.roll_up.names])[0])}"
    query += " WHERE account IN (SELECT unnest($accounts)) OR name IN (SELECT unnest($accounts))"
    counted = dict(work.execute(query, {"accounts": list(accounts)}).fetchall())
    wanted = set(accounts)
    return {name: account for name, account in (ours | counted).items() if account in wanted}


def _once[Found](look: Callable[[duckdb.DuckDBPyConnection, Manifest], Found]) -> Found:
    work = connection().cursor()
    try:
        return look(work, manifest.current())
    finally:
        work.close()
