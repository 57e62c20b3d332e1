"""Requests of the event API go to the disk in waves: one write and one fdatasync for all that came meanwhile.

What was answered is on the disk. What could not be written was not answered, and leaves nothing behind: the client
sends it again, and `messageId` sees to it that it counts once.
"""

import atexit
import math
import os
import threading
import time
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings

from banso.intake.actions.events.segments import Segment, Writer
from banso.intake.rules.events.spool import FOLDER

SEGMENT_BYTES: Final = 16 * 1024 * 1024
SEGMENT_SECONDS: Final = 5.0
MOST_WAITING_BYTES: Final = 64 * 1024 * 1024
# Clients give up after four seconds and send again; an answer that is later than this helps nobody.
PATIENCE_SECONDS: Final = 3.5
log = structlog.get_logger(__name__)


class TooMuchWaiting(Exception):
    """More comes in than the disk takes: to be sent again a little later."""


class NotWritten(Exception):
    """The spool cannot be written (no room, read only, a broken disk): to be sent again when that is mended."""


class _Wave:
    """The lines that are written together, and what became of them."""

    __slots__ = ("done", "error", "lines", "size")

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.size = 0
        self.done = threading.Event()
        self.error: OSError | None = None


class Spool:
    """The spool as one process writes it: requests of many threads, one thread that writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._wave = _Wave()
        self._changed = threading.Condition(threading.Lock())
        self._is_stopping = False
        self._writer: Writer | None = None
        self._segment: Segment | None = None
        self._ends_at = 0.0
        self._waiting: list[Segment] = []
        self._is_broken = False
        self._thread = threading.Thread(target=self._write_on, name="spool", daemon=True)
        self._thread.start()

    def append(self, line: bytes) -> None:
        """Return when the line is on the disk; raises TooMuchWaiting or NotWritten."""
        with self._changed:
            wave = self._wave
            if self._is_stopping:
                raise NotWritten("stopping")
            if wave.size and wave.size + len(line) > MOST_WAITING_BYTES:
                raise TooMuchWaiting
            wave.lines.append(line)
            wave.size += len(line)
            if len(wave.lines) == 1:
                self._changed.notify()
        if not wave.done.wait(PATIENCE_SECONDS):
            raise TooMuchWaiting
        if wave.error is not None:
            raise NotWritten(wave.error.strerror or str(wave.error)) from wave.error

    def close(self) -> None:
        """Write what waits, close the segment and leave."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        self._thread.join()

    def _write_on(self) -> None:
        while (wave := self._next_wave()) is not None:
            if wave.lines:
                self._write(wave)
            if self._seconds_left() <= 0:
                self._hand_over()
        self._hand_over()
        if self._writer is not None:
            self._writer.leave()

    def _next_wave(self) -> _Wave | None:
        """Return the lines that wait, none where a segment is to be handed over, None at the end."""
        with self._changed:
            while not self._wave.lines and not self._is_stopping:
                seconds = self._seconds_left()
                if seconds <= 0 or not self._changed.wait(min(seconds, SEGMENT_SECONDS)):
                    break
            if self._is_stopping and not self._wave.lines:
                return None
            wave, self._wave = self._wave, _Wave()
            return wave

    def _write(self, wave: _Wave) -> None:
        try:
            self._open_segment().append(wave.lines)
        except OSError as error:
            wave.error = error
            self._leave_segment()
        if self._is_broken != (wave.error is not None):
            self._is_broken = not self._is_broken
            log.error(
                "the spool is written again" if not self._is_broken else "the spool cannot be written",
                folder=str(self.folder),
                error=str(wave.error or ""),
            )
        wave.done.set()

    def _open_segment(self) -> Segment:
        if self._segment is not None and self._segment.is_gone:
            self._segment = self._writer = None
        if self._writer is None:
            self._writer = Writer(self.folder)
        if self._segment is None:
            try:
                self._segment = self._writer.next_segment()
            except FileNotFoundError:
                self._writer = None  # somebody removed the folder: the next wave begins a new one
                raise
            self._ends_at = time.monotonic() + SEGMENT_SECONDS
        return self._segment

    def _seconds_left(self) -> float:
        """Return in how many seconds something is to be handed over."""
        if self._segment is None:
            return math.inf if not self._waiting else self._ends_at - time.monotonic()
        return 0.0 if self._segment.size >= SEGMENT_BYTES else self._ends_at - time.monotonic()

    def _leave_segment(self) -> None:
        """Write no more into a segment; what it holds is whole, and is handed over as soon as that is possible."""
        if self._segment is not None:
            self._waiting.append(self._segment)
            self._segment = None
            self._ends_at = time.monotonic() + SEGMENT_SECONDS

    def _hand_over(self) -> None:
        self._leave_segment()
        waiting, self._waiting = self._waiting, []
        for segment in waiting:
            try:
                segment.close()
            except OSError as error:
                log.warning("a segment cannot be closed yet", segment=str(segment.path), error=str(error))
                self._waiting.append(segment)


_lock = threading.Lock()
_spool: Spool | None = None
_owner = 0


def spool_line(line: bytes) -> None:
    """Keep the line of one request; it is on the disk when this returns. Raises TooMuchWaiting or NotWritten."""
    _of_this_process().append(line)


def close_spool() -> None:
    """Close this process's segment, so that its events move on at once."""
    global _spool  # one writer a process
    with _lock:
        spool, _spool = _spool, None
    if spool is not None and _owner == os.getpid():
        spool.close()


def _of_this_process() -> Spool:
    global _spool, _owner  # one writer a process
    folder = Path(settings.DATA) / "usage" / FOLDER
    spool = _spool
    if spool is not None and _owner == os.getpid() and spool.folder == folder:
        return spool
    if spool is not None:
        close_spool()
    with _lock:
        if _spool is None:
            _spool, _owner = Spool(folder), os.getpid()
            atexit.register(close_spool)
        return _spool
