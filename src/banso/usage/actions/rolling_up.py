"""Count the lake into roll-ups: only the months that changed, and all of them visible at the same moment."""

import shutil
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
from django.db import transaction

from banso.people import queries as people
from banso.usage.actions.naming import know_names
from banso.usage.models import EventName, manifest
from banso.usage.models.engine import connection, literal
from banso.usage.models.manifest import Manifest, MonthFiles, RollUp
from banso.usage.rules.days import month_bounds, months_touched, neighbours
from banso.usage.rules.names import COUNTED, IS_USE, NameRule, word_of, words_for


@dataclass(frozen=True)
class RolledUp:
    """What one call of `roll_up` did."""

    months: tuple[str, ...]
    segments: int
    rows: int


@dataclass(frozen=True)
class _Bench:
    """What one roll-up works with."""

    work: duckdb.DuckDBPyConnection
    folder: Path
    zone: ZoneInfo
    words: int


def roll_up(now: datetime, *, time_zone: str | None = None) -> RolledUp:
    """Bring the roll-ups up to the lake: rebuild the months that events came for since, late ones included.

    Days are days of `time_zone` (default: the company's). When the time zone or the meaning of a name changed, every
    month is rebuilt. Safe to kill and to run twice: the new files become visible together, at the end.
    """
    zone = ZoneInfo(time_zone or people.company().time_zone)
    with manifest.lock("roll_up"):
        manifest.sweep("roll_up")
        seen = manifest.current()
        catalogue = _catalogue(seen, now=now)
        months = _months_to_build(seen, catalogue, zone)
        if not months:
            return RolledUp(months=(), segments=0, rows=0)
        folder = manifest.staging("roll_up")
        work = connection().cursor()
        try:
            bench = _Bench(work=work, folder=folder, zone=zone, words=words_for(catalogue))
            built = _build(bench, seen, catalogue, months)
        finally:
            work.close()
            shutil.rmtree(folder, ignore_errors=True)
        manifest.publish_roll_up(built, segments=seen.pending)
    rows = sum(built.months[month].rows for month in months if month in built.months)
    return RolledUp(months=tuple(months), segments=len(seen.pending), rows=rows)


def _catalogue(seen: Manifest, *, now: datetime) -> dict[str, NameRule]:
    """Return the names and what they stand for; names that a killed writer did not get to register are added first."""
    known = dict(EventName.objects.values_list("name", "kind"))
    pending = [one.path for one in seen.lake if one.segment in seen.pending]
    if pending:
        found = (
            connection()
            .cursor()
            .execute("SELECT DISTINCT name FROM read_parquet($files) ORDER BY name", {"files": manifest.paths(pending)})
            .fetchall()
        )
        if any(name not in known for (name,) in found):
            with manifest.lock("lake"), transaction.atomic():
                know_names([name for (name,) in found], now=now)
    return {
        name: NameRule(bit=bit, kind=str(kind))
        for name, bit, kind in EventName.objects.order_by("bit", "pk").values_list("name", "bit", "kind")
    }


def _months_to_build(seen: Manifest, catalogue: dict[str, NameRule], zone: ZoneInfo) -> list[str]:
    before = seen.roll_up
    is_same = before.time_zone == zone.key and all(
        catalogue.get(name) == rule for name, rule in before.catalogue.items()
    )
    files = [one for one in seen.lake if one.segment in seen.pending] if is_same else seen.lake
    months: set[str] = set()
    for one in files:
        months.update(months_touched(one.first_at.astimezone(zone).date(), one.last_at.astimezone(zone).date()))
    return sorted(months)


def _build(bench: _Bench, seen: Manifest, catalogue: dict[str, NameRule], months: list[str]) -> RollUp:
    bench.work.register("names_frame", _names(catalogue, bench.words))
    bench.work.execute("CREATE TEMP TABLE names AS SELECT * FROM names_frame")
    accounts, members = _number_people(bench, seen, {near for month in months for near in neighbours(month)})
    is_same_zone = seen.roll_up.time_zone == bench.zone.key
    kept = dict(seen.roll_up.months) if is_same_zone else {}
    for month in months:
        kept.pop(month, None)
        files = manifest.paths(one.path for one in seen.lake_files(neighbours(month)))
        if files and (made := _build_month(bench, files, month)):
            kept[month] = made
    return RollUp(time_zone=bench.zone.key, catalogue=catalogue, accounts=accounts, people=members, months=kept)


