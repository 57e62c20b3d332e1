"""Events for tests, recorded and rolled up through the real actions."""

from collections.abc import Iterable
from datetime import UTC, datetime

import polars as pl

from banso.people.access import SYSTEM
from banso.usage import actions
from banso.usage.actions import Recorded

NOW = datetime(2026, 4, 6, 3, 0, tzinfo=UTC)


def events(*rows: tuple[str, str, str | None, str] | tuple[str, str, str | None, str, float | None]) -> pl.DataFrame:
    """Return events from rows of (at as ISO text in UTC, account, person, name[, value])."""
    filled = [(*row, None)[:5] for row in rows]
    return pl.DataFrame(
        {
            "at": [datetime.fromisoformat(row[0]).replace(tzinfo=UTC) for row in filled],
            "account": [row[1] for row in filled],
            "person": [row[2] for row in filled],
            "name": [row[3] for row in filled],
            "value": [row[4] for row in filled],
        },
        schema={
            "at": pl.Datetime("us", "UTC"),
            "account": pl.String,
            "person": pl.String,
            "name": pl.String,
            "value": pl.Float64,
        },
    )


def recorded(frame: pl.DataFrame | pl.LazyFrame, *, now: datetime = NOW, time_zone: str = "Asia/Tokyo") -> Recorded:
    """Record events, ids made from their content, and roll them up."""
    done = actions.record(frame, source="test", by=SYSTEM, now=now, ids="content")
    actions.roll_up(now, time_zone=time_zone)
    return done


def used(
    account: str, days: Iterable[str], *, people: Iterable[str] = ("taro",), name: str = "report.opened"
) -> Recorded:
    """Let people of an account use a feature at noon (Japan) of some days, given as ISO dates."""
    rows = [(f"{day}T03:00:00", account, person, name) for day in days for person in people]
    return recorded(events(*rows))
