"""Which files the lake and the roll-ups consist of: one small file, replaced whole, shows all changes at once."""

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import msgspec
from django.conf import settings

from banso.usage.rules.names import NameRule

# How many publications a replaced file outlives: at the busiest there are a few in ten seconds.
GENERATIONS_KEPT: Final = 20
# Which columns the roll-ups have: counted up whenever they get others, so that they are made anew.
SHAPE: Final = 2


@dataclass(frozen=True)
class LakeFile:
    """Events of one UTC month that one call of `record` brought, sorted by account and time."""

    path: str
    month: str
    segment: str
    rows: int
    first_at: datetime
    last_at: datetime
    # The newest day (ISO) on which any of it came in, and whether its events still carry their message ids.
    came_on: str = ""
    has_ids: bool = True


@dataclass(frozen=True)
class IdFile:
    """Digests of message ids that are in the lake; those without a day are remembered for ever."""

    path: str
    rows: int
    day: str = ""


@dataclass(frozen=True)
class MonthFiles:
    """The roll-up files of one month of the company's calendar."""

    daily: str
    user_day: str
    words: int
    first_day: int
    last_day: int
    rows: int


@dataclass(frozen=True)
class RollUp:
    """The roll-ups in force: counted in which time zone, by which meaning of the names, in which files."""

    time_zone: str = ""
    catalogue: dict[str, NameRule] = field(default_factory=dict)
    # Account and number; account, person and number; a name that events came with and the account it counts for.
    accounts: str = ""
    people: str = ""
    names: str = ""
    # The mark of the identities (other ids of accounts, aliases of people) that it was counted by.
    identity: str = ""
    made_at: datetime | None = None
    shape: int = 0
    months: dict[str, MonthFiles] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """Everything that is visible. Files that it does not name do not exist for anybody."""

    generation: int = 0
    lake: tuple[LakeFile, ...] = ()
    # Segments not yet in the roll-ups.
    pending: tuple[str, ...] = ()
    roll_up: RollUp = field(default_factory=RollUp)
    # None: this lake is from before ids were kept beside it.
    ids: tuple[IdFile, ...] | None = None
    # Files that were replaced, and in which generation: kept for some more, so that who reads now can finish.
    leaving: dict[str, int] = field(default_factory=dict)

    @property
    def retired(self) -> tuple[str, ...]:
        """Return the files that were replaced and are not yet removed."""
        return tuple(self.leaving)

    def pending_files(self) -> list[LakeFile]:
        waiting = set(self.pending)
        return [one for one in self.lake if one.segment in waiting]

    def lake_files(self, months: Iterable[str]) -> list[LakeFile]:
        wanted = set(months)
        return [one for one in self.lake if one.month in wanted]


def home() -> Path:
    """Return the folder of everything about usage."""
    return Path(settings.DATA) / "usage"


def paths(names: Iterable[str]) -> list[str]:
    """Return the full paths of files that a manifest names."""
    root = home()
    return [str(root / name) for name in names]


def current() -> Manifest:
    """Return what is visible now; an installation without events has an empty manifest."""
    try:
        return msgspec.json.decode((home() / "manifest.json").read_bytes(), type=Manifest)
    except FileNotFoundError:
        return Manifest()


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Let one process at a time in; the lock goes with the process that holds it, however that ends."""
    root = home()
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def publish_segment(files: Iterable[LakeFile], *, segment: str, ids: tuple[IdFile, ...]) -> None:
    """Make the files of one call of `record` visible, all at once, with all the ids that are then remembered."""
    added = tuple(files)
    with lock("manifest"):
        seen = current()
        _publish(replace(seen, lake=seen.lake + added, pending=(*seen.pending, segment), ids=ids))


def publish_tidied(*, gone: Iterable[LakeFile], added: Iterable[LakeFile], ids: tuple[IdFile, ...] | None) -> None:
    """Put merged files in the place of those they were merged from; call under the locks of lake and roll-up."""
    away = {one.path for one in gone}
    with lock("manifest"):
        seen = current()
        lake = (*(one for one in seen.lake if one.path not in away), *added)
        left = {one.path for one in seen.ids or ()} - {one.path for one in ids or ()}
        _publish(replace(seen, lake=lake, ids=ids), retiring=frozenset(away | left))


def publish_roll_up(roll_up: RollUp, *, segments: Iterable[str]) -> None:
    """Make new roll-ups visible, which hold these segments."""
    done = set(segments)
    with lock("manifest"):
        seen = current()
        pending = tuple(name for name in seen.pending if name not in done)
        gone = files_of(seen.roll_up) - files_of(roll_up)
        _publish(replace(seen, roll_up=roll_up, pending=pending), retiring=gone)


def staging(kind: str) -> Path:
    """Return a new folder to write into, emptied of what a killed writer left; call under the lock of its kind."""
    place = home() / "staging" / kind
    shutil.rmtree(place, ignore_errors=True)
    folder = place / uuid.uuid4().hex
    folder.mkdir(parents=True)
    return folder


def move_in(file: Path, place: str) -> str:
    """Move a written file to its place under the home folder, durably; return the place."""
    target = home() / place
    target.parent.mkdir(parents=True, exist_ok=True)
    _sync(file)
    file.replace(target)
    for folder in (target.parent, target.parent.parent):
        _sync(folder)
    return place


def sweep(kind: str) -> None:
    """Remove files of a kind (lake, roll_up) that nobody names: left by a killed writer. Call under the kind's lock."""
    seen = current()
    named = {one.path for one in seen.lake} | {one.path for one in seen.ids or ()}
    named |= files_of(seen.roll_up) | set(seen.retired)
    root = home()
    for file in sorted((root / kind).rglob("*")):
        if file.is_file() and str(file.relative_to(root)) not in named:
            file.unlink()


def months_of_days(first: date, last: date, roll_up: RollUp) -> list[MonthFiles]:
    """Return the roll-up months that reach into these days, both included, in order."""
    low, high = first.toordinal() - 1, last.toordinal() - 1
    return [
        files
        for _, files in sorted(roll_up.months.items())
        if files.rows and files.first_day <= high and files.last_day >= low
    ]


def files_of(roll_up: RollUp) -> frozenset[str]:
    """Return every file of a roll-up."""
    names = {roll_up.accounts, roll_up.people, roll_up.names} - {""}
    return frozenset(names | {name for month in roll_up.months.values() for name in (month.daily, month.user_day)})


def is_there(roll_up: RollUp) -> bool:
    """Return whether no file of a roll-up can have been removed yet."""
    seen = current()
    return files_of(roll_up) <= files_of(seen.roll_up) | set(seen.retired)


def _publish(manifest: Manifest, *, retiring: frozenset[str] = frozenset()) -> None:
    root = home()
    generation = manifest.generation + 1
    leaving = {path: since for path, since in manifest.leaving.items() if since > generation - GENERATIONS_KEPT}
    leaving |= dict.fromkeys(sorted(retiring), generation)
    written = replace(manifest, generation=generation, leaving=leaving)
    temporary = root / "manifest.json.new"
    temporary.write_bytes(msgspec.json.encode(written))
    _sync(temporary)
    temporary.replace(root / "manifest.json")
    _sync(root)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
