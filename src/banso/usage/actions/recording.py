"""Take events into the lake: durably, once each, and all of one call at the same moment."""

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import duckdb
import numpy as np
import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from banso.journal import actions as journal
from banso.people.access import Actor
from banso.usage.actions.naming import know_names
from banso.usage.models import ids as id_files
from banso.usage.models import manifest
from banso.usage.models.engine import connection, literal
from banso.usage.models.manifest import IdFile, LakeFile, Manifest
from banso.usage.rules.names import NAME_LENGTH

COLUMNS: Final[dict[str, pl.DataType]] = {
    "at": pl.Datetime("us", "UTC"),
    "account": pl.String(),
    "person": pl.String(),
    "name": pl.String(),
    "value": pl.Float64(),
    "message_id": pl.String(),
    "properties": pl.String(),
    "received_at": pl.Datetime("us", "UTC"),
}
NEEDED: Final = ("at", "account", "name")
DIGESTS_AT_ONCE: Final = 1_000_000
_DIGESTS: Final = {"id_upper": pl.UInt64, "id_lower": pl.UInt64}

# Every part with its length before it, so that no two contents can spell the same text; then the how-manieth of its
# kind it is in this call, so that two equal rows of one file stay two events and the same file again adds none.
CONTENT_ID: Final = """
'content-' || sha256(
    epoch_us("at") || '|' || length(account) || ':' || account || '|' || coalesce(length(person) || ':' || person, '-')
    || '|' || length(name) || ':' || name || '|' || coalesce(value::varchar, '-') || '|'
    || coalesce(length(properties) || ':' || properties, '-') || '|'
    || row_number() OVER (PARTITION BY "at", account, person, name, value, properties)
)
"""


class BadEvents(ValueError):
    """Events that cannot be kept: a column is missing, or a row lacks its time, account, name or message id."""


@dataclass(frozen=True)
class Recorded:
    """What one call of `record` did."""

    count: int
    duplicates: int
    first_at: datetime | None
    last_at: datetime | None


def record(
    events: pl.DataFrame | pl.LazyFrame,
    *,
    source: str,
    by: Actor,
    now: datetime,
    ids: Literal["given", "content"] = "given",
    is_stream: bool = False,
) -> Recorded:
    """Keep events in the lake, each `message_id` once, also against earlier calls; on return they are on the disk.

    Columns: at (UTC; a time without zone is taken as UTC), account, name, and where known person, value,
    message_id, properties (JSON text), received_at (default `now`). With `ids="content"` a row without `message_id`
    gets one made of its time, account, person, name, value, properties and the how-manieth equal row of this call it
    is; without, such a row raises `BadEvents`, as does a row without time, account or name. Ids of `content` calls
    are remembered for ever, those of `given` calls for the last days on which anything came in (BANSO_REPEAT_DAYS).
    Killed at any moment, either all events of the call are kept or none; called again with the same, it adds none.
    The measures see them after `roll_up`. Call it outside a transaction: it holds the lock of the lake, and the
    database only at its end. A stream, which calls every few seconds, is not told in the journal.
    """
    with manifest.lock("lake"):
        manifest.sweep("lake")
        segment = uuid.uuid4().hex
        total, names, files, ids_kept = _staged(events, segment, now=now, ids=ids)
        kept = sum(one.rows for one in files)
        recorded = Recorded(
            count=kept,
            duplicates=total - kept,
            first_at=min((one.first_at for one in files), default=None),
            last_at=max((one.last_at for one in files), default=None),
        )
        with transaction.atomic():
            know_names(names, now=now)
            if not is_stream:
                _tell(recorded, source, by=by, now=now)
            # Last, so that a failure above leaves nothing behind but files that nobody names.
            if files:
                manifest.publish_segment(files, segment=segment, ids=ids_kept)
    return recorded


