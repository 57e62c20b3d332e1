from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import polars as pl
import pytest

from banso.journal import queries as journal
from banso.people.access import SYSTEM
from banso.usage import actions, jobs
from banso.usage import queries as usage
from banso.usage.models import EventName, manifest
from banso.usage.queries import Measure
from banso.usage.testing import NOW, events, recorded, used

pytestmark = pytest.mark.django_db

ALL = (date(2020, 1, 1), date(2030, 1, 1))


def _days(account: str = "acme") -> list[tuple[str, int]]:
    return [(row.day.isoformat(), row.n) for row in usage.daily_of(account, *ALL)]


def test_days_are_days_of_the_companys_time_zone() -> None:
    frame = events(
        ("2026-03-31T14:59:59", "acme", "taro", "x"),  # 23:59:59 on the 31st in Tokyo
        ("2026-03-31T15:00:00", "acme", "taro", "x"),  # midnight
    )
    recorded(frame, time_zone="Asia/Tokyo")
    assert _days() == [("2026-03-31", 1), ("2026-04-01", 1)]
    assert sorted(manifest.current().roll_up.months) == ["2026-03", "2026-04"]


def test_a_new_time_zone_counts_every_day_anew() -> None:
    recorded(events(("2026-03-31T15:00:00", "acme", "taro", "x")), time_zone="Asia/Tokyo")
    actions.roll_up(NOW, time_zone="America/New_York")
    assert _days() == [("2026-03-31", 1)]
    assert sorted(manifest.current().roll_up.months) == ["2026-03"]


def test_the_day_that_has_23_hours_has_its_events() -> None:
    frame = events(("2026-03-08T04:59:59", "acme", "taro", "x"), ("2026-03-09T03:59:59", "acme", "taro", "x"))
    recorded(frame, time_zone="America/New_York")
    assert _days() == [("2026-03-07", 1), ("2026-03-08", 1)]


def test_a_late_event_rebuilds_its_own_month_only() -> None:
    used("acme", ["2026-01-10", "2026-02-10", "2026-03-10"])
    before = manifest.current().roll_up.months
    used("acme", ["2026-02-11"])
    after = manifest.current().roll_up.months

    assert _days() == [("2026-01-10", 1), ("2026-02-10", 1), ("2026-02-11", 1), ("2026-03-10", 1)]
    assert [month for month in after if after[month] != before[month]] == ["2026-02"]


def test_a_second_roll_up_has_nothing_to_do() -> None:
    used("acme", ["2026-01-10"])
    generation = manifest.current().generation
    assert actions.roll_up(NOW, time_zone="Asia/Tokyo") == actions.RolledUp(months=(), segments=0, rows=0)
    assert manifest.current().generation == generation


def test_replaced_files_go_with_the_roll_up_after_the_next() -> None:
    used("acme", ["2026-01-10"])
    for day in ("2026-01-11", "2026-01-12"):
        used("acme", [day])
    on_disk = {str(file.relative_to(manifest.home())) for file in (manifest.home() / "roll_up").rglob("*.parquet")}
    seen = manifest.current()
    month = seen.roll_up.months["2026-01"]
    roll_up = seen.roll_up
    assert on_disk == {month.daily, month.user_day, roll_up.accounts, roll_up.people, roll_up.names, *seen.retired}
    for nr in range(13, 25):
        used("acme", [f"2026-01-{nr}"])
    assert not on_disk & {str(file.relative_to(manifest.home())) for file in manifest.home().rglob("*.parquet")} - {
        roll_up.accounts,
        roll_up.people,
        roll_up.names,
    }


def test_features_past_64_and_128_have_words_of_their_own() -> None:
    rows = [("2026-03-01T03:00:00", "acme", f"p{nr % 7}", f"f{nr:03d}") for nr in range(130)]
    early = ("2026-01-01T03:00:00", "acme", "p0", "f000")
    recorded(events(early, *rows[:60]))
    recorded(events(*rows[60:], ("2026-02-01T03:00:00", "acme", "p0", "f000")))
    measures = (
        Measure("all", "distinct_features", 28),
        Measure("some", "distinct_features", 28, ("f000", "f063", "f064", "f127", "f128", "f129", "none")),
        Measure("adopted", "adoption", 28, ("f063", "f129", "none", "never")),
        Measure("people", "active_people", 28, ("f063", "f127")),
        Measure("last_people", "active_people", 28, ("f129",)),
        Measure("longer", "distinct_features", 90),
    )
    expected = {"all": 130.0, "some": 6.0, "adopted": 0.5, "people": 2.0, "last_people": 1.0, "longer": 130.0}

    assert usage.measures_on(measures, date(2026, 3, 2)).to_dicts() == [{"account": "acme", **expected}]
    weeks = usage.measures_by_week(measures, [date(2026, 3, 2), date(2026, 2, 2), date(2026, 1, 5)]).to_dicts()
    assert weeks[2] == {"account": "acme", "week": date(2026, 3, 2), **expected}
    assert [week["all"] for week in weeks] == [1.0, 1.0, 130.0]
    assert usage.measures_on(measures[:1], date(2026, 1, 5)).to_dicts() == [{"account": "acme", "all": 1.0}]
    # The month that was not touched since keeps its one word, and is read beside those with three.
    assert [month.words for _, month in sorted(manifest.current().roll_up.months.items())] == [1, 3, 3]
    assert len(usage.daily_of("acme", *ALL)) == 3


