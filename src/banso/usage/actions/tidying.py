"""Put the small files of the lake together, and forget the message ids that are too old to come again."""

import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from django.conf import settings

from banso.usage.models import ids as id_files
from banso.usage.models import manifest
from banso.usage.models.engine import connection, literal
from banso.usage.models.manifest import IdFile, LakeFile, Manifest
from banso.usage.rules.tidying import groups, remembered_days

ROUNDS_AT_MOST: Final = 20


@dataclass(frozen=True)
class Tidied:
    """What one call of `tidy` did: files that went into others, events without ids since, ids forgotten."""

    merged: int
    stripped: int
    forgotten: int


def tidy() -> Tidied:
    """Put small files of a month together, drop old message ids from the lake, and forget them.

    An id is old once `settings.REPEAT_DAYS` newer days have brought something in. Events that are not yet in the
    roll-ups are left alone. Safe to kill and to run twice: each step becomes visible whole.
    """
    merged = 0
    with manifest.lock("roll_up"), manifest.lock("lake"):
        manifest.sweep("lake")
        forgotten = _forget()
        stripped = sum(_strip(month) for month in _old_months(manifest.current()))
        for _ in range(ROUNDS_AT_MOST):
            done = _merge_round()
            merged += done
            if not done:
                break
    return Tidied(merged=merged, stripped=stripped, forgotten=forgotten)


def needs_tidying() -> bool:
    """Return whether there is something to put together or to forget."""
    seen = manifest.current()
    newest = _remembered(seen)
    is_old = any(one.day and one.day not in newest for one in seen.ids or ())
    return bool(is_old or _old_months(seen) or _lake_groups(seen) or _id_groups(seen))


def _merge_round() -> int:
    done = 0
    seen = manifest.current()
    for lake in _lake_groups(seen):
        manifest.publish_tidied(gone=lake, added=[_merged(lake)], ids=manifest.current().ids)
        done += len(lake)
    for some in _id_groups(seen):
        kept = [one for one in manifest.current().ids or () if one not in some]
        manifest.publish_tidied(gone=(), added=(), ids=(*kept, _merged_ids(some)))
        done += len(some)
    return done


def _lake_groups(seen: Manifest) -> list[list[LakeFile]]:
    waiting = set(seen.pending)
    settled = (one for one in seen.lake if one.segment not in waiting)
    return groups(settled, place=lambda one: (one.month, one.has_ids), rows=lambda one: one.rows)


def _id_groups(seen: Manifest) -> list[list[IdFile]]:
    return groups(seen.ids or (), place=lambda one: one.day, rows=lambda one: one.rows)


def _remembered(seen: Manifest) -> Sequence[str]:
    return remembered_days((one.day for one in seen.ids or ()), at_most=settings.REPEAT_DAYS)


def _old_months(seen: Manifest) -> list[str]:
    """Return the months with events that carry ids which nobody looks for any more."""
    if seen.ids is None:
        return []
    oldest = next(iter(_remembered(seen)), "")
    waiting = set(seen.pending)
    return sorted(
        {one.month for one in seen.lake if one.has_ids and one.came_on < oldest and one.segment not in waiting}
    )


def _strip(month: str) -> int:
    seen = manifest.current()
    oldest = next(iter(_remembered(seen)), "")
    waiting = set(seen.pending)
    old = [
        one
        for one in seen.lake
        if one.month == month and one.has_ids and one.came_on < oldest and one.segment not in waiting
    ]
    made = _merged(old, has_ids=False)
    manifest.publish_tidied(gone=old, added=[made], ids=seen.ids)
    return made.rows


def _forget() -> int:
    seen = manifest.current()
    newest = _remembered(seen)
    kept = tuple(one for one in seen.ids or () if not one.day or one.day in newest)
    gone = sum(one.rows for one in seen.ids or ()) - sum(one.rows for one in kept)
    if gone:
        manifest.publish_tidied(gone=(), added=(), ids=kept)
    return gone


def _merged(files: Sequence[LakeFile], *, has_ids: bool = True) -> LakeFile:
    """Write one file with the events of several of a month, sorted as they are."""
    folder = manifest.staging("lake")
    work = connection().cursor()
    keeps = has_ids and files[0].has_ids
    try:
        written = folder / "merged.parquet"
        listed = ", ".join(map(literal, manifest.paths(one.path for one in files)))
        columns = "*" if keeps else "* REPLACE (NULL::VARCHAR AS message_id)"
        work.execute(
            f"COPY (SELECT {columns} FROM read_parquet([{listed}], hive_partitioning=false)"
            f' ORDER BY account, "at", message_id) TO {literal(written)} (FORMAT parquet, COMPRESSION zstd)'
        )
        segment = uuid.uuid4().hex
        path = manifest.move_in(written, f"lake/month={files[0].month}/{segment}.parquet")
    finally:
        work.close()
        shutil.rmtree(folder, ignore_errors=True)
    return replace(
        files[0],
        path=path,
        segment=segment,
        rows=sum(one.rows for one in files),
        first_at=min(one.first_at for one in files),
        last_at=max(one.last_at for one in files),
        came_on=max(one.came_on for one in files),
        has_ids=keeps,
    )


def _merged_ids(files: Sequence[IdFile]) -> IdFile:
    folder = manifest.staging("lake")
    try:
        unique = uuid.uuid4().hex
        written = folder / f"{unique}.npy"
        rows, parts = id_files.merged(Path(path) for path in manifest.paths(one.path for one in files))
        id_files.write(written, rows, parts)
        return IdFile(path=manifest.move_in(written, f"lake/ids/{unique}.npy"), rows=rows, day=files[0].day)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
