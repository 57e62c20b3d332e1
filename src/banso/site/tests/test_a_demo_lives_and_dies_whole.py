"""`banso demo` fills, starts, answers and stops; what dies takes the rest along, and nothing stays behind."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from banso.site.cli.processes import Household
from banso.site.tests.command_line import COMMAND, banso, environment

MAP = "kind: accounts\nfile: accounts.csv\ncolumns:\n  - {from: id, to: external_id}\n  - {from: name, to: name}\n"
START_SECONDS = 90


@pytest.fixture
def own_set(tmp_path: Path) -> Path:
    folder = tmp_path / "own set"
    folder.mkdir()
    (folder / "accounts.csv").write_text("id,name\nA-1,あおぞら\nA-2,みなと\n", encoding="utf-8")
    (folder / "1-accounts.yaml").write_text(MAP)
    return folder


def test_a_demo_of_own_files_starts_answers_and_stops(own_set: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with _demo(own_set, data) as (process, address):
        assert _status(address) == "ok"
        key = json.loads(banso("key", "create", "--scope", "read", "--json", data=data).stdout)["key"]
        request = urllib.request.Request(f"{address}api/v1/accounts", headers={"Authorization": f"Bearer {key}"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # our own server
            assert len(json.load(answer)["items"]) == 2
        second = banso("demo", "--data", str(own_set), "--port", "0", data=data)
        assert "runs already" in second.stderr
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert not _answers(address)
    began = time.monotonic()
    with _demo(own_set, data, "--no-browser") as (process, address):
        assert time.monotonic() - began < 30  # under 10 s on a machine that does nothing else
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_what_dies_takes_the_rest_along(own_set: Path, tmp_path: Path) -> None:
    with _demo(own_set, tmp_path / "data") as (process, address):
        worker = next(pid for pid, line in _children(process.pid) if " worker" in line)
        os.kill(worker, signal.SIGKILL)
        assert process.wait(30) == 1
        assert not _answers(address)
    with _demo(own_set, tmp_path / "data") as (process, address):
        process.kill()
        process.wait(10)
        assert _goes(address)


def test_a_demo_that_was_cut_off_begins_anew(own_set: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = banso("_prepare", "--data", str(own_set), data=data)
    assert done.returncode == 0, done.stderr
    note = json.loads((data / "demo.json").read_text())
    (data / "demo.json").write_text(json.dumps(note | {"is_complete": False}))
    again = banso("_prepare", "--data", str(own_set), data=data)
    assert again.returncode == 0, again.stderr
    assert "2 taken" in again.stdout
    assert json.loads((data / "demo.json").read_text())["is_complete"]


def test_a_folder_without_maps_is_no_data_set(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = banso("demo", "--data", str(tmp_path / "empty"), "--port", "0", data=tmp_path / "data")
    assert done.returncode == 1
    assert "no data set" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_child_that_does_not_stop_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banso.site.cli.processes.PATIENCE_SECONDS", 0.3)
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        household = Household()
        stubborn = (
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
        )
        process = subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE, start_new_session=True)  # noqa: S603
        assert process.stdout is not None
        process.stdout.readline()
        household.adopt("stubborn", process)
        assert household.wait(seconds=0.2) is None
        household.stop()
        assert process.returncode == -signal.SIGKILL
        process.stdout.close()
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


@contextmanager
def _demo(own_set: Path, data: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [*COMMAND, "demo", "--data", str(own_set), "--port", "0", *options]
    process = subprocess.Popen(command, env=environment(data), stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    try:
        seen = ""
        for line in process.stdout:
            seen += line
            if found := re.search(r"http://localhost:\d+/", line):
                yield process, found.group().replace("localhost", "127.0.0.1")
                return
        pytest.fail(seen)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def _children(parent: int) -> list[tuple[int, str]]:
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    return [(int(pid), args) for pid, ppid, args in rows if int(ppid) == parent]


def _status(address: str) -> str:
    with urllib.request.urlopen(f"{address}healthz", timeout=10) as answer:  # noqa: S310  # our own server
        return str(json.load(answer)["status"])


def _answers(address: str) -> bool:
    try:
        _status(address)
    except (urllib.error.URLError, OSError):
        return False
    return True


def _goes(address: str) -> bool:
    end = time.monotonic() + 20
    while _answers(address):
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True
