import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from django.conf import LazySettings

from banso.people.access import SYSTEM
from banso.usage import actions
from banso.usage.models import manifest
from banso.usage.testing import NOW, events

pytestmark = pytest.mark.django_db


@pytest.fixture
def given_events(tmp_path: Path) -> Path:
    rows = [(f"2026-{month:02d}-15T03:00:00", "acme", "taro", "report.opened") for month in (1, 2, 3)] * 4
    frame = events(*rows).with_row_index("nr").with_columns(message_id=pl.format("m{}", "nr")).drop("nr")
    file = tmp_path / "events.parquet"
    frame.write_parquet(file)
    return file


def _writer(data: Path, action: str, place: str, nth: int, file: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "BANSO_DATA": str(data),
        "BANSO_DATABASE_URL": f"sqlite:///{data}/writer.sqlite3",
        "DJANGO_SETTINGS_MODULE": "banso.site.settings",
    }
    command = [sys.executable, "-m", "banso.usage.tests.killed", action, place, str(nth), str(file)]
    return subprocess.Popen(command, env=environment)  # noqa: S603  # our own script


def _kept() -> list[str]:
    files = manifest.paths(one.path for one in manifest.current().lake)
    return pl.concat([pl.read_parquet(file) for file in files])["message_id"].to_list() if files else []


def _files(kind: str) -> set[str]:
    return {str(file.relative_to(manifest.home())) for file in (manifest.home() / kind).rglob("*.parquet")}


@pytest.mark.parametrize(
    ("place", "nth", "visible"), [("move_in", 2, 0), ("_publish", 1, 0), ("after:_publish", 1, 12)]
)
def test_a_killed_recording_is_repeated_without_doubles(
    settings: LazySettings, given_events: Path, place: str, nth: int, visible: int
) -> None:
    assert _writer(settings.DATA, "record", place, nth, given_events).wait(60) == -signal.SIGKILL
    assert len(_kept()) == visible

    done = actions.record(pl.read_parquet(given_events), source="test", by=SYSTEM, now=NOW)

    assert (done.count, done.duplicates) == (12 - visible, visible)
    assert sorted(_kept()) == sorted(f"m{nr}" for nr in range(12))
    assert _files("lake") == {one.path for one in manifest.current().lake}
    assert not list((manifest.home() / "staging" / "lake").iterdir())


@pytest.mark.parametrize(("place", "nth"), [("move_in", 4), ("_publish", 1)])
def test_a_killed_roll_up_shows_nothing_until_it_is_repeated(
    settings: LazySettings, given_events: Path, place: str, nth: int
) -> None:
    assert _writer(settings.DATA, "roll_up", place, nth, given_events).wait(60) == -signal.SIGKILL
    assert manifest.current().roll_up.months == {}

    actions.roll_up(NOW, time_zone="Asia/Tokyo")
    actions.roll_up(NOW, time_zone="Asia/Tokyo")

    months = manifest.current().roll_up.months
    assert sorted(months) == ["2026-01", "2026-02", "2026-03"]
    counted = pl.concat([pl.read_parquet(manifest.paths([one.daily])[0]) for one in months.values()])
    assert counted["n"].to_list() == [4, 4, 4]
    roll_up = manifest.current().roll_up
    named = {name for one in months.values() for name in (one.daily, one.user_day)} | {
        roll_up.accounts,
        roll_up.people,
        roll_up.names,
    }
    assert _files("roll_up") == named


def test_two_writers_at_once_keep_every_event_once(settings: LazySettings, given_events: Path) -> None:
    writers = [_writer(settings.DATA, "record", "nowhere", 0, given_events) for _ in range(2)]

    assert [writer.wait(60) for writer in writers] == [0, 0]

    assert sorted(_kept()) == sorted(f"m{nr}" for nr in range(12))
