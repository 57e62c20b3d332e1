"""Where demos live, what they hold, and whether one runs."""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from gettext import gettext as _
from pathlib import Path

import click

from banso.site.cli.starting import Refusal

NOTE = "demo.json"
LOCK = "demo.lock"
REAL = ("oss_activity", "ravenstack")


@dataclass(frozen=True)
class Note:
    """What a demo's folder holds, and how to sign in; `is_complete` once everything is filled in."""

    data: str
    email: str
    password: str
    is_complete: bool = False


def folder_of(data: str) -> Path:
    """Return the folder of a demo: BANSO_DATA where it is set, else one for each data set below ./var."""
    given = os.environ.get("BANSO_DATA")
    name = re.sub(r"[^a-z0-9_-]+", "-", Path(data).name.lower()).strip("-") or "demo"
    return Path(given).absolute() if given else Path("var").absolute() / f"demo-{name}"


def source_of(data: str, shared: Path) -> Path:
    """Return the folder with the files of a real data set; raises Refusal where there is none."""
    folder = shared / "data" / data if data in REAL else Path(data).absolute()
    if not folder.is_dir():
        raise Refusal(
            _("There is no folder %(folder)s with the data set. Give its path (--data PATH), or set BANSO_SHARED.")
            % {"folder": folder}
        )
    return folder


def read_note(folder: Path) -> Note | None:
    """Return what a folder holds; None where no demo was begun in it."""
    try:
        return Note(**json.loads((folder / NOTE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise Refusal(_("The file %(file)s is damaged. Start afresh: --fresh") % {"file": folder / NOTE}) from error


def write_note(folder: Path, note: Note) -> None:
    """Keep what a folder holds, readable by its owner only."""
    unfinished = folder / f"{NOTE}.new"
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(asdict(note), ensure_ascii=False, indent=2), encoding="utf-8")
    unfinished.replace(folder / NOTE)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep a demo's folder for this process; raises Refusal where another one has it."""
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal(
                _("This demo runs already in %(folder)s. Stop it with Ctrl-C, or set BANSO_DATA to another folder.")
                % {"folder": folder}
            ) from error
        yield
    finally:
        os.close(descriptor)


def use_running_demo() -> None:
    """Let a command that names no installation speak to the demo that runs below ./var, if one does."""
    var = Path("var").absolute()
    if {"BANSO_DATA", "BANSO_DATABASE_URL"} & set(os.environ) or (var / "banso.sqlite3").exists():
        return
    running = [folder.parent for folder in sorted(var.glob(f"demo-*/{LOCK}")) if _is_held(folder)]
    if len(running) == 1:
        os.environ["BANSO_DATA"] = str(running[0])
        click.echo(_("Speaking to the demo in %(folder)s.") % {"folder": running[0]}, err=True)


def _is_held(lock: Path) -> bool:
    descriptor = os.open(lock, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
