"""Count the lake into roll-ups: only the months that changed, and all of them visible at the same moment."""

import shutil
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
from django.db import transaction

from banso.people import queries as people
from banso.usage.actions.loading import bring
from banso.usage.actions.naming import know_names
from banso.usage.actions.numbering import Bench, came_from, names_of, number_all
from banso.usage.models import EventName, manifest
from banso.usage.models.engine import connection, literal
from banso.usage.models.manifest import LakeFile, Manifest, MonthFiles, RollUp
from banso.usage.queries.catalogue import derived_events, meanings
from banso.usage.queries.identity import identity_mark
from banso.usage.rules.days import month_bounds, months_touched, neighbours
from banso.usage.rules.deriving import FIRST_NUMBER, meets, number_in
from banso.usage.rules.names import COUNTED, IS_USE, NameRule, word_of, words_for
from banso.usage.rules.series import SERIES, versions


@dataclass(frozen=True)
class RolledUp:
    """What one call of `roll_up` did."""

    months: tuple[str, ...]
    segments: int
    rows: int


@dataclass(frozen=True)
class _Plan:
    """What is to be done: months to count anew from the lake, and the files of which counts are added to the others."""

    anew: frozenset[str]
    added: tuple[LakeFile, ...]

    def files_of(self, month: str, seen: Manifest) -> list[str]:
        """Return the files of the lake to read for a month of the company's calendar."""
        near = set(neighbours(month))
        found = seen.lake if month in self.anew else self.added
        return manifest.paths(one.path for one in found if one.month in near)


def roll_up(
    now: datetime, *, time_zone: str | None = None, tell: Callable[[int, int], None] = lambda _done, _total: None
) -> RolledUp:
    """Bring the roll-ups up to the lake: add the counts of what came since, late events included, to their months.

    Days are days of `time_zone` (default: the company's). When the time zone or the meaning of a name changed, every
    month is counted anew; where a name turned out to be another one's, or is told apart by properties since, the months
    it is in. Safe to kill and to run twice: the new files become visible together, at the end. `tell` hears how many
    months of how many are counted.
    """
    zone = ZoneInfo(time_zone or people.company().time_zone)
    with manifest.lock("roll_up"):
        manifest.sweep("roll_up")
        seen = manifest.current()
        catalogue = _catalogue(seen, now=now)
        mark = identity_mark()
        is_whole = _is_whole(seen.roll_up, catalogue, zone)
        is_behind = is_whole or mark != seen.roll_up.identity or _declared_since(seen.roll_up, catalogue)
        if not seen.lake or not (seen.pending or is_behind):
            return RolledUp(months=(), segments=0, rows=0)
        folder = manifest.staging("roll_up")
        work = connection().cursor()
        try:
            bench = Bench(work=work, folder=folder, zone=zone, words=words_for(catalogue), derived=derived_events())
            made, months = _made(bench, seen, catalogue, is_whole=is_whole, tell=tell)
        finally:
            work.close()
            shutil.rmtree(folder, ignore_errors=True)
        made = replace(made, identity=mark, made_at=now)
        # Before they become visible: a reading never meets roll-ups that the engine lacks.
        bring(seen, made)
        manifest.publish_roll_up(made, segments=seen.pending)
    rows = sum(made.months[month].rows for month in months if month in made.months)
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
    return meanings()


def _is_whole(before: RollUp, catalogue: dict[str, NameRule], zone: ZoneInfo) -> bool:
    is_same = all(catalogue.get(name) == rule for name, rule in before.catalogue.items())
    return before.time_zone != zone.key or before.shape != manifest.SHAPE or not is_same


def _made(
    bench: Bench,
    seen: Manifest,
    catalogue: dict[str, NameRule],
    *,
    is_whole: bool,
    tell: Callable[[int, int], None],
) -> tuple[RollUp, list[str]]:
    work = bench.work
    _show_names(work, catalogue, bench.words)
    added = tuple(seen.lake if is_whole else seen.pending_files())
    names = names_of(work, seen, manifest.paths(one.path for one in added))
    touched = _months_of(added, bench.zone)
    anew = touched if is_whole else _months_with(bench, seen, "account", names.detached)
    if not is_whole:
        anew |= _months_of_declared(bench, seen, catalogue) | _months_of_series(bench, seen, catalogue)
    plan = _Plan(frozenset(anew), added)
    read = {path for month in anew | touched for path in plan.files_of(month, seen)}
    is_moved = number_all(bench, seen, names, sorted(read))
    before = seen.roll_up.months if seen.roll_up.time_zone == bench.zone.key else {}
    if is_moved:
        touched |= {month for month, files in before.items() if _has_moved(work, files)}
    months = dict(before)
    for done, month in enumerate(sorted(anew | touched)):
        tell(done, len(anew | touched))
        kept = None if month in anew else months.get(month)
        months.pop(month, None)
        if built := _build_month(bench, plan.files_of(month, seen), month, kept):
            months[month] = built
    return replace(_numbers(bench, seen.roll_up), catalogue=catalogue, months=months), sorted(anew | touched)