def _staged(
    events: pl.DataFrame | pl.LazyFrame, segment: str, *, now: datetime, ids: str
) -> tuple[int, list[str], list[LakeFile], tuple[IdFile, ...]]:
    """Write the events that the lake lacks into files that nobody names yet; return rows given, names, files, ids."""
    folder = manifest.staging("lake")
    seen = manifest.current()
    work = connection().cursor()
    try:
        total = _read(work, events, folder, now=now, ids=ids)
        _refuse_bad_rows(work)
        remembered = seen.ids if seen.ids is not None else _ids_of_old(work, seen, folder)
        _keep_new(work, remembered)
        names = [name for (name,) in work.execute("SELECT DISTINCT name FROM fresh ORDER BY name").fetchall()]
        day = _day(remembered, now)
        files = _write(work, folder, segment, day)
        added = _write_ids(work, folder, "SELECT id_upper, id_lower FROM fresh", "" if ids == "content" else day)
        return total, names, files, (*remembered, *added)
    finally:
        work.close()
        shutil.rmtree(folder, ignore_errors=True)


def _read(
    work: duckdb.DuckDBPyConnection,
    events: pl.DataFrame | pl.LazyFrame,
    folder: Path,
    *,
    now: datetime,
    ids: str,
) -> int:
    """Make the table `incoming` of the eight columns; return how many rows it has."""
    shaped = _shaped(events.lazy(), now=now)
    parked = folder / "incoming.parquet"
    try:
        shaped.sink_parquet(parked, compression="lz4")
    except pl.exceptions.PolarsError as problem:
        raise BadEvents(
            _("A column holds something else than it should: %(problem)s.") % {"problem": problem}
        ) from problem
    identity = f"coalesce(message_id, {CONTENT_ID})" if ids == "content" else "message_id"
    told = folder / "told.parquet"
    work.execute(
        f"COPY (SELECT *, {id_files.DIGEST} FROM (SELECT * REPLACE ({identity} AS message_id)"
        f" FROM read_parquet({literal(parked)}))) TO {literal(told)} (FORMAT parquet, COMPRESSION lz4_raw)"
    )
    parked.unlink()
    work.execute(f"CREATE TEMP VIEW incoming AS SELECT * FROM read_parquet({literal(told)})")
    return _number(work, "SELECT count(*) FROM incoming")


def _shaped(events: pl.LazyFrame, *, now: datetime) -> pl.LazyFrame:
    found = events.collect_schema()
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise BadEvents(_("Columns are missing: %(columns)s.") % {"columns": ", ".join(missing)})
    columns = []
    for name, kind in COLUMNS.items():
        if name not in found:
            columns.append(pl.lit(now if name == "received_at" else None, dtype=kind).alias(name))
        elif isinstance(kind, pl.Datetime):
            columns.append(_as_utc(name, found[name]))
        else:
            columns.append(pl.col(name).cast(kind))
    blank = pl.col(pl.String).str.len_bytes() == 0
    return events.select(columns).with_columns(pl.when(~blank).then(pl.col(pl.String)).name.keep())


