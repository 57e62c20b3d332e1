"""One process's place in the spool: its folder, the lock that says it lives, and the segment that it writes."""

import fcntl
import os
import secrets
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from banso.intake.rules.events.spool import ALIVE, OPEN, segment_name, writer_name

_MOST_BUFFERS = 512  # of one call of writev; the system allows 1,024


class Segment:
    """A file of acknowledged lines that only grows, and whose end is always whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._descriptor = os.open(f"{path}{OPEN}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
        sync(path.parent)

    def append(self, lines: Sequence[bytes]) -> None:
        """Write lines and wait until the disk has them; after an OSError none of them is there."""
        try:
            written = _write(self._descriptor, lines)
            os.fdatasync(self._descriptor)
        except OSError:
            os.ftruncate(self._descriptor, self.size)
            raise
        self.size += written

    def close(self) -> None:
        """Hand the segment over to those who read; one without lines goes away."""
        opened = Path(f"{self.path}{OPEN}")
        if not self.size:
            opened.unlink(missing_ok=True)
        else:
            os.ftruncate(self._descriptor, self.size)  # where an error left the end of something behind
            os.fsync(self._descriptor)
            opened.rename(self.path)
            sync(self.path.parent)
        os.close(self._descriptor)

    @property
    def is_gone(self) -> bool:
        """Tell whether somebody removed the file: what is written into it then, nobody reads."""
        return os.fstat(self._descriptor).st_nlink == 0


class Writer:
    """The folder of one process's life. Its name is new each time, so nobody writes into what a dead one left."""

    def __init__(self, spool: Path) -> None:
        self.folder = spool / writer_name(socket.gethostname(), os.getpid(), secrets.token_hex(4))
        self._sequence = 0
        self.folder.mkdir(parents=True)
        try:
            self._alive = _held(self.folder / ALIVE)
        except OSError:
            with suppress(OSError):
                self.folder.rmdir()
            raise
        for folder in (self.folder, spool, spool.parent):
            sync(folder)

    def next_segment(self) -> Segment:
        """Begin a segment."""
        self._sequence += 1
        return Segment(self.folder / segment_name(self._sequence))

    def leave(self) -> None:
        """Say that this life is over: whoever finds the folder may finish what is in it."""
        os.close(self._alive)


def sync(folder: Path) -> None:
    """Make the names in a folder outlive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _held(path: Path) -> int:
    """Return a lock that is held before anybody can see it, so that no living writer is ever taken for dead."""
    unseen = path.with_name(f"{path.name}.new")
    descriptor = os.open(unseen, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    unseen.rename(path)
    return descriptor


def _write(descriptor: int, lines: Sequence[bytes]) -> int:
    total = sum(map(len, lines))
    if len(lines) <= _MOST_BUFFERS:
        written = os.writev(descriptor, lines)
        if written == total:
            return total
        rest = memoryview(b"".join(lines))[written:]
    else:
        rest = memoryview(b"".join(lines))
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    return total
