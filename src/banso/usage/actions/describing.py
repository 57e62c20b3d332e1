"""Count the events of each name over the whole lake, for the catalogue: how many, by whom, with which properties."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
from django.db import transaction

from banso.people import queries as people
from banso.usage.models import EventFacts, EventName, manifest
from banso.usage.models.manifest import LakeFile, Manifest
from banso.usage.queries.identity import accounts_by_name, people_by_alias
from banso.usage.queries.reading import lake, quoted
from banso.usage.rules.describing import properties_of

RECENT_DAYS: Final = 30
# Properties are read from so many of the newest events at most, and of so many of each name.
SAMPLED: Final = 200_000
SAMPLED_OF_A_NAME: Final = 200
_MARK: Final = "described"


@dataclass(frozen=True)
class _Days:
    """The days that count as recent: from which on, by whose calendar."""

    since: date
    zone: ZoneInfo

    @property
    def started(self) -> datetime:
        return datetime.combine(self.since, time(), self.zone).astimezone(UTC)


def describe_events(*, now: datetime) -> int:
    """Bring the facts of all names up to the lake; return of how many. Properties once seen stay until others are."""
    zone = ZoneInfo(people.company().time_zone)
    days = _Days(now.astimezone(zone).date() - timedelta(days=RECENT_DAYS - 1), zone)
    seen = manifest.current()
    facts: dict[str, dict[str, Any]] = lake(lambda work, at: _counted(work, at, days)) if seen.lake else {}
    ids = dict(EventName.objects.order_by("pk").values_list("name", "pk"))
    before = dict(EventFacts.objects.order_by("pk").values_list("event_id", "properties"))
    rows = [
        EventFacts(
            event_id=ids[name],
            **{"properties": before.get(ids[name], []), **said},
            described_at=now,
        )
        for name, said in sorted(facts.items())
        if name in ids
    ]
    with transaction.atomic():
        EventFacts.objects.all().delete()
        EventFacts.objects.bulk_create(rows, batch_size=500)
    _mark_file().write_text(_mark_of(seen, days.since), encoding="utf-8")
    return len(rows)


def needs_describing(now: datetime) -> bool:
    """Return whether events came, or a day began, since the facts were counted."""
    seen = manifest.current()
    since = now.astimezone(ZoneInfo(people.company().time_zone)).date() - timedelta(days=RECENT_DAYS - 1)
    try:
        return bool(seen.lake) and _mark_file().read_text(encoding="utf-8") != _mark_of(seen, since)
    except OSError:
        return bool(seen.lake)


def _counted(work: duckdb.DuckDBPyConnection, seen: Manifest, days: _Days) -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = {}
    span = """timezone('UTC', min("at")), timezone('UTC', max("at"))"""
    totals = f"SELECT name, count(*), {span} FROM {_of(seen.lake)} GROUP BY name"
    for name, n, first, last in work.execute(totals).fetchall():
        facts[name] = {"n": n, "first_at": first.replace(tzinfo=UTC), "last_at": last.replace(tzinfo=UTC)}
        facts[name]["days"] = [0] * RECENT_DAYS
    recent = [one for one in seen.lake if one.last_at >= days.started]
    if recent:
        _add_recent(work, facts, recent, days)
    for name, sample in _samples(work, seen.lake).items():
        if found := properties_of(sample):
            facts[name]["properties"] = found
    return facts


def _add_recent(
    work: duckdb.DuckDBPyConnection,
    facts: dict[str, dict[str, Any]],
    files: Sequence[LakeFile],
    days: _Days,
) -> None:
    """Add what the last days brought; people and accounts are those that events count for now."""
    came = work.execute(f"SELECT DISTINCT account FROM {_of(files)}").fetchall()
    _register(work, "named", accounts_by_name(name for (name,) in came))
    _register(work, "aliases", people_by_alias())
    given = {"started": days.started, "zone": days.zone.key}
    work.execute(
        "CREATE OR REPLACE TEMP TABLE recent AS SELECT lake.name, coalesce(named.value, lake.account) AS account,"
        ' coalesce(aliases.value, person) AS person, timezone($zone, "at")::DATE AS day, count(*) AS n'
        f" FROM {_of(files)} AS lake LEFT JOIN named ON named.name = lake.account"
        ' LEFT JOIN aliases ON aliases.name = person WHERE "at" >= $started GROUP BY ALL',
        given,
    )
    counted = "SELECT name, CAST(sum(n) AS BIGINT), count(DISTINCT (account, person)) FILTER (person IS NOT NULL),"
    for name, n, persons, accounts in work.execute(
        f"{counted} count(DISTINCT account) FROM recent GROUP BY name"
    ).fetchall():
        facts[name] |= {"n_recent": n, "people": persons, "accounts": accounts}
    for name, day, n in work.execute(
        "SELECT name, day, CAST(sum(n) AS BIGINT) FROM recent GROUP BY name, day"
    ).fetchall():
        if 0 <= (place := (day - days.since).days) < RECENT_DAYS:
            facts[name]["days"][place] = n


def _samples(work: duckdb.DuckDBPyConnection, files: Sequence[LakeFile]) -> dict[str, list[tuple[str | None, str]]]:
    """Return the newest (person, properties) of each name, out of the newest files."""
    newest: list[LakeFile] = []
    for one in sorted(files, key=lambda one: (one.last_at, one.path), reverse=True):
        if sum(kept.rows for kept in newest) >= SAMPLED:
            break
        newest.append(one)
    query = (
        f"SELECT name, person, properties FROM (SELECT * FROM {_of(newest)} WHERE properties IS NOT NULL"
        f" AND length(properties) < 20000 LIMIT {SAMPLED})"
        ' QUALIFY row_number() OVER (PARTITION BY name ORDER BY "at" DESC, person, properties)'
        f" <= {SAMPLED_OF_A_NAME}"
    )
    found: dict[str, list[tuple[str | None, str]]] = {}
    for name, person, properties in work.execute(query).fetchall():
        found.setdefault(name, []).append((person, properties))
    return found


def _register(work: duckdb.DuckDBPyConnection, table: str, pairs: dict[str, str]) -> None:
    schema = {"name": pl.String, "value": pl.String}
    work.register("given", pl.DataFrame({"name": list(pairs), "value": list(pairs.values())}, schema=schema))
    work.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM given")
    work.unregister("given")


def _of(files: Sequence[LakeFile]) -> str:
    return quoted(*manifest.paths(one.path for one in files))


def _mark_of(seen: Manifest, since: date) -> str:
    return f"{since.isoformat()} {sum(one.rows for one in seen.lake)}"


def _mark_file() -> Any:
    return manifest.home() / _MARK
