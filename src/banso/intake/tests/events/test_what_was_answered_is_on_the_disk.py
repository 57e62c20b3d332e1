"""Acknowledged means on the disk: through kills, full disks, read-only folders and removed ones; nothing is torn."""

import fcntl
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from banso.intake.actions.events import segments, spooling
from banso.intake.actions.events.spooling import NotWritten, Spool, TooMuchWaiting

NOBODY = 65534
# A process that keeps lines, says each number once it is answered, and can be limited, frozen or killed.
WRITE = """
import sys, threading
from pathlib import Path
import django; django.setup()
from banso.intake.actions.events.spooling import NotWritten, Spool
spool, lock = Spool(Path(sys.argv[1])), threading.Lock()
def keep(start):
    for number in range(start, start + int(sys.argv[2])):
        try:
            spool.append(b'{"n":%d,"text":"%b"}\\n' % (number, b"x" * 200))
        except NotWritten as error:
            with lock: print("no", number, error, flush=True)
        else:
            with lock: print("yes", number, flush=True)
threads = [threading.Thread(target=keep, args=(part * 1_000_000,)) for part in range(8)]
for one in threads: one.start()
for one in threads: one.join()
"""


def _lines(folder: Path, pattern: str = "*/*.jsonl*") -> list[bytes]:
    return [line for path in sorted(folder.glob(pattern)) for line in path.read_bytes().split(b"\n")[:-1]]


def _numbers(folder: Path) -> list[int]:
    return [json.loads(line)["n"] for line in _lines(folder)]


def _writing(
    folder: Path, each: int, *, first: Callable[[], object] | None = None, code: str = WRITE
) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, str(folder), str(each)]
    environment = {**os.environ, "BANSO_DATA": str(folder.parent), "DJANGO_SETTINGS_MODULE": "banso.site.settings"}
    return subprocess.Popen(  # noqa: S603  # our own
        command,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=first,  # noqa: PLW1509  # sets a limit of the system, and nothing else
    )


def _answered(said: str, word: str) -> set[int]:
    return {int(line.split()[1]) for line in said.splitlines() if line.startswith(f"{word} ")}


def _is_alive(writer: Path) -> bool:
    with (writer / "alive").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "usage" / "spool"


def test_many_at_once_are_written_in_waves_and_read_back_once_each(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    sync = os.fdatasync

    def slow_sync(descriptor: int) -> None:
        synced.append(descriptor)
        time.sleep(0.01)
        sync(descriptor)

    monkeypatch.setattr(os, "fdatasync", slow_sync)
    spool = Spool(folder)

    def keep(start: int) -> None:
        for number in range(start, start + 25):
            spool.append(b'{"n":%d}\n' % number)

    threads = [threading.Thread(target=keep, args=(start * 100,)) for start in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(_lines(folder, "*/*.open")) == 200, "answered before the segment was closed"
    spool.close()
    assert sorted(_numbers(folder)) == sorted(start * 100 + number for start in range(8) for number in range(25))
    assert len(synced) < 100, "one wait for the disk served several requests"
    (writer,) = folder.iterdir()
    assert sorted(path.name for path in writer.iterdir()) == ["00000001.jsonl", "alive"]


def test_a_segment_is_handed_over_when_it_is_large_or_old(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "SEGMENT_BYTES", 100)
    spool = Spool(folder)
    for number in range(3):
        spool.append(b'{"n":%d,"text":"%b"}\n' % (number, b"x" * 100))
    spool.close()
    assert [path.name for path in sorted(folder.glob("*/0*"))] == [f"0000000{n}.jsonl" for n in (1, 2, 3)]
    monkeypatch.setattr(spooling, "SEGMENT_SECONDS", 0.2)
    young = Spool(folder)
    young.append(b'{"n":3}\n')
    assert len(list(folder.glob("*/*.open"))) == 1
    _until(lambda: not list(folder.glob("*/*.open")))
    assert sorted(_numbers(folder)) == [0, 1, 2, 3]
    young.close()


def test_a_writer_is_known_to_live_and_to_be_dead(folder: Path) -> None:
    process = _writing(folder, 10_000)
    assert process.stdout is not None
    process.stdout.readline()
    (writer,) = folder.iterdir()
    assert _is_alive(writer)
    process.kill()
    process.communicate()
    assert not _is_alive(writer)


def test_after_a_kill_everything_answered_is_there_once(folder: Path) -> None:
    process = _writing(folder, 100_000)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(500)]
    process.send_signal(signal.SIGKILL)
    said += process.communicate()[0].splitlines(keepends=True)
    answered = _answered("".join(line for line in said if line.endswith("\n")), "yes")
    stored = _numbers(folder)
    assert len(answered) >= 500
    assert answered <= set(stored)
    assert len(stored) == len(set(stored))
    assert len(stored) - len(answered) <= 16, "at most what was on its way"


def test_a_process_that_ends_closes_its_segment(folder: Path) -> None:
    settings = "from django.conf import settings; settings.DATA = str(Path(sys.argv[1]).parent.parent)"
    module = "from banso.intake.actions.events import spooling"
    code = WRITE.replace("spool.append(", "spooling.spool_line(").replace(
        "spool, lock = Spool(Path(sys.argv[1])),", f"{settings}\n{module}\nlock ="
    )
    said = _writing(folder, 2, code=code).communicate()[0]
    assert len(_answered(said, "yes")) == 16
    assert list(folder.glob("*/*.open")) == []
    assert len(_numbers(folder)) == 16


def test_a_full_disk_refuses_what_it_cannot_hold_and_keeps_what_it_can(folder: Path) -> None:
    limit = 20_000
    said = _writing(folder, 40, first=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))).communicate()[
        0
    ]
    answered, refused = _answered(said, "yes"), _answered(said, "no")
    assert len(answered | refused) == 320
    assert refused, "the file was full"
    assert sorted(_numbers(folder)) == sorted(answered), "what was refused left nothing behind"
    for path in folder.glob("*/0*"):
        assert path.read_bytes().endswith(b"\n"), "no line is torn"


