"""What some events came to on each day: what the limits of contracts are held against."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import duckdb
import polars as pl

from banso.usage.models import manifest
from banso.usage.models.manifest import Manifest
from banso.usage.queries.reading import Session, lake, quoted, reading
from banso.usage.rules.days import number_of
from banso.usage.rules.names import COUNTED

AMOUNTS: Final = {
    "account": pl.String(),
    "event": pl.String(),
    "day": pl.Date(),
    "late": pl.Int64(),
    "n": pl.Int64(),
    "value": pl.Float64(),
}
LATEST: Final = {"account": pl.String(), "event": pl.String(), "day": pl.Date(), "value": pl.Float64()}


def daily_amounts(events: Iterable[str], since: date, until: date) -> pl.DataFrame:
    """Return how often events happened and what their values sum to, by account, event and day, both days included.

    What came in `late` days after its day has a row of its own; days without have none. Ordered by account, event, day
    and lateness.
    """
    wanted = set(events)

    def look(work: Session) -> pl.DataFrame:
        catalogue = work.seen.roll_up.catalogue
        bits = {rule.bit: name for name, rule in catalogue.items() if name in wanted and rule.kind in COUNTED}
        months = manifest.months_of_days(since, until, work.seen.roll_up)
        if not bits or not months:
            return pl.DataFrame(schema=AMOUNTS)
        found = work.frame(
            "SELECT account, event, day, late, CAST(sum(n) AS BIGINT) AS n, coalesce(sum(value), 0) AS value"
            f" FROM {work.table('daily', months)} AS used WHERE event IN ({', '.join(map(str, sorted(bits)))})"
            f" AND day BETWEEN {number_of(since)} AND {number_of(until)} GROUP BY account, event, day, late"
        )
        labelled = found.with_columns(
            pl.col("event").replace_strict(bits, return_dtype=pl.String),
            (pl.col("day").cast(pl.Int32) - number_of(date(1970, 1, 1))).cast(pl.Date),
        )
        names = work.frame(f"SELECT number AS account, account AS id FROM {work.table('accounts')} AS accounts")
        whole = labelled.join(names, on="account").with_columns(pl.col("id").alias("account"))
        return whole.select(pl.col(name).cast(kind) for name, kind in AMOUNTS.items())

    return reading(look).sort("account", "event", "day", "late")


def latest_values(events: Iterable[str], since: date, until: date) -> pl.DataFrame:
    """Return the last value that events gave on each day, by account, event and day, both days included; read raw."""
    wanted = sorted(set(events))

    def look(work: duckdb.DuckDBPyConnection, seen: Manifest) -> list[tuple[Any, ...]]:
        files = [one.path for one in seen.lake]
        zone = seen.roll_up.time_zone
        if not files or not wanted or not seen.roll_up.names:
            return []
        return work.execute(
            "SELECT coalesce(names.account, came.account) AS account, came.name,"
            """ timezone($zone, "at")::DATE AS day, arg_max(value, ("at", received_at, coalesce(message_id, '')))"""
            " FROM read_parquet($files) AS came"
            f" LEFT JOIN {quoted(manifest.paths([seen.roll_up.names])[0])} AS names ON names.name = came.account"
            " WHERE came.name IN (SELECT unnest($events)) AND value IS NOT NULL"
            """ AND timezone($zone, "at")::DATE BETWEEN $since AND $until GROUP BY ALL ORDER BY ALL""",
            {"zone": zone, "files": manifest.paths(files), "events": wanted, "since": since, "until": until},
        ).fetchall()

    return pl.DataFrame(lake(look), schema=LATEST, orient="row")
