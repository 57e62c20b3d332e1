"""Keep the values of account series: what is new, what corrects an earlier value, and what is known already."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from banso.people import queries as people
from banso.people.access import Actor
from banso.usage.actions.recording import record
from banso.usage.models import EventName, manifest
from banso.usage.models.manifest import Manifest
from banso.usage.queries.reading import lake
from banso.usage.rules.series import event_of, message_id, moment_of

ROWS: Final = {"account": pl.String(), "series": pl.String(), "on": pl.Date(), "value": pl.Float64()}
_KEY: Final = ["account", "series", "on"]
_KNOWN: Final = {**ROWS, "received_us": pl.Int64()}
# Rows that are not in the lake yet come after what is there, whatever the clock says.
TICK: Final = timedelta(microseconds=1)
DAY: Final = timedelta(days=1)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SeriesSaved:
    """How many values were added, took the place of an earlier one, and were known already."""

    added: int
    changed: int
    same: int


def compared_series(rows: pl.DataFrame) -> SeriesSaved:
    """Return what keeping these rows would do."""
    return _told(_beside_known(rows))


def save_series(rows: pl.DataFrame, *, source: str, by: Actor, now: datetime) -> SeriesSaved:
    """Keep values of series (account: its own external id, series, on, value), each account, series and day once.

    Of a value that differs from the one that is known, the new one counts from `now` on. Saved again, nothing changes.
    Outside a transaction, as `record` is.
    """
    zone = ZoneInfo(people.company().time_zone)
    with manifest.lock("series"):
        found = _beside_known(rows)
        fresh = found.filter(pl.col("earlier").is_null() | (pl.col("earlier") != pl.col("value")))
        if fresh.height:
            newest: Any = found["received_us"].max() or 0
            received_at = max(now, EPOCH + timedelta(microseconds=newest) + TICK)
            record(_events(fresh, zone, received_at), source=source, by=by, now=now)
            _label(fresh["series"].unique().sort().to_list())
    return _told(found)


def _told(found: pl.DataFrame) -> SeriesSaved:
    added = int(found["earlier"].is_null().sum())
    same = int((found["earlier"] == found["value"]).sum())
    return SeriesSaved(added, found.height - added - same, same)


def _events(rows: pl.DataFrame, zone: ZoneInfo, received_at: datetime) -> pl.DataFrame:
    made = [
        (moment_of(on, zone), account, event_of(series), value, message_id(account, series, on, received_at))
        for account, series, on, value in rows.select(list(ROWS)).iter_rows()
    ]
    moment = pl.Datetime("us", "UTC")
    schema: dict[str, Any] = {
        "at": moment,
        "account": pl.String,
        "name": pl.String,
        "value": pl.Float64,
        "message_id": pl.String,
    }
    return pl.DataFrame(made, schema=schema, orient="row").with_columns(
        pl.lit(received_at, moment).alias("received_at")
    )


def _beside_known(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with the value that is known of the same account, series and day, as `earlier`."""
    given = rows.select(pl.col(name).cast(kind) for name, kind in ROWS.items())
    return given.join(_known(given).rename({"value": "earlier"}), on=_KEY, how="left")


def _known(rows: pl.DataFrame) -> pl.DataFrame:
    zone = people.company().time_zone
    if rows.is_empty():
        return pl.DataFrame(schema=_KNOWN)
    names = [event_of(series) for series in rows["series"].unique().sort().to_list()]
    days: list[date] = rows["on"].unique().sort().to_list()
    first, last = days[0] - DAY, days[-1] + DAY

    def look(work: duckdb.DuckDBPyConnection, seen: Manifest) -> list[tuple[Any, ...]]:
        files = [one.path for one in seen.lake if one.first_at.date() <= last and one.last_at.date() >= first]
        if not files:
            return []
        return work.execute(
            """SELECT account, name, timezone($zone, "at")::DATE AS day, arg_max(value, (received_at, value)),"""
            " epoch_us(max(received_at)) FROM read_parquet($files) WHERE name IN (SELECT unnest($names))"
            """ AND timezone($zone, "at")::DATE BETWEEN $first AND $last GROUP BY ALL ORDER BY ALL""",
            {"zone": zone, "files": manifest.paths(files), "names": names, "first": days[0], "last": days[-1]},
        ).fetchall()

    found = pl.DataFrame(lake(look), schema=_KNOWN, orient="row")
    return found.with_columns(pl.col("series").str.strip_prefix(event_of("")))


def _label(series: list[str]) -> None:
    """Call the events of new series by the name of the series."""
    unnamed = EventName.objects.filter(name__in=[event_of(one) for one in series], label="").order_by("pk")
    for one in unnamed:
        one.label = one.name.removeprefix(event_of(""))
    EventName.objects.bulk_update(unnamed, ["label"], batch_size=500)
