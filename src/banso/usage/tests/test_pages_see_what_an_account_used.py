import os
import threading
from datetime import UTC, date, datetime

import duckdb
import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from banso.people.access import SYSTEM
from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.models import manifest
from banso.usage.models.engine import connection
from banso.usage.queries import DayRow, FeatureRow, Measure, PersonRow, TotalRow
from banso.usage.testing import NOW, events, recorded, used

pytestmark = pytest.mark.django_db

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def _given() -> None:
    recorded(
        events(
            ("2026-03-01T03:00:00", "acme", "taro", "report.opened"),
            ("2026-03-02T03:00:00", "acme", "taro", "report.opened"),
            ("2026-03-02T04:00:00", "acme", "hanako", "export.done", 2.5),
            ("2026-03-02T05:00:00", "acme's 子会社", None, "export.done", 1.5),
            ("2026-03-03T03:00:00", "acme", "taro", "ticket.opened", 9.0),
            ("2026-03-04T03:00:00", "acme", None, "churn.noticed"),
            ("2026-04-01T03:00:00", "acme", "taro", "report.opened"),
            ("2026-03-05T03:00:00", "other", "taro", "report.opened"),
        )
    )


def test_features_are_listed_most_used_first_without_moments() -> None:
    _given()
    assert usage.features_of("acme", *MARCH) == [
        FeatureRow(name="report.opened", label="", n=2, people=1, value=0.0, last_on=date(2026, 3, 2)),
        FeatureRow(name="export.done", label="", n=1, people=1, value=2.5, last_on=date(2026, 3, 2)),
    ]
    both = usage.features_of(["acme", "acme's 子会社", "unknown"], *MARCH)
    assert [(row.name, row.n, row.people, row.value) for row in both] == [
        ("export.done", 2, 1, 4.0),
        ("report.opened", 2, 1, 0.0),
    ]


def test_people_are_listed_most_active_first() -> None:
    _given()
    assert usage.people_of(["acme", "other"], *MARCH) == [
        PersonRow(account="acme", person="taro", n=2, active_days=2, last_on=date(2026, 3, 2)),
        PersonRow(account="acme", person="hanako", n=1, active_days=1, last_on=date(2026, 3, 2)),
        PersonRow(account="other", person="taro", n=1, active_days=1, last_on=date(2026, 3, 5)),
    ]
    assert [row.person for row in usage.people_of("acme", *MARCH, limit=1)] == ["taro"]


def test_days_are_listed_in_order() -> None:
    _given()
    assert usage.daily_of(["acme", "acme's 子会社"], *MARCH) == [
        DayRow(day=date(2026, 3, 1), n=1, people=1),
        DayRow(day=date(2026, 3, 2), n=3, people=2),
    ]


def test_totals_are_given_for_many_accounts_at_once() -> None:
    _given()
    assert usage.totals_of(["acme", "acme's 子会社", "unknown"], *MARCH) == {
        "acme": TotalRow(account="acme", n=3, people=2, active_days=2, last_on=date(2026, 3, 2)),
        "acme's 子会社": TotalRow(account="acme's 子会社", n=1, people=0, active_days=1, last_on=date(2026, 3, 2)),
    }


def test_moments_are_listed_newest_first_and_paged() -> None:
    _given()
    first = usage.moments_of("acme", limit=1)
    assert [(row.name, row.person, row.at) for row in first] == [
        ("churn.noticed", None, datetime(2026, 3, 4, 3, tzinfo=UTC))
    ]
    rest = usage.moments_of("acme", (first[0].at, first[0].message_id))
    assert [(row.name, row.person, row.value) for row in rest] == [("ticket.opened", "taro", 9.0)]
    assert usage.moments_of("acme", datetime(2026, 3, 3, 3, tzinfo=UTC)) == []
    assert usage.moments_of("acme", datetime(2020, 1, 1, tzinfo=UTC)) == []
    assert usage.moments_of([]) == []


