"""How ClickHouse is reached: one client for each process, and sentences where it does not answer."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

import structlog

from banso.usage.rules.addresses import Address, EngineDown, WrongEngine

CONNECT_SECONDS: Final = 5
ANSWER_SECONDS: Final = 300
# What makes ClickHouse answer as standard SQL does: see docs/decisions/0014.
SPEECH: Final[dict[str, Any]] = {
    "join_use_nulls": 1,
    "aggregate_functions_null_for_empty": 1,
    "prefer_column_name_to_alias": 1,
    # Queries of many measures are long.
    "max_query_size": 16 << 20,
    "max_ast_elements": 1_000_000,
    "max_expanded_ast_elements": 10_000_000,
}
# What was written is read: on every replica, or not at all.
OF_CLUSTERS: Final[dict[str, Any]] = {
    "distributed_foreground_insert": 1,
    "insert_quorum": "auto",
    "insert_quorum_parallel": 0,
    "select_sequential_consistency": 1,
    "skip_unavailable_shards": 0,
}
log = structlog.get_logger(__name__)


@contextmanager
def answering(address: Address) -> Iterator[Any]:
    """Lend the client; whatever goes wrong with it is an EngineDown whose text holds no password."""
    driver = _driver()
    try:
        yield _client(address, os.getpid())
    except driver.exceptions.Error as error:
        if isinstance(error, driver.exceptions.OperationalError):
            _client.cache_clear()
        raise EngineDown(said(address, error)) from None


def said(address: Address, error: Exception) -> str:
    """Return what ClickHouse said, as one line for operators."""
    text = " ".join(str(error).split())
    if address.password:
        text = text.replace(address.password, "…")
    where = f"{address.host}:{address.port}" if address.port else address.host
    return f"ClickHouse{' at ' + where if where else ''}: {text[:500]}"


def database_of(address: Address) -> str:
    """Return the database that our tables lie in."""
    return address.path.strip("/") or "banso"


def _driver() -> Any:
    try:
        import clickhouse_connect  # noqa: PLC0415  # an extra that most installations do without
        import clickhouse_connect.driver.exceptions  # noqa: PLC0415
    except ImportError as missing:
        raise WrongEngine(
            "BANSO_ENGINE_URL names ClickHouse, but its client is not installed: pip install 'banso[clickhouse]'."
        ) from missing
    return clickhouse_connect.driver


@lru_cache(maxsize=4)
def _client(address: Address, _process: int) -> Any:
    settings = SPEECH | (OF_CLUSTERS if address.kind == "clickhouse" and "cluster" in address.options else {})
    connect: Callable[..., Any] = _driver().create_client
    if address.kind == "chdb":
        options = {"config-file": address.options["config"]} if "config" in address.options else None
        return connect(interface="chdb", settings=settings, chdb_options=options)
    return connect(
        host=address.host,
        port=address.port or 0,
        username=address.user or None,
        password=address.password,
        secure=address.options.get("secure", "") in {"1", "yes", "true"},
        settings=settings,
        connect_timeout=CONNECT_SECONDS,
        send_receive_timeout=ANSWER_SECONDS,
        # No session: threads of a server ask at the same time.
        autogenerate_session_id=False,
    )