def _months_of(files: Iterable[LakeFile], zone: ZoneInfo) -> set[str]:
    months: set[str] = set()
    for one in files:
        months.update(months_touched(one.first_at.astimezone(zone).date(), one.last_at.astimezone(zone).date()))
    return months


def _declared_since(before: RollUp, catalogue: dict[str, NameRule]) -> set[int]:
    """Return the numbers of what was declared of properties since a roll-up."""
    return {rule.bit for name, rule in catalogue.items() if rule.kind == "derived" and name not in before.catalogue}


def _months_of_declared(bench: Bench, seen: Manifest, catalogue: dict[str, NameRule]) -> set[str]:
    """Return the months in which events may lie that are counted by their properties now."""
    events = {bench.derived[number].event for number in _declared_since(seen.roll_up, catalogue)}
    if "" in events:
        return _months_of(seen.lake, bench.zone)
    same = [name for name, rule in catalogue.items() if name in events or rule.counts_as in events]
    return _months_with(bench, seen, "name", same)


def _months_of_series(bench: Bench, seen: Manifest, catalogue: dict[str, NameRule]) -> set[str]:
    """Return the months that values of series came for: what one replaces is found only where all are read."""
    if not seen.pending or not any(name.startswith(SERIES) for name in catalogue):
        return set()
    found = bench.work.execute(
        """SELECT DISTINCT strftime(timezone($zone, "at"), '%Y-%m') FROM read_parquet($files)"""
        f" WHERE starts_with(name, '{SERIES}')",
        {"zone": bench.zone.key, "files": manifest.paths(one.path for one in seen.pending_files())},
    )
    return {month for (month,) in found.fetchall()}


def _months_with(bench: Bench, seen: Manifest, column: str, names: Sequence[str]) -> set[str]:
    """Return the months that events of some accounts, or of some names, lie in."""
    if not names:
        return set()
    found = bench.work.execute(
        """SELECT DISTINCT strftime(timezone($zone, "at"), '%Y-%m') FROM read_parquet($files)"""
        f" WHERE {column} IN (SELECT unnest($names))",
        {"zone": bench.zone.key, "files": manifest.paths(one.path for one in seen.lake), "names": list(names)},
    )
    return {month for (month,) in found.fetchall()}


def _has_moved(work: duckdb.DuckDBPyConnection, files: MonthFiles) -> bool:
    found = work.execute(
        "SELECT 1 FROM read_parquet($file) WHERE account IN (SELECT old FROM moved_accounts)"
        " OR person IN (SELECT old FROM moved_people) LIMIT 1",
        {"file": manifest.paths([files.daily])[0]},
    )
    return found.fetchone() is not None


def _numbers(bench: Bench, before: RollUp) -> RollUp:
    """Return the roll-up with its files of numbers; those that nothing was added to stay as they are."""
    paths = {}
    for name, order in (("accounts", "account"), ("people", "account, person"), ("names", "name")):
        table = "named" if name == "names" else name
        path = getattr(before, name)
        if path and _is_same(bench.work, table, path):
            paths[name] = path
        else:
            paths[name] = _copy(bench, f"SELECT * FROM {table} ORDER BY {order}", name)
    return replace(before, time_zone=bench.zone.key, shape=manifest.SHAPE, **paths)


def _is_same(work: duckdb.DuckDBPyConnection, table: str, path: str) -> bool:
    file = literal(manifest.paths([path])[0])
    found = work.execute(
        f"SELECT (SELECT (count(*), bit_xor(hash(t))) FROM {table} AS t)"
        f" = (SELECT (count(*), bit_xor(hash(t))) FROM read_parquet({file}) AS t)"
    ).fetchone()
    return bool(found and found[0])


def _show_names(work: duckdb.DuckDBPyConnection, catalogue: dict[str, NameRule], words: int) -> None:
    """Make the tables `names` (name, event) and `events` (event, is_use, its mask words) of what is counted."""
    work.register("names_frame", _names(catalogue, words))
    work.execute(f"CREATE TEMP TABLE names AS SELECT name, event FROM names_frame WHERE event < {FIRST_NUMBER}")
    work.execute("CREATE TEMP TABLE events AS SELECT DISTINCT * EXCLUDE (name) FROM names_frame")


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


