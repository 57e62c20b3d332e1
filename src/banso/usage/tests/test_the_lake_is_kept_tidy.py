"""Many small files become few, old message ids go, and still nothing is counted twice."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from banso.people.access import SYSTEM
from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.models import ids, manifest
from banso.usage.rules.tidying import groups, remembered_days, tier_of
from banso.usage.testing import NOW, events

pytestmark = pytest.mark.django_db


def _record(first: int, *, count: int = 1, now: datetime = NOW, keeps: bool = False) -> actions.Recorded:
    rows = [(f"2026-03-01T01:{nr % 60:02d}:00", "acme", "taro", "ticket.opened") for nr in range(count)]
    frame = events(*rows).with_columns(pl.Series("message_id", [f"m{first + nr}" for nr in range(count)]))
    return actions.record(frame, source="t", by=SYSTEM, now=now, ids="content" if keeps else "given")


def _rolled_up() -> None:
    actions.roll_up(NOW, time_zone="Asia/Tokyo")


def _days(count: int) -> list[datetime]:
    return [NOW + timedelta(days=nr) for nr in range(count)]


def test_small_files_become_one_and_are_read_as_before() -> None:
    for nr in range(20):
        _record(nr)
    _rolled_up()
    before = usage.moments_of("acme")
    assert actions.needs_tidying()

    done = actions.tidy()

    seen = manifest.current()
    assert done.merged >= 32
    assert len(seen.lake) < 8
    assert len(seen.ids or ()) < 8
    assert usage.moments_of("acme") == before
    assert sum(one.rows for one in seen.lake) == 20
    assert [_record(nr).count for nr in (0, 7, 19)] == [0, 0, 0]
    assert not actions.needs_tidying()


def test_events_that_wait_for_the_roll_up_are_left_alone() -> None:
    for nr in range(10):
        _record(nr)
    assert actions.tidy().merged == 10  # ids only
    _rolled_up()
    assert [row.n for row in usage.daily_of("acme", date(2026, 3, 1), date(2026, 3, 1))] == []
    assert len(usage.moments_of("acme")) == 10


def test_ids_older_than_the_days_remembered_go_from_the_lake(settings: LazySettings) -> None:
    settings.REPEAT_DAYS = 3
    for nr, day in enumerate(_days(5)):
        _record(nr, now=day)
    _rolled_up()

    done = actions.tidy()

    assert (done.stripped, done.forgotten) == (2, 2)
    kept = [pl.read_parquet(path) for path in manifest.paths(one.path for one in manifest.current().lake)]
    assert sorted(pl.concat(kept)["message_id"].drop_nulls()) == ["m2", "m3", "m4"]
    assert len(usage.moments_of("acme")) == 5
    assert [_record(nr, now=NOW + timedelta(days=4)).count for nr in (2, 4)] == [0, 0]


def test_moments_without_ids_are_paged_without_gap_or_repeat(settings: LazySettings) -> None:
    settings.REPEAT_DAYS = 1
    rows = [("2026-03-01T01:00:00", "acme", f"p{nr}", "ticket.opened") for nr in range(7)]
    frame = events(*rows).with_columns(pl.Series("message_id", [f"m{nr}" for nr in range(7)]))
    actions.record(frame, source="t", by=SYSTEM, now=NOW)
    _record(100, now=NOW + timedelta(days=1))
    _rolled_up()
    assert actions.tidy().stripped == 7

    seen: list[str | None] = []
    last = None
    while page := usage.moments_of("acme", before=last, limit=3):
        seen += [row.person for row in page]
        last = page[-1].at, page[-1].message_id
    assert sorted(filter(None, seen)) == sorted([*(f"p{nr}" for nr in range(7)), "taro"])


def test_what_a_file_brought_is_remembered_for_ever(settings: LazySettings) -> None:
    settings.REPEAT_DAYS = 1
    _record(0, keeps=True)
    for nr, day in enumerate(_days(4), start=1):
        _record(nr, now=day)
    _rolled_up()
    actions.tidy()
    assert _record(0, keeps=True, now=NOW + timedelta(days=400)).count == 0


@pytest.mark.parametrize("leap", [timedelta(days=4000), -timedelta(days=4000)])
def test_a_clock_that_jumps_forgets_nothing(settings: LazySettings, leap: timedelta) -> None:
    settings.REPEAT_DAYS = 3
    _record(0)
    _record(1, now=NOW + leap)
    _record(2)
    _rolled_up()
    actions.tidy()
    assert [_record(nr).count for nr in range(3)] == [0, 0, 0]


def test_a_lake_from_before_ids_were_kept_beside_it_remembers_them() -> None:
    _record(0, count=5)
    seen = manifest.current()
    with manifest.lock("manifest"):
        manifest._publish(replace(seen, ids=None))
    assert _record(0, count=6).count == 1
    assert _record(5).count == 0


@given(st.lists(st.integers(0, 50), max_size=60), st.lists(st.integers(0, 50), max_size=60))
def test_digests_are_found_where_they_stand(
    tmp_path_factory: pytest.TempPathFactory, one: list[int], other: list[int]
) -> None:
    # Few upper halves: the case that two digests share one comes up.
    folder: Path = tmp_path_factory.mktemp("ids")
    files = []
    for nr, numbers in enumerate((one, other)):
        pairs = sorted({(number % 3, number) for number in numbers})
        table = np.array(pairs, dtype=np.uint64).reshape(-1, 2)
        files.append(folder / f"{nr}.npy")
        ids.write(files[-1], len(pairs), [(table[:, 0], table[:, 1])])
    asked = np.arange(60, dtype=np.uint64)
    expected = [int(number) in {*one, *other} for number in asked]

    assert ids.known(files, (asked % 3, asked)).tolist() == expected
    rows, parts = ids.merged(files)
    ids.write(folder / "all.npy", rows, parts)
    assert ids.known([folder / "all.npy"], (asked % 3, asked)).tolist() == expected


@given(st.lists(st.integers(1, 10**9)))
def test_files_of_one_size_are_put_together_from_eight_on(sizes: list[int]) -> None:
    found = groups(sizes, place=lambda _: "month", rows=lambda size: size)
    assert all(len({tier_of(size) for size in group}) == 1 and len(group) >= 8 for group in found)
    left = len(sizes) - sum(map(len, found))
    assert left <= 7 * len({tier_of(size) for size in sizes})


def test_days_without_intake_do_not_count() -> None:
    assert remembered_days(["2026-01-01", "", "2025-01-01", "2026-01-02"], at_most=2) == ["2026-01-01", "2026-01-02"]