def test_an_empty_lake_answers_everything_with_nothing() -> None:
    assert usage.features_of("acme", *MARCH) == []
    assert usage.people_of("acme", *MARCH) == []
    assert usage.daily_of("acme", *MARCH) == []
    assert usage.totals_of(["acme"], *MARCH) == {}
    assert usage.moments_of("acme") == []
    assert usage.span() is None
    assert usage.event_names() == []
    measures = [
        Measure("n", "events"),
        Measure("features", "distinct_features"),
        Measure("days", "active_days", 7, ("x",)),
        Measure("last", "recency_days", events=("x",)),
        Measure("value", "value_sum"),
    ]
    today = usage.measures_on(measures, date(2026, 3, 2))
    weeks = usage.measures_by_week(measures, [date(2026, 3, 2)])
    assert today.is_empty()
    assert weeks.is_empty()
    assert today.columns == ["account", "n", "features", "days", "last", "value"]
    assert weeks.columns == ["account", "week", "n", "features", "days", "last", "value"]
    assert usage.measures_by_week(measures, []).schema == weeks.schema


def test_a_week_is_named_by_its_monday_and_a_measure_once() -> None:
    with pytest.raises(usage.WrongMeasure, match="not a Monday"):
        usage.measures_by_week([Measure("n", "events")], [date(2026, 3, 3)])
    with pytest.raises(usage.WrongMeasure, match="same name"):
        usage.measures_on([Measure("n", "events"), Measure("n", "active_days")], date(2026, 3, 2))


def test_weeks_may_have_gaps() -> None:
    used("acme", ["2026-01-10", "2026-03-10"])
    mondays = [date(2026, 3, 16), date(2026, 1, 12)]
    found = usage.measures_by_week([Measure("n", "events", 28)], mondays)
    assert found.to_dicts() == [
        {"account": "acme", "week": date(2026, 1, 12), "n": 1.0},
        {"account": "acme", "week": date(2026, 3, 16), "n": 1.0},
    ]


def test_the_number_of_database_queries_does_not_grow() -> None:
    _given()
    with CaptureQueriesContext(database) as few:
        usage.features_of("acme", *MARCH)
    recorded(events(*[(f"2026-03-0{nr % 9 + 1}T03:00:00", "acme", f"p{nr}", f"x{nr}") for nr in range(50)]))
    with CaptureQueriesContext(database) as many:
        usage.features_of("acme", *MARCH)
    assert len(few) == len(many) == 1


def test_a_reader_whose_files_are_replaced_meanwhile_reads_the_new_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    used("acme", ["2026-03-01"])
    stale = manifest.current()
    for day in range(2, 16):
        used("acme", [f"2026-03-{day:02d}"])
    answers = iter([stale])
    real = manifest.current
    monkeypatch.setattr(manifest, "current", lambda: next(answers, None) or real())
    assert [row.n for row in usage.daily_of("acme", *MARCH)] == [1] * 15


def test_a_file_that_is_really_gone_is_an_error() -> None:
    used("acme", ["2026-03-01"])
    for file in manifest.paths([manifest.current().roll_up.months["2026-03"].user_day]):
        os.unlink(file)  # noqa: PTH108  # a disk that loses files
    with pytest.raises(duckdb.IOException):
        usage.daily_of("acme", *MARCH)


def test_threads_read_at_the_same_time() -> None:
    used("acme", ["2026-03-01"])
    found: list[list[DayRow]] = []
    threads = [threading.Thread(target=lambda: found.append(usage.daily_of("acme", *MARCH))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(connection()) for _ in range(3)}) == 1
    assert found == [[DayRow(day=date(2026, 3, 1), n=1, people=1)]] * 8


def test_a_reader_sees_nothing_of_a_recording_before_it_is_rolled_up() -> None:
    used("acme", ["2026-03-01"])
    actions.record(
        events(("2026-03-02T03:00:00", "acme", "taro", "report.opened")), source="t", by=SYSTEM, now=NOW, ids="content"
    )
    assert len(usage.daily_of("acme", *MARCH)) == 1
