"""The watched folder: files that others drop, read where they lie, each once, and never through a link."""

import errno
import fnmatch
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Final

from django.conf import settings

from banso.intake.queries.files import CHUNK
from banso.intake.rules.refusals import Refusal
from banso.intake.rules.sourcing import PartGone, SourceProblem

QUIET: Final = timedelta(seconds=30)  # a file that changed more lately is still being written
UNFINISHED: Final = (".part", ".partial", ".tmp", ".filepart", ".crdownload", "~")


@dataclass(frozen=True)
class Found:
    """A file that lies ready: its name, its size, when it was changed (nanoseconds)."""

    name: str
    size: int
    changed_ns: int

    @property
    def place(self) -> str:
        """Return what tells this state of the file from others."""
        return f"{self.name}|{self.size}|{self.changed_ns}"


@dataclass(frozen=True)
class Look:
    """What lies in a folder: the files that are ready, oldest first, and what was left out with why."""

    ready: list[Found]
    left_out: list[Refusal]


def check(folder: str) -> None:
    """Raise SourceProblem where a folder may not be read, or cannot."""
    os.close(_opened(folder))


def look(folder: str, pattern: str, *, now: datetime) -> Look:
    """Return the files of a folder whose names fit, once nobody writes to them any more; raises SourceProblem."""
    handle = _opened(folder)
    ready: list[Found] = []
    left_out: list[Refusal] = []
    try:
        with os.scandir(handle) as entries:
            for entry in entries:
                if _fits(entry.name, pattern):
                    _sort_in(entry, ready, left_out, now)
    finally:
        os.close(handle)
    ready.sort(key=lambda one: (one.changed_ns, one.name))
    left_out.sort(key=lambda one: one.value)
    return Look(ready, left_out)


def chunks(folder: str, found: Found) -> Iterator[bytes]:
    """Yield the bytes of a file as it was found; raises PartGone where it has become another meanwhile."""
    handle = _opened(folder)
    try:
        file = os.open(found.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=handle)
    except OSError as error:
        raise PartGone("file_unreadable", value=found.name, reason=error.strerror or "") from error
    finally:
        os.close(handle)
    with os.fdopen(file, "rb") as opened:
        _check_same(file, found)
        while chunk := opened.read(CHUNK):
            yield chunk
        _check_same(file, found)


def digest(folder: str, found: Found) -> str:
    """Return the SHA-256 of a file; raises PartGone."""
    sha = hashlib.sha256()
    for chunk in chunks(folder, found):
        sha.update(chunk)
    return sha.hexdigest()


def _sort_in(entry: "os.DirEntry[str]", ready: list[Found], left_out: list[Refusal], now: datetime) -> None:
    if entry.is_symlink():
        left_out.append(Refusal("link_left_out", value=entry.name))
        return
    try:
        facts = entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # taken away meanwhile
        return
    if not stat.S_ISREG(facts.st_mode):
        return
    # The time of the last change of the inode, which copying programs cannot set back as they can that of the content.
    if now.timestamp() - facts.st_ctime >= QUIET.total_seconds():
        ready.append(Found(entry.name, facts.st_size, facts.st_mtime_ns))


def _fits(name: str, pattern: str) -> bool:
    is_ours = not name.startswith(".") and not name.endswith(UNFINISHED)
    return is_ours and fnmatch.fnmatchcase(name.casefold(), pattern.casefold())


def _check_same(file: int, found: Found) -> None:
    facts = os.fstat(file)
    if not stat.S_ISREG(facts.st_mode) or (facts.st_size, facts.st_mtime_ns) != (found.size, found.changed_ns):
        raise PartGone("file_changed", value=found.name)


def _opened(folder: str) -> int:
    """Open a folder below one of those that the operator allows, step by step: no link leads out, at any time."""
    root, steps = _allowed(folder)
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    try:
        handle = os.open(root, flags)
        for step in steps:
            above = handle
            try:
                handle = os.open(step, flags | os.O_NOFOLLOW, dir_fd=above)
            finally:
                os.close(above)
    except OSError as error:
        code = "folder_is_link" if error.errno in {errno.ELOOP, errno.ENOTDIR} else "folder_missing"
        raise SourceProblem(code, value=folder, reason=error.strerror or "") from error
    return handle


def _allowed(folder: str) -> tuple[Path, tuple[str, ...]]:
    path = PurePosixPath(folder)
    allowed: tuple[Path, ...] = settings.SOURCE_FOLDERS
    for root in allowed:
        if ".." not in path.parts and "\x00" not in folder and path.is_relative_to(root):
            return root, path.relative_to(root).parts
    raise SourceProblem("folder_not_allowed", value=folder, allowed=", ".join(str(one) for one in allowed))