def _names(catalogue: dict[str, NameRule], words: int) -> pl.DataFrame:
    """Return a row for each name that is counted: its bit, 1 where it is use, and its mask words."""
    counted = {name: rule for name, rule in catalogue.items() if rule.kind in COUNTED}
    columns: dict[str, pl.Series] = {
        "name": pl.Series(list(counted), dtype=pl.String),
        "event": pl.Series([rule.bit for rule in counted.values()], dtype=pl.Int32),
        "is_use": pl.Series([int(rule.kind in IS_USE) for rule in counted.values()], dtype=pl.Int32),
    }
    for word in range(words):
        of_word = [word_of([rule.bit] if rule.kind == "feature" else [], word) for rule in counted.values()]
        columns[f"m{word}"] = pl.Series(of_word, dtype=pl.Int64)
    return pl.DataFrame(columns)


def _number_people(bench: _Bench, seen: Manifest, months: Iterable[str]) -> tuple[str, str]:
    """Give accounts and people short numbers, once and for ever: grouping by a number is several times faster.

    Makes the tables `accounts` (account, number) and `people` (account, person, number) and their files.
    """
    work = bench.work
    files = manifest.paths(one.path for one in seen.lake_files(months))
    _table(work, "accounts", "account VARCHAR, number INTEGER", seen.roll_up.accounts)
    _table(work, "people", "account INTEGER, person VARCHAR, number INTEGER", seen.roll_up.people)
    if files:
        work.execute(
            "INSERT INTO accounts SELECT account, (SELECT coalesce(max(number), -1) FROM accounts)"
            " + row_number() OVER (ORDER BY account) FROM (SELECT DISTINCT account FROM read_parquet($files))"
            " ANTI JOIN accounts USING (account)",
            {"files": files},
        )
        work.execute(
            "INSERT INTO people SELECT account, person, (SELECT coalesce(max(number), -1) FROM people)"
            " + row_number() OVER (ORDER BY account, person) FROM (SELECT DISTINCT accounts.number AS account, person"
            " FROM read_parquet($files) AS lake JOIN accounts USING (account) WHERE person IS NOT NULL)"
            " ANTI JOIN people USING (account, person)",
            {"files": files},
        )
    return (
        _copy(bench, "SELECT * FROM accounts ORDER BY account", "accounts"),
        _copy(bench, "SELECT * FROM people ORDER BY account, person", "people"),
    )


def _table(work: duckdb.DuckDBPyConnection, name: str, columns: str, path: str) -> None:
    work.execute(f"CREATE TEMP TABLE {name} ({columns})")
    if path:
        work.execute(f"INSERT INTO {name} SELECT * FROM read_parquet($file)", {"file": manifest.paths([path])[0]})


def _build_month(bench: _Bench, files: list[str], month: str) -> MonthFiles | None:
    first_at, end_at = month_bounds(month, bench.zone)
    bench.work.execute(
        "CREATE OR REPLACE TEMP TABLE daily AS SELECT accounts.number AS account, people.number AS person, names.event,"
        """ datediff('day', DATE '0001-01-01', timezone($zone, "at")::DATE)::INTEGER AS day,"""
        " count(*)::INTEGER AS n, sum(value) AS value"
        " FROM read_parquet($files) AS lake JOIN names USING (name) JOIN accounts ON accounts.account = lake.account"
        " LEFT JOIN people ON people.account = accounts.number AND people.person = lake.person"
        ' WHERE "at" >= $first AND "at" < $end GROUP BY ALL',
        {"files": files, "zone": bench.zone.key, "first": first_at, "end": end_at},
    )
    found = bench.work.execute("SELECT count(*), min(day), max(day) FROM daily").fetchone()
    if found is None or not found[0]:
        return None
    masks = ", ".join(f"bit_or(names.m{word})::BIGINT AS m{word}" for word in range(bench.words))
    return MonthFiles(
        daily=_copy(bench, "SELECT * FROM daily ORDER BY account, event, day, person", "daily", month),
        user_day=_copy(
            bench,
            f"SELECT account, person, day, sum(n * is_use)::INTEGER AS n, {masks} FROM daily JOIN names USING (event)"
            " GROUP BY account, person, day ORDER BY account, person, day",
            "user_day",
            month,
        ),
        words=bench.words,
        first_day=found[1],
        last_day=found[2],
        rows=found[0],
    )


def _copy(bench: _Bench, query: str, name: str, month: str = "") -> str:
    unique = uuid.uuid4().hex
    written = bench.folder / f"{unique}.parquet"
    bench.work.execute(f"COPY ({query}) TO {literal(written)} (FORMAT parquet, COMPRESSION zstd)")
    place = f"roll_up/{name}/month={month}/{unique}.parquet" if month else f"roll_up/{name}/{unique}.parquet"
    return manifest.move_in(written, place)
