"""The past as it was known then: what came in after a date does not count as of it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.models import manifest
from banso.usage.queries import Known, Measure
from banso.usage.testing import NOW, events, recorded

pytestmark = pytest.mark.django_db

MEASURES = [
    Measure("events", "events", 28),
    Measure("people", "active_people", 28),
    Measure("days", "active_days", 28),
    Measure("streak", "streak_days"),
    Measure("recency", "recency_days"),
]
# Tokyo is nine hours ahead: 03:00 UTC is noon there.
FIRST, SECOND, THIRD = date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23)


def _came(at: str, person: str, received: str, *, account: str = "acme") -> pl.DataFrame:
    moment = datetime.fromisoformat(received).replace(tzinfo=UTC)
    return events((at, account, person, "report.opened")).with_columns(
        pl.lit(moment, pl.Datetime("us", "UTC")).alias("received_at")
    )


def _two_weeks() -> None:
    """Taro works on Sunday the 8th and the 15th; what Hanako did on the 7th came in on the 16th, after midnight."""
    recorded(_came("2026-03-08T03:00:00", "taro", "2026-03-08T03:00:01"))
    recorded(_came("2026-03-15T03:00:00", "taro", "2026-03-15T03:00:01"))
    recorded(_came("2026-03-07T03:00:00", "hanako", "2026-03-15T15:00:00"))


def _values(on: date, known: Known) -> tuple[float | None, ...]:
    rows = usage.measures_on(MEASURES, on, known=known).rows()
    return rows[0][1:] if rows else ()


def test_an_event_counts_from_the_day_after_it_came_in() -> None:
    _two_weeks()
    assert _values(FIRST, "event") == (2, 2, 2, 2, 1)
    assert _values(FIRST, "received") == (1, 1, 1, 1, 1)
    assert _values(SECOND, "event") == (3, 2, 3, 1, 1)
    assert _values(SECOND, "received") == (2, 1, 2, 1, 1)
    assert _values(THIRD, "received") == _values(THIRD, "event") == (3, 2, 3, 0, 8)


def test_every_week_says_what_was_known_on_its_monday() -> None:
    _two_weeks()
    found = usage.measures_by_week(MEASURES, [FIRST, SECOND, THIRD], known="received")
    assert found.rows() == [
        ("acme", FIRST, 1, 1, 1, 1, 1),
        ("acme", SECOND, 2, 1, 2, 1, 1),
        ("acme", THIRD, 3, 2, 3, 0, 8),
    ]


def test_an_account_whose_first_event_came_late_was_not_there() -> None:
    recorded(_came("2026-03-08T03:00:00", "taro", "2026-03-20T03:00:00"))
    assert _values(FIRST, "event") == (1, 1, 1, 1, 1)
    assert _values(FIRST, "received") == ()
    weeks = usage.measures_by_week(MEASURES, [FIRST, SECOND, THIRD], known="received")
    assert weeks["week"].to_list() == [THIRD]


def test_a_clock_that_runs_ahead_does_not_make_an_event_known_before_it_happened() -> None:
    recorded(_came("2026-03-10T03:00:00", "taro", "2026-03-08T03:00:00"))
    assert _values(FIRST, "received") == ()
    assert _values(SECOND, "received") == (1, 1, 1, 0, 6)


def test_one_day_of_a_person_is_one_day_however_often_more_of_it_came() -> None:
    for received in ("2026-03-08T03:00:01", "2026-03-12T03:00:00", "2026-03-13T03:00:00"):
        recorded(_came("2026-03-08T03:00:00", "taro", received).with_columns(pl.lit(float(received[9])).alias("value")))
    assert _values(SECOND, "event") == (3, 1, 1, 0, 8)
    [person] = usage.people_of("acme", date(2026, 3, 1), date(2026, 3, 31))
    assert (person.n, person.active_days) == (3, 1)
    assert [(row.n, row.people) for row in usage.daily_of("acme", date(2026, 3, 1), date(2026, 3, 31))] == [(3, 1)]


def test_roll_ups_of_an_earlier_version_are_made_anew() -> None:
    _two_weeks()
    old = manifest.current().roll_up
    manifest.publish_roll_up(replace(old, shape=0), segments=())
    assert usage.needs_rolling_up()
    with pytest.raises(usage.EngineDown, match="earlier version"):
        usage.daily_of("acme", date(2026, 3, 1), date(2026, 3, 31))

    assert actions.roll_up(NOW, time_zone="Asia/Tokyo").months == ("2026-03",)

    assert not usage.needs_rolling_up()
    assert _values(FIRST, "received") == (1, 1, 1, 1, 1)
