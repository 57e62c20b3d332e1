"""Take a file in: keep it under a name of our own, find out what it is, and guess how it is read."""

import hashlib
import secrets
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from banso.intake.models import Import, Kind, Mapping, State
from banso.intake.queries import folders, tables
from banso.intake.queries.files import Limits
from banso.intake.rules import guessing, mapping
from banso.intake.rules.refusals import Unreadable
from banso.people.access import Actor
from banso.shared.text import one_line

SAMPLE_ROWS: Final = 200
ADVISED_FREE: Final = 64 << 20  # what must be left on the disk beside the file


def limit_bytes() -> int:
    """Return how large an uploaded file may be."""
    return int(settings.UPLOAD_LIMIT_BYTES)


def upload(
    *,
    chunks: Iterable[bytes],
    file_name: str,
    kind: str,
    by: Actor,
    now: datetime,
    chosen: mapping.Map | None = None,
) -> Import:
    """Keep a file and make a draft of its import, read by a map where one is `chosen`, else as last time or as guessed.

    An empty `kind` is guessed. Raises Unreadable where the file is too large or no table; then nothing is kept.
    """
    name = secrets.token_hex(16)
    folder = folders.folder(name)
    folder.mkdir(parents=True, mode=0o700)
    try:
        size, digest = _keep(chunks, folder / folders.FILE)
        table = open_kept(folder / folders.FILE, chosen=chosen)
        head = tables.head(table, SAMPLE_ROWS)
        one = _draft(name, file_name, kind, table, head, by=by, now=now)
        one.size_bytes, one.sha256 = size, digest
        if chosen is not None:
            one.mapping, one.source = mapping.as_plain(chosen), chosen.source
        one.rows_total = tables.estimated_rows(table)
        with transaction.atomic():
            one.save()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return one


def open_kept(path: Path, *, chosen: mapping.Map | None = None) -> tables.Table:
    """Open a kept file, with the encoding, delimiter and sheet of a map where it names them."""
    limits = Limits(unpacked_bytes=max(limit_bytes() * 4, 1 << 20))
    if chosen is None:
        return tables.open_table(path, limits=limits)
    return tables.open_table(
        path, encoding=chosen.encoding, delimiter=chosen.delimiter, sheet=chosen.sheet, limits=limits
    )


def samples(table: tables.Table, head: tables.Batch) -> dict[str, list[str]]:
    """Return the first values of each column."""
    return {name: head.frame[f"c{place}"].to_list() for place, name in enumerate(table.columns)}


def _draft(
    folder: str, file_name: str, kind: str, table: tables.Table, head: tables.Batch, *, by: Actor, now: datetime
) -> Import:
    values = samples(table, head)
    kind = kind or guessing.guess_kind(table.columns, values)
    return Import(
        kind=Kind(kind),
        file_name=_shown_name(file_name),
        folder=folder,
        state=State.DRAFT,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet[:100],
        columns=list(table.columns),
        mapping=remembered(kind, table.columns) or mapping.as_plain(guessing.guess(kind, table.columns, values)),
        made_by_id=by.user_id,
        made_at=now,
    )


def remembered(kind: str, columns: Iterable[str]) -> dict[str, Any] | None:
    """Return how files with these columns were read last time, or None where there was no last time."""
    kept = Mapping.objects.filter(kind=kind, signature=mapping.signature(list(columns))).first()
    return dict(kept.mapping) if kept else None


def _keep(chunks: Iterable[bytes], path: Path) -> tuple[int, str]:
    limit, size, digest = limit_bytes(), 0, hashlib.sha256()
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise Unreadable("too_large", limit_mb=limit >> 20)
            if size == len(chunk) and shutil.disk_usage(path.parent).free < ADVISED_FREE:
                raise Unreadable("disk_full")
            digest.update(chunk)
            file.write(chunk)
    return size, digest.hexdigest()


def _shown_name(name: str) -> str:
    """Return a file's name as it is shown: without folders, on one line; it never names a file of ours."""
    return one_line(PurePosixPath(name.replace("\\", "/")).name)[:255] or "file"
