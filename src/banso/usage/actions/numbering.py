"""Give accounts and people short numbers, once and for ever: grouping by a number is several times faster.

An account has one number under all the names that events came with, a person one in each account under all of theirs.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from banso.usage.models import manifest
from banso.usage.models.manifest import Manifest
from banso.usage.queries.identity import accounts_by_name, people_by_alias
from banso.usage.queries.reading import quoted
from banso.usage.rules.deriving import Derived


@dataclass(frozen=True)
class Bench:
    """What one roll-up works with."""

    work: duckdb.DuckDBPyConnection
    folder: Path
    zone: ZoneInfo
    words: int
    derived: Mapping[int, Derived]


@dataclass(frozen=True)
class Names:
    """Every name that events came with and the account it counts for: as the roll-ups have it, and as it is now."""

    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def detached(self) -> list[str]:
        """Return the names whose counts cannot be told from those of others: to be counted anew from the lake."""
        sharing = Counter(self.before.values())
        return sorted(
            name for name, account in self.before.items() if self.after[name] != account and sharing[account] > 1
        )

    @property
    def moved(self) -> dict[str, str]:
        """Return the accounts that go over whole into another, or under another name."""
        detached = set(self.detached)
        return {
            account: self.after[name]
            for name, account in self.before.items()
            if self.after[name] != account and name not in detached
        }


def names_of(work: duckdb.DuckDBPyConnection, seen: Manifest, files: Sequence[str]) -> Names:
    """Return the names in the roll-ups and in some files of the lake, and the accounts that they count for now."""
    before: dict[str, str] = {}
    if seen.roll_up.names:
        file = manifest.paths([seen.roll_up.names])[0]
        before = dict(work.execute(f"SELECT name, account FROM {quoted(file)}").fetchall())
    elif seen.roll_up.accounts:
        file = manifest.paths([seen.roll_up.accounts])[0]
        before = dict(work.execute(f"SELECT account, account FROM {quoted(file)}").fetchall())
    came = work.execute("SELECT DISTINCT account FROM read_parquet($files)", {"files": files}) if files else None
    every = {*before, *(str(name) for (name,) in came.fetchall())} if came else set(before)
    claimed = accounts_by_name(every)
    return Names(before=before, after={name: claimed.get(name, name) for name in every})


def number_all(bench: Bench, seen: Manifest, names: Names, files: Sequence[str]) -> bool:
    """Make the tables that rows of the lake are read through, with numbers for all that some files hold.

    named (name, account), aliases (person, customer), accounts (account, number), people (account, person, number),
    and moved_accounts and moved_people (old, number): what has another number now. Return whether any has.
    """
    work = bench.work
    _frame(work, "named", {"name": list(names.after), "account": list(names.after.values())})
    aliases = people_by_alias()
    _frame(work, "aliases", {"person": list(aliases), "customer": list(aliases.values())})
    _frame(work, "moves", {"account": list(names.moved), "target": list(names.moved.values())})
    _load(work, "old_accounts", "account VARCHAR, number INTEGER", seen.roll_up.accounts)
    _load(work, "old_people", "account INTEGER, person VARCHAR, number INTEGER", seen.roll_up.people)
    _move(work)
    if files:
        _number_new(work, files)
    row = work.execute("SELECT (SELECT count(*) FROM moved_accounts) + (SELECT count(*) FROM moved_people)").fetchone()
    return bool(row and row[0])


def came_from(files: Sequence[str]) -> str:
    """Return the SQL of events in files of the lake, with the number of their account and the person's name of now."""
    return (
        "(SELECT accounts.number AS account, coalesce(aliases.customer, lake.person) AS person, lake.name, lake.value,"
        ' lake."at", lake.received_at, lake.properties'
        f""" FROM {quoted(*files)} AS lake"""
        " JOIN named ON named.name = lake.account JOIN accounts ON accounts.account = named.account"
        " LEFT JOIN aliases ON aliases.person = lake.person)"
    )


def _move(work: duckdb.DuckDBPyConnection) -> None:
    """Let accounts and people who turn out to be the same have the smaller of their numbers."""
    work.execute(
        "CREATE TEMP TABLE new_accounts AS SELECT coalesce(target, account) AS account, number AS old,"
        " min(number) OVER (PARTITION BY coalesce(target, account)) AS number"
        " FROM old_accounts LEFT JOIN moves USING (account)"
    )
    work.execute("CREATE TEMP TABLE accounts AS SELECT DISTINCT account, number FROM new_accounts")
    work.execute("CREATE TEMP TABLE moved_accounts AS SELECT old, number FROM new_accounts WHERE old <> number")
    work.execute(
        "CREATE TEMP TABLE new_people AS SELECT account, person, old, min(old) OVER (PARTITION BY account, person)"
        " AS number FROM (SELECT coalesce(moved.number, account) AS account, coalesce(customer, person) AS person,"
        " old_people.number AS old FROM old_people LEFT JOIN moved_accounts AS moved ON moved.old = account"
        " LEFT JOIN aliases USING (person))"
    )
    work.execute("CREATE TEMP TABLE people AS SELECT DISTINCT account, person, number FROM new_people")
    work.execute("CREATE TEMP TABLE moved_people AS SELECT old, number FROM new_people WHERE old <> number")


def _number_new(work: duckdb.DuckDBPyConnection, files: Sequence[str]) -> None:
    work.execute(
        "INSERT INTO accounts SELECT account, (SELECT coalesce(max(number), -1) FROM old_accounts)"
        " + row_number() OVER (ORDER BY account) FROM (SELECT DISTINCT account FROM named)"
        " ANTI JOIN accounts USING (account)"
    )
    work.execute(
        "INSERT INTO people SELECT account, person, (SELECT coalesce(max(number), -1) FROM old_people)"
        f" + row_number() OVER (ORDER BY account, person) FROM (SELECT DISTINCT account, person FROM {came_from(files)}"
        " WHERE person IS NOT NULL) ANTI JOIN people USING (account, person)"
    )


def _frame(work: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, list[str]]) -> None:
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    work.register("given", frame)
    work.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM given")
    work.unregister("given")


def _load(work: duckdb.DuckDBPyConnection, name: str, columns: str, path: str) -> None:
    work.execute(f"CREATE TEMP TABLE {name} ({columns})")
    if path:
        work.execute(f"INSERT INTO {name} SELECT * FROM read_parquet($file)", {"file": manifest.paths([path])[0]})
