"""Product events against the real server on loopback: batches of 100 and single calls, durable before each answer.

    python -m benchmarks.intake [--seconds 15] [--minutes 0] [--connections 16]

`banso serve` is started as shipped, in a folder of its own; the load comes from one process with plain sockets that
sends the next request on a connection as soon as the last was answered. Every event has a messageId of its own; what
the spool holds in the end must be what was answered. `--minutes 10` keeps on for that long and prints the memory.
"""

import argparse
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "banso.site.cli")
MARK = b"@@@@@@@@@@"


@dataclass
class Figures:
    """What a run came to."""

    requests: int = 0
    other: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0


@dataclass
class Connection:
    """One client: what it has still to send, and since when it waits for an answer."""

    socket: socket.socket
    since: float = 0.0
    to_send: memoryview = field(default_factory=lambda: memoryview(b""))
    answer: bytes = b""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--connections", type=int, default=16)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (port, key, server):
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {options.connections} connections")
        run(port, key, 100, 3, options.connections)  # warm
        where: dict[str, Any] = {"connections": options.connections, "folder": Path(folder)}
        for events in (100, 1):
            measured(port, key, events, seconds=options.seconds, **where)
        if options.minutes:
            parts = max(1, round(options.minutes * 2))
            for _ in range(parts):
                measured(port, key, 100, seconds=options.minutes * 60 / parts, **where)
                print(f"  memory {memory(server.pid):.0f} MB", flush=True)


def measured(port: int, key: str, events: int, *, seconds: float, connections: int, folder: Path) -> None:
    """Run a load, print its figures, and see that the spool holds what was answered."""
    before = spooled(folder)
    figures = run(port, key, events, seconds, connections)
    stored = spooled(folder) - before
    print(
        f"{events:4} events a call: {figures.requests * events / figures.seconds:9,.0f} events/s"
        f"  {figures.requests / figures.seconds:7,.0f} calls/s  p50 {figures.percentile(0.5):6.1f} ms"
        f"  p99 {figures.percentile(0.99):6.1f} ms  other answers {figures.other}",
        flush=True,
    )
    assert stored == figures.requests * events, (stored, figures.requests * events)
    for segment in folder.rglob("*.jsonl"):  # as a compactor does
        segment.unlink()


def run(port: int, key: str, events: int, seconds: float, connections: int) -> Figures:
    """Send for some seconds, in a process of its own."""
    code = f"from benchmarks.intake import load; load({port}, {key!r}, {events}, {seconds}, {connections})"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return Figures(**json.loads(done.stdout))


def load(port: int, key: str, events: int, seconds: float, connections: int) -> None:
    """Send requests on some connections and print the figures as JSON."""
    template = request(key, events)
    figures, selector = Figures(), selectors.DefaultSelector()
    number = int(time.time() * 1000) % 1_000_000 * 1_000
    began = time.perf_counter()

    def send(one: Connection) -> None:
        nonlocal number
        number += 1
        one.to_send = memoryview(template.replace(MARK, b"%010d" % (number % 10_000_000_000)))
        one.answer, one.since = b"", time.perf_counter()
        pushed(one, selector)

    for _ in range(connections):
        plain = socket.create_connection(("127.0.0.1", port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.setblocking(False)
        one = Connection(plain)
        selector.register(plain, selectors.EVENT_READ, one)
        send(one)
    at_work = connections
    while at_work:
        for ready, mask in selector.select():
            one = ready.data
            if mask & selectors.EVENT_WRITE:
                pushed(one, selector)
            if mask & selectors.EVENT_READ and answered(one, figures):
                if time.perf_counter() - began < seconds:
                    send(one)
                else:
                    at_work -= 1
    figures.seconds = time.perf_counter() - began
    print(json.dumps(figures.__dict__))


def pushed(one: Connection, selector: selectors.BaseSelector) -> None:
    """Send as much as the connection takes."""
    with suppress(BlockingIOError):
        one.to_send = one.to_send[one.socket.send(one.to_send) :]
    wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if one.to_send else 0)
    if selector.get_key(one.socket).events != wanted:
        selector.modify(one.socket, wanted, one)


def answered(one: Connection, figures: Figures) -> bool:
    """Read; tell whether the answer is whole."""
    one.answer += one.socket.recv(4096)
    if not one.answer.endswith(b"}"):
        return False
    if one.answer.startswith(b"HTTP/1.1 200"):
        figures.requests += 1
        figures.latencies.append(time.perf_counter() - one.since)
    else:
        figures.other += 1
    return True


def request(key: str, events: int) -> bytes:
    """Return a request as Segment's client for Python writes it."""

    def event(number: int) -> dict[str, object]:
        return {
            "integrations": {},
            "anonymousId": None,
            "properties": {"feature": f"feature_{number % 40}", "count": number},
            "timestamp": "2026-11-24T09:00:00.123456+00:00",
            "context": {"library": {"name": "analytics-python", "version": "2.4.0"}, "groupId": f"acc-{number % 500}"},
            "userId": f"user-{number * 37 % 20_000}",
            "type": "track",
            "event": f"feature_{number % 40}",
            "messageId": f"{MARK.decode()}-4b1d-{number:012}",
        }

    sent_at = {"sentAt": "2026-11-24T09:00:01.000000+00:00"}
    content = {"batch": [event(number) for number in range(events)], **sent_at} if events > 1 else event(7) | sent_at
    body = json.dumps(content).encode()
    path = "batch" if events > 1 else "track"
    head = f"POST /v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def serving(folder: Path) -> Iterator[tuple[int, str, subprocess.Popen[bytes]]]:
    """Start the server with a write key; stop it in the end."""
    environment = {**os.environ, "BANSO_DATA": str(folder)}
    environment.pop("BANSO_DATABASE_URL", None)
    made = subprocess.run(
        [*COMMAND, "key", "create", "--scope", "events", "--json"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*COMMAND, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        waited(lambda: socket.create_connection(("127.0.0.1", port), 1).close())
        yield port, json.loads(made.stdout)["key"], server
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def waited(do: Callable[[], None]) -> None:
    """Wait until something works."""
    for _ in range(300):
        try:
            do()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


def spooled(folder: Path) -> int:
    """Return how many events the spool holds."""
    return sum(
        line.count(b'"messageId"')
        for path in folder.rglob("*.jsonl*")
        for line in _bytes_of(path).splitlines(keepends=True)
        if line.endswith(b"\n")
    )


def _bytes_of(segment: Path) -> bytes:
    """Return what a segment holds, also where its writer closed it a moment ago."""
    try:
        return segment.read_bytes()
    except FileNotFoundError:
        return segment.with_suffix("").read_bytes()


def memory(pid: int) -> float:
    """Return the memory (MB) of a process and its children."""
    own = Path(f"/proc/{pid}/statm").read_text().split()[1]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(own) * os.sysconf("SC_PAGE_SIZE") / 1e6 + sum(memory(int(child)) for child in children)


if __name__ == "__main__":
    main()