def test_a_name_that_becomes_a_moment_is_no_longer_use() -> None:
    recorded(
        events(("2026-03-01T03:00:00", "acme", "taro", "export.failed"), ("2026-03-02T03:00:00", "acme", "taro", "x"))
    )
    assert actions.classify_event("export.failed", kind="moment", label="書き出し失敗", by=SYSTEM, now=NOW)
    assert len(_days()) == 2  # until the job has run

    actions.roll_up(NOW, time_zone="Asia/Tokyo")

    assert _days() == [("2026-03-02", 1)]
    assert [row.label for row in usage.moments_of("acme")] == ["書き出し失敗"]
    assert not actions.classify_event("export.failed", kind="moment", by=SYSTEM, now=NOW)
    told = [row for row in journal.since(0) if row.verb == "usage.event_classified"]
    assert [(row.subject_label, row.details) for row in told] == [
        ("export.failed", {"from": "feature", "to": "moment"})
    ]


def test_an_ignored_name_is_as_if_it_never_came() -> None:
    recorded(events(("2026-03-01T03:00:00", "acme", "taro", "heartbeat")))
    actions.classify_event("heartbeat", kind="ignored", by=SYSTEM, now=NOW)
    actions.roll_up(NOW, time_zone="Asia/Tokyo")
    assert usage.measures_on([Measure("n", "events")], date(2026, 3, 2)).is_empty()
    assert usage.span() is None

    actions.classify_event("heartbeat", kind="meter", by=SYSTEM, now=NOW)
    actions.roll_up(NOW, time_zone="Asia/Tokyo")
    assert _days() == [("2026-03-01", 1)]


def test_a_name_or_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(actions.NoSuchEvent):
        actions.classify_event("nothing", kind="moment", by=SYSTEM, now=NOW)
    with pytest.raises(actions.NoSuchKind):
        actions.classify_event("nothing", kind="weather", by=SYSTEM, now=NOW)


def test_names_that_a_killed_writer_did_not_register_are_known_after_the_roll_up() -> None:
    actions.record(events(("2026-03-01T03:00:00", "acme", "taro", "x")), source="t", by=SYSTEM, now=NOW, ids="content")
    EventName.objects.all().delete()
    actions.roll_up(NOW, time_zone="UTC")
    assert [(row.name, row.bit) for row in usage.event_names()] == [("x", 0)]
    assert _days() == [("2026-03-01", 1)]


def test_the_job_rolls_up_in_the_companys_time_zone() -> None:
    rows = [("2026-03-01T03:00:00", "acme", "taro", "x")] * 2
    actions.record(events(*rows), source="t", by=SYSTEM, now=NOW, ids="content")
    job = SimpleNamespace(task_result=SimpleNamespace(id=uuid4()))
    assert jobs.roll_up_usage.func(job) == {"months": ["2026-03"], "segments": 1, "rows": 1}
    assert manifest.current().roll_up.time_zone == "Asia/Tokyo"


def test_events_of_many_years_are_counted_on_their_days() -> None:
    first = datetime(1999, 12, 31, 3, tzinfo=UTC)
    rows = [
        ((first + timedelta(days=400 * nr)).replace(tzinfo=None).isoformat(), "acme", "taro", "x") for nr in range(10)
    ]
    recorded(events(*rows))
    span = usage.span()
    assert span is not None
    assert span[0] == date(1999, 12, 31)
    found = usage.measures_on([Measure("days", "active_days", 3660), Measure("n", "events", 400)], span[1])
    assert found.to_dicts() == [{"account": "acme", "days": 9.0, "n": 1.0}]
    assert isinstance(found, pl.DataFrame)


def test_how_far_it_is_is_told_by_month() -> None:
    used("acme", ["2026-01-10", "2026-02-10", "2026-03-10"])
    heard: list[tuple[int, int]] = []
    actions.roll_up(NOW, time_zone="America/New_York", tell=lambda done, total: heard.append((done, total)))
    assert heard == [(0, 3), (1, 3), (2, 3)]
