"""Starts several processes as one: what stops one stops all, and nothing stays behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

PATIENCE_SECONDS = 10.0
LAST_PATIENCE_SECONDS = 3.0
LOOK_SECONDS = 0.1
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Child:
    """A process that belongs to us, in a session of its own, so that Ctrl-C reaches it through us only."""

    name: str
    process: subprocess.Popen[bytes]


class Household:
    """Some child processes, and whether somebody asked to stop."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.asked_to_stop = threading.Event()
        for number in STOPPING:
            signal.signal(number, self._ask)

    def start(self, name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Child:
        """Start `banso` with arguments as a child."""
        command = [sys.executable, "-m", "banso.site.cli", *arguments]
        process = subprocess.Popen(command, env=dict(environment), stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        return self.adopt(name, process)

    def adopt(self, name: str, process: subprocess.Popen[bytes]) -> Child:
        """Take a process that was started in a session of its own into the household."""
        child = Child(name, process)
        self.children.append(child)
        return child

    def finish(self, child: Child) -> int | None:
        """Wait for a child to end and return its exit code; None where somebody asked to stop."""
        while child.process.poll() is None:
            if self.asked_to_stop.wait(LOOK_SECONDS):
                return None
        self.children.remove(child)
        return child.process.returncode

    def wait(self, until: Callable[[], bool] = lambda: False, *, seconds: float | None = None) -> Child | None:
        """Wait until something holds, somebody asks to stop or the time is up; return a child that died."""
        end = None if seconds is None else time.monotonic() + seconds
        while not self.asked_to_stop.is_set() and not until():
            for child in self.children:
                if child.process.poll() is not None:
                    return child
            if end is not None and time.monotonic() > end:
                return None
            self.asked_to_stop.wait(LOOK_SECONDS)
        return None

    def stop(self) -> None:
        """Stop all children: politely, then firmly."""
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        for send, patience in (
            (signal.SIGTERM, PATIENCE_SECONDS),
            (signal.SIGTERM, LAST_PATIENCE_SECONDS),
            (signal.SIGKILL, 5.0),
        ):
            alive = [child for child in self.children if child.process.poll() is None]
            for child in alive:
                _send(child, send)
            _join(alive, patience)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop.set()


def leave_with_parent() -> None:
    """End this process when the one that started it is gone, however that ended."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(PATIENCE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()


def _send(child: Child, number: signal.Signals) -> None:
    try:
        if number == signal.SIGKILL:
            os.killpg(child.process.pid, number)
        else:
            child.process.send_signal(number)
    except ProcessLookupError:
        pass


def _join(children: Sequence[Child], seconds: float) -> None:
    end = time.monotonic() + seconds
    for child in children:
        try:
            child.process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            continue
