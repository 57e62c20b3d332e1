"""What can go wrong between the spool and the lake, provoked for real: kills, full disks, company."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import translation

from banso.accounts.testing import an_account
from banso.intake import actions
from banso.intake.models import Quarantined
from banso.intake.queries import spool
from banso.intake.tests.events.spooled import NOW, line, segment, track
from banso.usage import actions as usage_actions
from banso.usage import queries as usage

pytestmark = pytest.mark.django_db(transaction=True)
EVENTS = 300


@pytest.fixture(autouse=True)
def _own_data_folder(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    with translation.override("en"):
        yield


def _compactor(data: Path, place: str = "nowhere", limit: int = 0, nr: int = 0) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "BANSO_DATA": str(data),
        "BANSO_DATABASE_URL": f"sqlite:///{data}/alone-{nr}.sqlite3",
        "DJANGO_SETTINGS_MODULE": "banso.site.settings",
    }
    command = [sys.executable, "-m", "banso.intake.tests.events.alone", place, str(limit)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603  # our own script


def _spool_some() -> None:
    """Leave 300 events and one that cannot be counted in six segments."""
    an_account("acme")
    for part in range(6):
        events = [track(f"m{nr}", groupId="acme", userId=f"p{nr}") for nr in range(part, EVENTS, 6)]
        segment([line(*events)], sequence=part + 1)
    segment([line(track("bad", event=""))], sequence=7)


def _is_all_there_once() -> bool:
    """Compact what is left, as the next call of the job does, and return whether everything is there, once."""
    actions.compact(now=NOW)
    usage_actions.roll_up(NOW, time_zone="Asia/Tokyo")
    total = usage.totals_of(["acme"], date(2024, 1, 1), date(2026, 12, 31))["acme"]
    quarantined = Quarantined.objects.filter(place__startswith="host-1-aa/").count()
    return (total.n, total.people, quarantined, spool.waiting().segments) == (EVENTS, EVENTS, 1, 0)


@pytest.mark.parametrize("place", ["_record", "after:_record", "after:_quarantine"])
def test_a_compactor_that_was_killed_is_made_up_for_by_the_next(settings: LazySettings, place: str) -> None:
    _spool_some()
    killed = _compactor(settings.DATA, place)
    assert (killed.communicate(timeout=300), killed.returncode) == ((b"", b""), -signal.SIGKILL)
    assert spool.waiting().segments == 7, "nothing is removed before all of it is elsewhere"
    assert _is_all_there_once()


def test_two_compactors_at_once_take_everything_once(settings: LazySettings) -> None:
    _spool_some()
    both = [_compactor(settings.DATA, nr=nr) for nr in range(2)]
    said = [one.communicate(timeout=300) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    taken = sum(int(out) for out, _ in said if out.strip() != b"busy")
    assert taken == EVENTS
    Quarantined.objects.create(place="host-1-aa/00000007:1:0", reason="no_event_name", event="{}", received_at=NOW)
    assert _is_all_there_once()


def test_a_disk_that_fills_while_events_move_keeps_them_in_the_spool(settings: LazySettings) -> None:
    _spool_some()
    full = _compactor(settings.DATA, limit=600)
    _out, complaint = full.communicate(timeout=300)
    assert full.returncode == 1, "it fails aloud, so that the operator sees a failed job"
    assert b"Error" in complaint or b"Exception" in complaint
    assert spool.waiting().segments == 7
    assert usage.span() is None
    assert _is_all_there_once()


def test_a_lake_that_cannot_be_written_is_waited_for(settings: LazySettings) -> None:
    _spool_some()
    (settings.DATA / "usage" / "lake").write_text("in the way of the folder")
    with pytest.raises(OSError, match="lake"):
        actions.compact(now=NOW)
    assert spool.waiting().segments == 7
    (settings.DATA / "usage" / "lake").unlink()
    assert _is_all_there_once()
