"""A series has one value for each account and day; a later one takes the place of an earlier one."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from banso.people.testing import AN_ACTOR
from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.actions import SeriesSaved, save_series
from banso.usage.queries import Known, Measure
from banso.usage.testing import events, recorded
from banso.usage.tests.history import MONDAYS

pytestmark = pytest.mark.django_db

type Row = tuple[str, str, date, float]
FIRST = datetime(2026, 3, 10, 1, tzinfo=UTC)
NPS = ("series:nps",)
ASKED = [
    Measure("last", "value_last", 60, NPS),
    Measure("sum", "value_sum", 60, NPS),
    Measure("mean", "value_mean", 60, NPS),
    Measure("times", "events", 60, NPS),
    Measure("change", "change", 28, NPS, of="value_last"),
]


def save(*rows: Row, now: datetime = FIRST) -> SeriesSaved:
    frame = pl.DataFrame(rows, schema=["account", "series", "on", "value"], orient="row")
    done = save_series(frame, source="test", by=AN_ACTOR, now=now)
    actions.roll_up(now, time_zone="Asia/Tokyo")
    return done


def on(day: date, known: Known = "event") -> tuple[float | None, ...]:
    [row] = usage.measures_on(ASKED, day, known=known).filter(pl.col("account") == "acme").rows()
    return row[1:]


def test_newest_sum_mean_and_change_are_measured_as_of_any_day() -> None:
    done = save(
        ("acme", "nps", date(2026, 1, 5), 4.0),
        ("acme", "nps", date(2026, 2, 5), 8.0),
        ("acme", "csat", date(2026, 2, 6), 1.0),
    )
    assert done == SeriesSaved(3, 0, 0)
    assert on(date(2026, 1, 6)) == (4, 4, 4, 1, None)
    assert on(date(2026, 2, 5)) == (4, 4, 4, 1, None)  # the day itself does not count yet
    assert on(date(2026, 2, 6)) == (8, 12, 6, 2, None)
    assert on(date(2026, 3, 2)) == (8, 12, 6, 2, 2)
    assert on(date(2026, 5, 20)) == (None, 0, None, 0, None)


def test_a_correction_takes_the_place_of_the_earlier_value_which_was_known_until_then() -> None:
    day, later = date(2026, 3, 5), FIRST + timedelta(days=7)
    save(("acme", "nps", day, 4.0), ("acme", "nps", date(2026, 3, 6), 6.0))
    assert save(("acme", "nps", day, 9.0), now=later) == SeriesSaved(0, 1, 0)
    assert on(date(2026, 3, 20))[:4] == (6, 15, 7.5, 2)
    assert on(date(2026, 3, 12), "received")[:4] == (6, 10, 5, 2)
    assert on(date(2026, 3, 20), "received")[:4] == (6, 15, 7.5, 2)
    # Back again, and the newest day corrected too: the last word counts.
    save(("acme", "nps", day, 4.0), now=later)
    save(("acme", "nps", date(2026, 3, 6), 1.0), now=later)
    assert on(date(2026, 3, 20))[:4] == (1, 5, 2.5, 2)


def test_the_same_again_changes_nothing() -> None:
    row = ("acme", "nps", date(2026, 3, 5), 4.0)
    save(row)
    assert save(row, now=FIRST + timedelta(days=3)) == SeriesSaved(0, 0, 1)
    both = pl.DataFrame(
        [row, ("acme", "nps", date(2026, 3, 6), 1.0)], schema=["account", "series", "on", "value"], orient="row"
    )
    assert actions.compared_series(both) == SeriesSaved(1, 0, 1)
    assert actions.compared_series(both.clear()) == SeriesSaved(0, 0, 0)
    assert on(date(2026, 3, 20))[:4] == (4, 4, 4, 1)


def test_every_week_equals_its_day_by_either_time() -> None:
    for at, value in enumerate((3.0, 5.0, 2.0, 7.0)):
        rows: list[Row] = [("acme", "nps", date(2026, 1, 1) + timedelta(days=9 * n), value + n) for n in range(8)]
        save(*rows, now=datetime(2026, 1, 20, tzinfo=UTC) + timedelta(days=17 * at))
    for known in usage.KNOWN:
        weeks = usage.measures_by_week(ASKED, MONDAYS, known=known)
        days = [usage.measures_on(ASKED, day, known=known).with_columns(week=pl.lit(day)) for day in MONDAYS]
        assert weeks.rows() == pl.concat(days).select(weeks.columns).sort("account", "week").rows()


def test_values_are_no_moments_and_no_use() -> None:
    recorded(events(("2026-03-01T03:00:00", "acme", "taro", "report.opened")))
    save(("acme", "nps", date(2026, 3, 5), 4.0))
    assert usage.moments_of("acme") == []
    assert usage.totals_of(["acme"], date(2026, 3, 1), date(2026, 3, 31))["acme"].n == 1
    [row] = [one for one in usage.event_names() if one.name == "series:nps"]
    assert (row.label, row.kind) == ("nps", "moment")
    assert usage.daily_amounts(["series:nps"], date(2026, 3, 1), date(2026, 3, 31))["value"].to_list() == [4.0]
    assert usage.latest_values(["series:nps"], date(2026, 3, 1), date(2026, 3, 31))["value"].to_list() == [4.0]
