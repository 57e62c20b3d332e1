"""The tables in ClickHouse: those of the roll-ups, and one that tells which rows are in force.

Every row belongs to a *piece*: what one load wrote, a partition of its own. A roll-up file consists of *slices* (days,
or blocks of numbers), and the table `usage_slices` tells for each file in which piece each of its slices lies. Rows of
a piece that no slice names do not exist for anybody, as files do not that the manifest does not name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

SLICES: Final = "usage_slices"
# Columns, what rows are ordered by, and by what they are put on a shard: all of an account lies on one.
COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "daily": {
        "account": "Int32",
        "person": "Nullable(Int32)",
        "event": "Int32",
        "day": "Int32",
        "late": "Int32",
        "n": "Int32",
        "value": "Nullable(Float64)",
        "newest": "Nullable(Float64)",
        "newest_at": "Nullable(Int64)",
    },
    "user_day": {"account": "Int32", "person": "Nullable(Int32)", "day": "Int32", "late": "Int32", "n": "Int32"},
    "accounts": {"account": "String", "number": "Int32"},
    "people": {"account": "Int32", "person": "String", "number": "Int32"},
}
# Columns that tables of earlier versions lack.
ADDED: Final = {"daily": ("late", "newest", "newest_at"), "user_day": ("late",)}
ORDERS: Final = {
    "daily": "account, event, day",
    "user_day": "account, day",
    "accounts": "number",
    "people": "account, number",
}
SHARDS: Final = {name: "number" if name == "accounts" else "account" for name in COLUMNS}


@dataclass(frozen=True)
class Place:
    """Where the tables lie: a database, of one server or of a cluster; the in-process twin replicates nothing."""

    database: str
    cluster: str = ""
    is_replicated: bool = False

    def local(self, name: str) -> str:
        """Return the table that holds the rows of this server."""
        return f"{self.database}.usage_{name}{'_local' if self.cluster else ''}"

    def whole(self, name: str) -> str:
        """Return the table that shows the rows of all servers."""
        return f"{self.database}.usage_{name}"

    @property
    def everywhere(self) -> str:
        """Return the clause that makes every server of the cluster do it."""
        return f" ON CLUSTER '{self.cluster}'" if self.is_replicated else ""

    @property
    def slices(self) -> str:
        return f"{self.database}.{SLICES}"


def statements(place: Place) -> list[str]:
    """Return what makes the tables where they are missing."""
    made = [f"CREATE DATABASE IF NOT EXISTS {place.database}{place.everywhere}"]
    for name, columns in COLUMNS.items():
        listed = ", ".join(f"{column} {kind} CODEC(ZSTD)" for column, kind in columns.items())
        made.append(
            f"CREATE TABLE IF NOT EXISTS {place.local(name)}{place.everywhere} (piece UInt64 CODEC(ZSTD), {listed})"
            f" ENGINE = {_engine(place, name)} PARTITION BY piece ORDER BY ({ORDERS[name]})"
        )
        if place.cluster:
            made.append(_distributed(place, name))
    # Small, and whole on every server: whichever is asked knows what is in force.
    made.append(
        f"CREATE TABLE IF NOT EXISTS {place.slices}{place.everywhere} (file String, base LowCardinality(String),"
        " slice Int32, rows UInt64, mark UInt64, piece UInt64, of UInt32)"
        f" ENGINE = {_engine(place, '')} ORDER BY (file, slice)"
    )
    return made


def wider(place: Place, words: Iterable[int]) -> list[str]:
    """Return what gives the roll-ups columns that they lack: mask words, and what tables made long ago are without."""
    added = [
        *((name, f"{column} {COLUMNS[name][column]}") for name, columns in ADDED.items() for column in columns),
        *(("user_day", f"m{word} Int64") for word in words),
    ]
    return [
        f"ALTER TABLE {table}{place.everywhere} ADD COLUMN IF NOT EXISTS {column}"
        for name, column in added
        for table in dict.fromkeys([place.local(name), place.whole(name)])
    ]


def dropped(place: Place, name: str, piece: int) -> str:
    """Return what removes the rows of a piece."""
    return f"ALTER TABLE {place.local(name)}{place.everywhere} DROP PARTITION {piece}"


def pieces_there(place: Place, name: str) -> str:
    """Return the query for all pieces of a table that hold rows on any server."""
    database, table = place.local(name).split(".")
    parts = f"clusterAllReplicas('{place.cluster}', system.parts)" if place.is_replicated else "system.parts"
    return (
        f"SELECT DISTINCT toUInt64(partition) FROM {parts}"
        f" WHERE active AND database = '{database}' AND table = '{table}'"
    )


def _engine(place: Place, name: str) -> str:
    if not place.is_replicated:
        return "MergeTree"
    # Rows are spread over the shards; what is in force, and it alone, is the same on all of them.
    path, replica = ("{shard}/{database}/{table}", "{replica}") if name else ("{database}/{table}", "{shard}-{replica}")
    return f"ReplicatedMergeTree('/clickhouse/tables/{path}', '{replica}')"


def _distributed(place: Place, name: str) -> str:
    database, local = place.local(name).split(".")
    return (
        f"CREATE TABLE IF NOT EXISTS {place.whole(name)}{place.everywhere} AS {place.local(name)}"
        f" ENGINE = Distributed('{place.cluster}', '{database}', '{local}', intHash64({SHARDS[name]}))"
    )
