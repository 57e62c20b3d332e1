"""Account series: values that stand for a day, such as a satisfaction or a number of deals, kept as events.

They are part of the one timeline, under names that begin with `series:`. A later value of the same account, series and
day takes the place of the earlier one, which stays what was known until then.
"""

from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

SERIES: Final = "series:"
NAME_LENGTH: Final = 190
NOON: Final = time(12)


def event_of(series: str) -> str:
    """Return the name of the events of a series."""
    return f"{SERIES}{series}"


def moment_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment that stands for a day: its noon, which is of that day in the neighbouring zones, too."""
    return datetime.combine(day, NOON, tzinfo=zone).astimezone(UTC)


def message_id(account: str, series: str, on: date, received_at: datetime) -> str:
    """Return the id of one version of a value."""
    said = f"{account}\0{series}\0{on.isoformat()}\0{received_at.isoformat()}"
    return f"series-{sha256(said.encode()).hexdigest()[:40]}"


def versions(came: str) -> str:
    """Return the SQL of the values of series in a month's events, so that sums come out right by either time.

    A correction adds what it differs by, and counts no second time; it is the newest of its day. `came` is the SQL of
    events with their names (account, event, name, at, received_at, value).
    """
    of_day = "(PARTITION BY account, event, day ORDER BY received_at, value)"
    return (
        "SELECT account, person, event, day, late, CASE WHEN nth = 1 THEN 1 ELSE 0 END AS n,"
        " value - coalesce(earlier, 0) AS value, value AS newest, moment + nth - 1 AS newest_at"
        f" FROM (SELECT *, row_number() OVER {of_day} AS nth, lag(value) OVER {of_day} AS earlier FROM ("
        " SELECT account, NULL::INTEGER AS person, event, value, received_at,"
        """ datediff('day', DATE '0001-01-01', timezone($zone, "at")::DATE)::INTEGER AS day,"""
        """ greatest(timezone($zone, received_at)::DATE - timezone($zone, "at")::DATE, 0)::INTEGER AS late,"""
        f""" epoch_us("at") AS moment FROM {came}"""
        f""" WHERE starts_with(name, '{SERIES}') AND value IS NOT NULL AND "at" >= $first AND "at" < $end))"""
    )
