"""Where usage is counted: the engine that BANSO_ENGINE_URL names, and how it is reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

KINDS: Final = ("duckdb", "clickhouse", "chdb", "spark")
EXAMPLES: Final = "duckdb:, clickhouse://banso:secret@host:8443/banso?secure=1, spark://host:7077"
# What may stand after the question mark; for Spark also any setting of its own: spark.executor.memory=4g.
OPTIONS: Final[dict[str, frozenset[str]]] = {
    "duckdb": frozenset(),
    "clickhouse": frozenset({"secure", "cluster"}),
    "chdb": frozenset({"cluster", "config"}),
    "spark": frozenset({"cache", "path", "tables"}),
}


class WrongEngine(ValueError):
    """An address that names no engine of ours, or one that this installation cannot use; its text is for operators."""


class EngineDown(RuntimeError):
    """The engine does not answer, or refuses."""


@dataclass(frozen=True)
class Address:
    """An engine's address, taken apart."""

    kind: str
    host: str = ""
    port: int | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    path: str = ""
    options: Mapping[str, str] = field(default_factory=dict, hash=False)


def address_of(url: str) -> Address:
    """Take an address apart; raises WrongEngine with a sentence that does not repeat its password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise WrongEngine(f"BANSO_ENGINE_URL cannot be read ({wrong}); it looks like one of: {EXAMPLES}.") from wrong
    if parts.scheme not in KINDS:
        raise WrongEngine(f"BANSO_ENGINE_URL names no engine that Banso has; it must look like one of: {EXAMPLES}.")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    given = {name for name in options if not (parts.scheme == "spark" and name.startswith("spark."))}
    if unknown := sorted(given - OPTIONS[parts.scheme]):
        known = ", ".join(sorted(OPTIONS[parts.scheme])) or "none"
        raise WrongEngine(f"BANSO_ENGINE_URL has unknown options: {', '.join(unknown)}; {parts.scheme} knows: {known}.")
    if parts.scheme in {"clickhouse", "spark"} and not parts.hostname:
        raise WrongEngine(f"BANSO_ENGINE_URL names no host; it must look like one of: {EXAMPLES}.")
    if parts.scheme == "duckdb" and (parts.netloc or parts.path):
        raise WrongEngine("BANSO_ENGINE_URL: the embedded engine keeps its files in BANSO_DATA; write duckdb: alone.")
    return Address(
        kind=parts.scheme,
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        path=unquote(parts.path),
        options=options,
    )