def test_a_disk_that_fails_is_written_again_when_it_is_mended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(folder)
    spool.append(b'{"n":1}\n')
    sync, writev = os.fdatasync, os.writev

    def fails(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fdatasync", fails)
    with pytest.raises(NotWritten, match="Input/output"):
        spool.append(b'{"n":2}\n')
    monkeypatch.setattr(os, "fdatasync", sync)

    def tears(descriptor: int, lines: list[bytes]) -> int:
        writev(descriptor, [b"".join(lines)[:5]])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "writev", tears)
    with pytest.raises(NotWritten, match="No space"):
        spool.append(b'{"n":3}\n')
    monkeypatch.setattr(os, "writev", writev)
    spool.append(b'{"n":4}\n')
    spool.close()
    assert _numbers(folder) == [1, 4]
    assert list(folder.glob("*/*.open")) == []


def test_a_folder_that_is_read_only_refuses_and_is_used_as_soon_as_it_is_not(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.mkdir()
    for place in (folder, *folder.parents):
        if place.stat().st_uid == os.getuid() and place != Path("/tmp"):  # noqa: S108  # only what tests made
            place.chmod(place.stat().st_mode | 0o055)
        if place.name.startswith("pytest-of"):
            break
    folder.chmod(0o555)
    reader, writer = os.pipe()
    child = os.fork()
    if not child:  # administrators write everywhere: be somebody else
        if os.getuid() == 0:
            os.setuid(NOBODY)
        spool = Spool(folder)
        try:
            spool.append(b'{"n":1}\n')
            os.write(writer, b"written")
        except NotWritten as error:
            os.write(writer, str(error).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 100) == b"Permission denied"
    folder.chmod(0o755)
    spool = Spool(folder)
    spool.append(b'{"n":2}\n')
    spool.close()
    assert _numbers(folder) == [2]


def test_a_folder_that_was_removed_is_made_again(folder: Path) -> None:
    spool = Spool(folder)
    spool.append(b'{"n":1}\n')
    for path in folder.glob("*/*"):
        path.unlink()
    next(folder.iterdir()).rmdir()
    spool.append(b'{"n":2}\n')
    spool.close()
    assert _numbers(folder) == [2]


def test_what_waits_is_bounded_in_bytes_and_in_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on = threading.Event()
    append = segments.Segment.append

    def stalls(segment: segments.Segment, lines: list[bytes]) -> None:
        may_go_on.wait(10)
        append(segment, lines)

    monkeypatch.setattr(segments.Segment, "append", stalls)
    monkeypatch.setattr(spooling, "MOST_WAITING_BYTES", 20)
    monkeypatch.setattr(spooling, "PATIENCE_SECONDS", 0.3)
    spool = Spool(folder)
    outcomes: list[type[Exception] | None] = []

    def keep(number: int) -> None:
        try:
            spool.append(b'{"n":%d,"x":1}\n' % number)
        except TooMuchWaiting:
            outcomes.append(TooMuchWaiting)

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
        time.sleep(0.05)
    for one in threads:
        one.join()
    assert outcomes == [TooMuchWaiting] * 4
    may_go_on.set()

    def is_kept_again() -> bool:
        outcomes.clear()
        keep(9)
        return not outcomes

    _until(is_kept_again)
    spool.close()
    assert _numbers(folder)[-1] == 9
    assert len(_numbers(folder)) <= 4, "those that were sent away for want of room were never written"


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