def _as_utc(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        return column.dt.convert_time_zone("UTC").cast(COLUMNS["at"])
    return column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _refuse_bad_rows(work: duckdb.DuckDBPyConnection) -> None:
    for name in (*NEEDED, "message_id"):
        without = _number(work, f'SELECT count(*) FROM incoming WHERE "{name}" IS NULL')
        if without:
            raise BadEvents(_("Rows without %(column)s: %(count)s.") % {"column": name, "count": without})
    odd = _number(work, """SELECT count(*) FROM incoming WHERE year("at") NOT BETWEEN 1900 AND 9000""")
    if odd:
        raise BadEvents(_("Rows with a time outside the years 1900 to 9000: %(count)s.") % {"count": odd})
    if long := _number(work, f"SELECT count(*) FROM incoming WHERE length(name) > {NAME_LENGTH}"):
        raise BadEvents(
            _("Rows with a name longer than %(limit)s letters: %(count)s.") % {"limit": NAME_LENGTH, "count": long}
        )


def _keep_new(work: duckdb.DuckDBPyConnection, remembered: tuple[IdFile, ...]) -> None:
    """Make the table `fresh` of the events not yet kept: the first of each message id, and none that the lake has."""
    once = "SELECT * FROM incoming"
    if _number(work, "SELECT count(*) - count(DISTINCT (id_upper, id_lower)) FROM incoming"):
        once += (
            ' QUALIFY row_number() OVER (PARTITION BY id_upper, id_lower ORDER BY received_at, "at", account, name) = 1'
        )
    files = [Path(path) for path in manifest.paths(one.path for one in remembered)]
    again: list[pl.DataFrame] = [pl.DataFrame(schema=_DIGESTS)]
    for upper, lower in _digests(work, "SELECT id_upper, id_lower FROM incoming"):
        is_kept = id_files.known(files, (upper, lower))
        again.append(pl.DataFrame({"id_upper": upper[is_kept], "id_lower": lower[is_kept]}, schema=_DIGESTS))
    work.register("kept", pl.concat(again))
    work.execute(f"CREATE TEMP TABLE fresh AS SELECT * FROM ({once}) AS news ANTI JOIN kept USING (id_upper, id_lower)")


def _ids_of_old(work: duckdb.DuckDBPyConnection, seen: Manifest, folder: Path) -> tuple[IdFile, ...]:
    """Return the ids of a lake that was filled before they were kept beside it; they are remembered for ever."""
    if not seen.lake:
        return ()
    every = ", ".join(literal(path) for path in manifest.paths(one.path for one in seen.lake))
    return _write_ids(work, folder, f"SELECT {id_files.DIGEST} FROM read_parquet([{every}])", "")


def _write_ids(work: duckdb.DuckDBPyConnection, folder: Path, query: str, day: str) -> tuple[IdFile, ...]:
    rows = _number(work, f"SELECT count(*) FROM ({query})")
    if not rows:
        return ()
    unique = uuid.uuid4().hex
    written = folder / f"{unique}.npy"
    id_files.write(written, rows, _digests(work, f"{query} ORDER BY id_upper, id_lower"))
    return (IdFile(path=manifest.move_in(written, f"lake/ids/{unique}.npy"), rows=rows, day=day),)


def _digests(work: duckdb.DuckDBPyConnection, query: str) -> Iterator[id_files.Digests]:
    for batch in work.sql(query).to_arrow_reader(DIGESTS_AT_ONCE):
        yield np.asarray(batch.column(0)), np.asarray(batch.column(1))


def _day(remembered: tuple[IdFile, ...], now: datetime) -> str:
    """Return the day that ids are filed under: today's, but never one before the newest, whatever the clock says."""
    return max([now.astimezone(UTC).date().isoformat(), *(one.day for one in remembered)])


def _write(work: duckdb.DuckDBPyConnection, folder: Path, segment: str, day: str) -> list[LakeFile]:
    months = work.execute(
        """SELECT strftime("at", '%Y-%m') AS month, count(*), timezone('UTC', min("at")), timezone('UTC', max("at"))"""
        " FROM fresh GROUP BY month ORDER BY month"
    ).fetchall()
    files = []
    for month, rows, first, last in months:
        written = folder / f"{month}.parquet"
        # By time, not by the month's text: blocks of other months are passed over unread.
        work.execute(
            "COPY (SELECT * EXCLUDE (id_upper, id_lower) FROM fresh"
            f""" WHERE "at" BETWEEN '{first}+00' AND '{last}+00'"""
            f' ORDER BY account, "at", message_id) TO {literal(written)} (FORMAT parquet, COMPRESSION zstd)'
        )
        path = manifest.move_in(written, f"lake/month={month}/{segment}.parquet")
        first_at, last_at = first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)
        files.append(
            LakeFile(
                path=path,
                month=month,
                segment=segment,
                rows=rows,
                first_at=first_at,
                last_at=last_at,
                came_on=day,
            )
        )
    return files


def _tell(recorded: Recorded, source: str, *, by: Actor, now: datetime) -> None:
    details = {
        "source": source,
        "count": recorded.count,
        "duplicates": recorded.duplicates,
        "first_at": recorded.first_at.isoformat() if recorded.first_at else None,
        "last_at": recorded.last_at.isoformat() if recorded.last_at else None,
    }
    journal.write(
        journal.News("usage.recorded", subject_kind="usage", subject_label=source, details=details), by=by, now=now
    )


def _number(work: duckdb.DuckDBPyConnection, query: str) -> int:
    return sum(int(number) for (number,) in work.execute(query).fetchall())
