"""`banso serve` as an operator starts it, in a folder of its own: to be killed at any moment and started again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from banso.site.cli.starting import free_port

ROOT: Final = Path(__file__).resolve().parent.parent.parent
COMMAND: Final = (sys.executable, "-m", "banso.site.cli")
READY_SECONDS: Final = 60.0


@dataclass
class Server:
    """A server on a port of its own; its processes are one group, so that one signal reaches all."""

    data: Path
    port: int = field(default_factory=lambda: free_port("127.0.0.1", 0))
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(self.port)],
            env=self._environment(),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("The server did not get ready.")

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker, which the test stops."""
        return subprocess.Popen(
            [*COMMAND, "worker"],
            env=self._environment(),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """Kill every process at once: nothing is flushed, closed or said."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.process = None

    def stop(self) -> None:
        """Stop as an operator does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    def make_key(self, scope: str = "events") -> str:
        """Make a key by the command line."""
        key: str = json.loads(self._said(*COMMAND, "key", "create", "--scope", scope, "--json"))["key"]
        return key

    def said_by(self, script: str) -> str:
        """Run a script in the installation's own surroundings, and return what it prints."""
        return self._said(sys.executable, "-c", script)

    def _said(self, *command: str) -> str:
        return subprocess.run(
            command, env=self._environment(), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def _environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("BANSO_", "DJANGO_"))}
        return {**plain, "BANSO_DATA": str(self.data), "PYTHONWARNINGS": "", **self.settings}


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[Server]:
    """Start a server; whatever becomes of it, nothing stays behind."""
    server = Server(data, settings=settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()
