"""Clients of Segment and RudderStack, unmodified, deliver all they have while the server is killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from banso.intake.testing import spooled
from banso.usage.models.manifest import LakeFile, Manifest
from tests.real.server import ROOT, Server, serving
from tools.assets import find_node

EVENTS: Final = 10_000
CLIENTS: Final = Path(__file__).parent / "clients"
COMMANDS: Final[dict[str, Callable[[], list[str]]]] = {
    "segment-analytics-python": lambda: [sys.executable, str(CLIENTS / "segment_python.py")],
    "rudder-sdk-python": lambda: [sys.executable, str(CLIENTS / "rudder_python.py")],
    "@segment/analytics-node": lambda: [str(find_node().node), str(CLIENTS / "segment_node.mjs")],
}

# In a process of the installation: what its worker has rolled up already, it has by its own database.
COUNT: Final = """
from datetime import timedelta
from banso.site.cli import starting
starting.start_django()
from django.utils import timezone
from banso.usage import actions, queries
now = timezone.now()
actions.roll_up(now)
counted = queries.measures_on([queries.Measure(name="n", kind="events")], now.date() + timedelta(days=2))
print(counted["n"].sum())
"""


@pytest.mark.parametrize("client", COMMANDS)
def test_ten_thousand_events_arrive_although_the_server_is_killed(client: str, tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        command = [*COMMANDS[client](), server.address, server.make_key(), str(EVENTS)]
        sender = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(2):
            _until_more_than(_count(tmp_path) + 500, tmp_path, sender)
            server.kill()
            assert len({event["messageId"] for event in _stored(tmp_path)}) < EVENTS, "killed in the middle"
            server.start()
        _said, complaint = sender.communicate(timeout=120)
        assert sender.returncode == 0, complaint
    events = {event["messageId"]: event for event in _stored(tmp_path)}
    assert Counter(event["properties"]["number"] for event in events.values()) == Counter(range(EVENTS))
    assert {event["type"] for event in events.values()} == {"track"}
    _work_until_all_moved(server, tmp_path)
    assert sum(one.rows for one in _lake(tmp_path)) == EVENTS
    assert float(server.said_by(COUNT)) == EVENTS


def _work_until_all_moved(server: Server, data: Path) -> None:
    """Let a worker move events into the lake, kill it when the first of them are there, and let another go on."""
    worker = server.start_worker()
    try:
        _until(lambda: any((data / "usage" / "lake").glob("month=*/*.parquet")))
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)
        worker = server.start_worker()
        _until(lambda: not any((data / "usage" / "spool").glob("*/*.jsonl*")))
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)


def _lake(data: Path) -> tuple[LakeFile, ...]:
    return msgspec.json.decode((data / "usage" / "manifest.json").read_bytes(), type=Manifest).lake


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def _stored(data: Path) -> list[dict[str, Any]]:
    return [event for line in spooled(data) for event in line["events"]]


def _count(data: Path) -> int:
    return sum(path.read_bytes().count(b'"messageId"') for path in (data / "usage" / "spool").glob("*/*.jsonl*"))


def _until_more_than(events: int, data: Path, sender: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 120
    while _count(data) <= events:
        assert time.monotonic() < end
        assert sender.poll() is None, sender.communicate()
        time.sleep(0.005)
