"""Measures ask for events by their properties: what is declared is counted, past events too."""

import json
from datetime import date

import polars as pl
import pytest

from banso.people.access import SYSTEM
from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.queries import Measure, WrongMeasure
from banso.usage.rules.deriving import Derived, meets
from banso.usage.testing import NOW, events, recorded
from banso.usage.tests.catalogue import filtered
from banso.usage.tests.history import MONDAYS, TODAY, recorded_history
from banso.usage.tests.naive import measured

pytestmark = pytest.mark.django_db

ON = date(2026, 4, 1)
PRO = Measure("pro", "events", 90, ("export.done",), where=("plan = pro",))
ROWS = Measure("rows", "value_sum", 90, ("export.done",), where=("plan = pro",), value_of="rows")
LAST = Measure("last", "value_last", 90, value_of="rows")


def _exported(day: int, **said: object) -> None:
    frame = events((f"2026-03-{day:02}T03:00:00", "acme", "taro", "export.done", 1.0))
    recorded(frame.with_columns(pl.lit(json.dumps(said)).alias("properties")))


def _values(*measures: Measure) -> tuple[float | None, ...]:
    [row] = usage.measures_on(measures, ON).rows()
    return row[1:]


def test_what_is_not_declared_yet_is_not_known_and_past_events_count_once_it_is() -> None:
    _exported(1, plan="pro", rows=10)
    _exported(2, plan="free", rows=20)
    assert _values(PRO, ROWS, LAST) == (None, None, None)
    assert not usage.needs_rolling_up()

    assert actions.declare([PRO, ROWS, LAST], now=NOW) == 3
    assert usage.needs_rolling_up()
    assert actions.roll_up(NOW, time_zone="Asia/Tokyo").months == ("2026-03",)

    assert _values(PRO, ROWS, LAST) == (1, 10, 20)
    assert not usage.needs_rolling_up()
    assert actions.declare([PRO, ROWS, LAST], now=NOW) == 0


def test_what_comes_later_is_added_to_what_was_counted() -> None:
    actions.declare([PRO, ROWS, LAST], now=NOW)
    _exported(1, plan="pro", rows=10)
    _exported(1, plan="pro", rows="7.5")
    _exported(3, plan="pro")
    assert _values(PRO, ROWS, LAST) == (3, 17.5, 10)


def test_only_months_with_such_events_are_counted_anew() -> None:
    _exported(1, plan="pro")
    recorded(events(("2026-01-10T03:00:00", "acme", "taro", "report.opened")))
    actions.declare([PRO], now=NOW)
    assert actions.roll_up(NOW, time_zone="Asia/Tokyo").months == ("2026-03",)


def test_two_names_of_one_thing_are_told_apart_together() -> None:
    _exported(1, plan="pro")
    frame = events(("2026-03-02T03:00:00", "acme", "taro", "exported", None))
    recorded(frame.with_columns(pl.lit('{"plan": "pro"}').alias("properties")))
    actions.declare([PRO], now=NOW)
    actions.merge_event("exported", into="export.done", by=SYSTEM, now=NOW)
    actions.roll_up(NOW, time_zone="Asia/Tokyo")
    assert _values(PRO) == (2,)


def test_odd_properties_are_met_by_no_condition_and_stop_nothing() -> None:
    actions.declare([PRO, ROWS], now=NOW)
    for at, text in enumerate(("not json", "[1]", "null", '{"plan": ["pro"]}', '{"plan": "pro", "rows": "NaN"}')):
        frame = events((f"2026-03-0{at + 1}T03:00:00", "acme", "taro", "export.done", None))
        recorded(frame.with_columns(pl.lit(text).alias("properties")))
    assert _values(PRO, ROWS) == (1, 0)


def test_declared_events_stand_in_no_list_of_names() -> None:
    actions.declare([PRO], now=NOW)
    _exported(1, plan="pro")
    assert [one.name for one in usage.event_names()] == ["export.done"]
    assert [one.name for one in usage.features_of("acme", date(2026, 3, 1), ON)] == ["export.done"]
    assert [one.n for one in usage.daily_of("acme", date(2026, 3, 1), ON)] == [1]


def test_a_quote_in_a_property_is_a_letter_like_any_other() -> None:
    assert meets(["it's = o'clock"], "p").count("'o''clock'") == 1
    assert Derived("a", ("x = 1",)).key == Derived("a", ("x = 1",)).key != Derived("a", ("x = 2",)).key


@pytest.mark.parametrize("kind", ["adoption", "distinct_features"])
def test_features_are_counted_whole(kind: usage.Kind) -> None:
    with pytest.raises(WrongMeasure, match="counted whole"):
        Measure("m", kind, events=("a",), where=("plan = pro",))


def test_what_cannot_be_read_is_no_condition() -> None:
    with pytest.raises(WrongMeasure, match="not a condition: plan is pro"):
        Measure("m", "events", where=("plan is pro",))


def test_every_condition_and_kind_equals_a_count_by_hand() -> None:
    measures = filtered()
    actions.declare(measures, now=NOW)
    happened = recorded_history()
    weeks = usage.measures_by_week(measures, MONDAYS, known="received")
    for on in (MONDAYS[3], MONDAYS[-1]):
        expected = measured(happened, measures, on, "received")
        rows = weeks.filter(pl.col("week") == on).drop("week").rows()
        assert {row[0]: row[1:] for row in rows} == expected
        now = usage.measures_on(measures, on, known="received")
        assert {row[0]: row[1:] for row in now.rows()} == expected
    now = usage.measures_on(measures, TODAY)
    assert {row[0]: row[1:] for row in now.rows()} == measured(happened, measures, TODAY)