def _build_month(bench: Bench, files: list[str], month: str, kept: MonthFiles | None) -> MonthFiles | None:
    """Count the files of the lake, add what was counted before, and write both roll-ups of a month."""
    parts = _from_lake(bench, files) if files else []
    if kept is not None:
        parts.append(
            "SELECT coalesce(one.number, account) AS account, coalesce(other.number, person) AS person, event, day,"
            " late, n, value, newest, newest_at"
            f" FROM read_parquet({literal(manifest.paths([kept.daily])[0])}, hive_partitioning=false)"
            " LEFT JOIN moved_accounts AS one ON one.old = account"
            " LEFT JOIN moved_people AS other ON other.old = person"
        )
    if not parts:
        return None
    first_at, end_at = month_bounds(month, bench.zone)
    given = {"zone": bench.zone.key, "first": first_at, "end": end_at} if files else {}
    bench.work.execute(
        "CREATE OR REPLACE TEMP TABLE daily AS SELECT account, person, event, day, late, sum(n)::INTEGER AS n,"
        " sum(value) AS value, arg_max(newest, (newest_at, newest)) FILTER (newest_at IS NOT NULL) AS newest,"
        " max(newest_at) AS newest_at"
        f" FROM ({' UNION ALL '.join(parts)}) GROUP BY account, person, event, day, late",
        given,
    )
    return _written(bench, month)


def _from_lake(bench: Bench, files: list[str]) -> list[str]:
    """Return the queries of what is counted in files of the lake: every name, and what is declared of properties."""
    came = f"{came_from(files)} AS lake JOIN names USING (name)"
    parts = [_counted("names.event", "value", came, f"NOT starts_with(name, '{SERIES}')"), versions(came)]
    for number, one in sorted(bench.derived.items()):
        uses = "SELECT event FROM events WHERE is_use = 1"
        wanted = f"SELECT event FROM names WHERE name = {literal(one.event)}" if one.event else uses
        value = number_in(one.value_of, "properties") if one.value_of else "value"
        is_in = f"names.event IN ({wanted}) AND {meets(one.where, 'properties')}"
        parts.append(_counted(str(number), value, came, is_in))
    return parts


def _counted(event: str, value: str, came: str, condition: str) -> str:
    """Return the query that gives events in a row each, under the number of an event and with a value."""
    return (
        f"SELECT account, person, event, day, late, n, value, value AS newest,"
        " CASE WHEN value IS NOT NULL THEN moment END AS newest_at FROM (SELECT"
        f" lake.account, people.number AS person, {event} AS event,"
        """ datediff('day', DATE '0001-01-01', timezone($zone, "at")::DATE)::INTEGER AS day,"""
        """ greatest(timezone($zone, received_at)::DATE - timezone($zone, "at")::DATE, 0)::INTEGER AS late,"""
        f""" 1 AS n, {value} AS value, epoch_us("at") AS moment FROM {came}"""
        " LEFT JOIN people ON people.account = lake.account AND people.person = lake.person"
        f""" WHERE "at" >= $first AND "at" < $end AND {condition})"""
    )


def _written(bench: Bench, month: str) -> MonthFiles | None:
    found = bench.work.execute("SELECT count(*), min(day), max(day) FROM daily").fetchone()
    if found is None or not found[0]:
        return None
    masks = ", ".join(f"bit_or(events.m{word})::BIGINT AS m{word}" for word in range(bench.words))
    return MonthFiles(
        daily=_copy(bench, "SELECT * FROM daily ORDER BY account, event, day, person, late", "daily", month),
        user_day=_copy(
            bench,
            f"SELECT account, person, day, late, sum(n * is_use)::INTEGER AS n, {masks} FROM daily"
            " JOIN events USING (event) GROUP BY account, person, day, late ORDER BY account, person, day, late",
            "user_day",
            month,
        ),
        words=bench.words,
        first_day=found[1],
        last_day=found[2],
        rows=found[0],
    )


def _copy(bench: Bench, query: str, name: str, month: str = "") -> str:
    unique = uuid.uuid4().hex
    written = bench.folder / f"{unique}.parquet"
    bench.work.execute(f"COPY ({query}) TO {literal(written)} (FORMAT parquet, COMPRESSION zstd)")
    place = f"roll_up/{name}/month={month}/{unique}.parquet" if month else f"roll_up/{name}/{unique}.parquet"
    return manifest.move_in(written, place)
