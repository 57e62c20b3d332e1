from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.journal import queries as journal
from banso.people.access import SYSTEM
from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.models import manifest
from banso.usage.testing import NOW, events

pytestmark = pytest.mark.django_db

ONE = ("2026-03-01T01:00:00", "acme", "taro", "report.opened")


def _record(frame: pl.DataFrame | pl.LazyFrame, *, ids: str = "given", source: str = "test") -> actions.Recorded:
    return actions.record(frame, source=source, by=SYSTEM, now=NOW, ids="content" if ids == "content" else "given")


def _with_ids(frame: pl.DataFrame, *ids: str | None) -> pl.DataFrame:
    return frame.with_columns(pl.Series("message_id", ids, dtype=pl.String))


def _kept() -> pl.DataFrame:
    return pl.concat([pl.read_parquet(path) for path in manifest.paths(one.path for one in manifest.current().lake)])


def test_a_message_id_is_kept_once_within_a_call_and_across_calls() -> None:
    later = ("2026-05-01T01:00:00", "beta", "jiro", "export.done")
    first = _record(_with_ids(events(ONE, ONE, later), "a", "a", "b"))
    second = _record(_with_ids(events(later, ONE), "a", "c"))

    assert (first.count, first.duplicates) == (2, 1)
    assert (second.count, second.duplicates) == (1, 1)
    assert sorted(_kept()["message_id"]) == ["a", "b", "c"]


def test_equal_rows_of_a_file_are_events_of_their_own_and_the_file_again_adds_none() -> None:
    frame = events(ONE, ONE, ("2026-03-01T01:00:00", "acme", None, "report.opened"))
    first = _record(frame, ids="content")
    again = _record(frame, ids="content")

    assert (first.count, first.duplicates) == (3, 0)
    assert (again.count, again.duplicates) == (0, 3)


def test_contents_that_run_together_are_not_taken_for_equal() -> None:
    frame = events(
        ("2026-03-01T01:00:00", "ab", "c", "x"),
        ("2026-03-01T01:00:00", "a", "bc", "x"),
        ("2026-03-01T01:00:00", "ab", None, "x"),
        ("2026-03-01T01:00:00", "ab", "-", "x"),
    )
    assert _record(frame, ids="content").count == 4
    assert _kept()["message_id"].n_unique() == 4


def test_an_event_without_message_id_is_refused_unless_asked_for() -> None:
    with pytest.raises(actions.BadEvents, match="without message_id: 1"):
        _record(_with_ids(events(ONE, ONE), "a", None))
    assert manifest.current().lake == ()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("2026-03-01T01:00:00", "", "taro", "x"), "without account: 1"),
        (("2026-03-01T01:00:00", "acme", "taro", ""), "without name: 1"),
        (("1666-03-01T01:00:00", "acme", "taro", "x"), "outside the years"),
        (("2026-03-01T01:00:00", "acme", "taro", "x" * 201), "longer"),
    ],
)
def test_a_bad_row_refuses_the_whole_call(row: tuple[str, str, str, str], message: str) -> None:
    with pytest.raises(actions.BadEvents, match=message):
        _record(events(ONE, row), ids="content")
    assert manifest.current().lake == ()


def test_a_missing_column_and_a_wrong_kind_are_named() -> None:
    with pytest.raises(actions.BadEvents, match="missing: name"):
        _record(events(ONE).drop("name"), ids="content")
    with pytest.raises(actions.BadEvents, match="value"):
        _record(events(ONE).with_columns(value=pl.lit("many")), ids="content")


def test_times_of_any_zone_are_kept_as_the_same_moment() -> None:
    tokyo = timezone(timedelta(hours=9))
    at = datetime(2026, 3, 1, 10, tzinfo=tokyo)
    frame = pl.DataFrame({"at": [at], "account": ["acme"], "name": ["x"]}).with_columns(
        pl.col("at").dt.convert_time_zone("Asia/Tokyo")
    )
    _record(frame.lazy(), ids="content")
    naive = frame.with_columns(pl.col("at").dt.convert_time_zone("UTC").dt.replace_time_zone(None))

    assert _kept()["at"].dt.convert_time_zone("UTC").to_list() == [datetime(2026, 3, 1, 1, tzinfo=UTC)]
    assert _record(naive, ids="content").duplicates == 1
    assert _kept()["received_at"].dt.convert_time_zone("UTC").to_list() == [NOW]


def test_months_are_files_of_their_own_sorted_by_account_and_time() -> None:
    rows = [
        (f"2026-0{month}-1{day}T01:00:00", account, "taro", "x")
        for month in (3, 2)
        for day in (2, 1)
        for account in "ba"
    ]
    _record(events(*rows), ids="content")

    files = manifest.current().lake
    assert [one.path.split("/")[1] for one in files] == ["month=2026-02", "month=2026-03"]
    for path in manifest.paths(one.path for one in files):
        kept = pl.read_parquet(path, hive_partitioning=False)
        assert kept.select("account", "at").equals(kept.select("account", "at").sort("account", "at"))


def test_each_call_is_told_in_the_journal_once() -> None:
    _record(events(ONE), ids="content", source="crm")
    _record(events(ONE), ids="content", source="crm")

    told = [row for row in journal.since(0) if row.verb == "usage.recorded"]
    assert [(row.details["source"], row.details["count"], row.details["duplicates"]) for row in told] == [
        ("crm", 1, 0),
        ("crm", 0, 1),
    ]


def test_nothing_to_record_is_no_error() -> None:
    assert _record(events().clear(), ids="content").count == 0
    assert actions.roll_up(NOW, time_zone="UTC").rows == 0
    assert usage.span() is None


def test_the_database_is_asked_as_often_for_many_events_as_for_one() -> None:
    def asked(count: int, first: int) -> int:
        rows = [(f"2026-03-01T01:00:{nr % 60:02d}", f"account-{nr}", "taro", f"x{nr % 50}") for nr in range(count)]
        frame = events(*rows).with_row_index("nr", first).with_columns(message_id=pl.format("m{}", "nr")).drop("nr")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            _record(frame)
            actions.roll_up(NOW, time_zone="UTC")
        return len(queries)

    assert asked(100, 0) == asked(2000, 1000) + 2  # the first call has names to add
    assert asked(1, 10_000) == asked(2000, 20_000)
