"""Where an import is worked on: one worker at a time, known to be alive, and stopped when somebody asks."""

import contextlib
import fcntl
import shutil
from collections.abc import Iterator

from banso.intake.queries import folders


class Cancelled(Exception):
    """Somebody asked for the import to end; raised between parts, so that nothing is cut in two."""


@contextlib.contextmanager
def held(name: str) -> Iterator[bool]:
    """Hold the lock of an import while working on it; yields False where another process holds it.

    The kernel lets go of it when the process dies, however it dies: a lock that can be had means that nobody works.
    """
    folder = folders.folder(name)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / folders.LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def is_alive(name: str) -> bool:
    """Return whether a process is working on an import now."""
    with held(name) as is_mine:
        return not is_mine


def beat(name: str, *, phase: str, done: int, total: int | None) -> None:
    """Say how far the work is, and raise Cancelled where it is to end."""
    if folders.is_cancelled(name):
        raise Cancelled
    folders.write_progress(name, phase=phase, done=done, total=total)


def clear(name: str) -> None:
    """Throw away what an earlier, unfinished try left behind, but for the file itself."""
    folder = folders.folder(name)
    shutil.rmtree(folder / folders.STAGED, ignore_errors=True)
    for one in (folders.CHECKED, folders.PROGRESS, folders.CANCEL, folders.REPEATED):
        (folder / one).unlink(missing_ok=True)
    for path in folder.glob("refused*.jsonl"):
        path.unlink()
