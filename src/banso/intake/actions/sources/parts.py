"""What is new in a source, part by part, whichever kind it is."""

import csv
import io
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from typing import Final

from django.conf import settings

from banso.accounts import queries as accounts
from banso.intake.models import Feed, Import, Source, SourceKind, State
from banso.intake.queries.connectors import clickhouse, duck, folder, hubspot, postgresql, salesforce
from banso.intake.queries.connectors.reading import Reader, Wanted
from banso.intake.rules import crm, sealing
from banso.intake.rules.refusals import Refusal
from banso.intake.rules.sourcing import Batch, Part, PartGone, SourceProblem

READERS: Final[dict[str, Reader]] = {
    SourceKind.POSTGRESQL: postgresql.read,
    SourceKind.CLICKHOUSE: clickhouse.read,
    SourceKind.DUCKDB: duck.read,
    SourceKind.SALESFORCE: salesforce.read,
    SourceKind.HUBSPOT: hubspot.read,
}
PART_ROWS: Final = 100_000
SAMPLE_ROWS: Final = 500

type Note = Callable[[list[Refusal]], None]


def new_parts(feed: Feed, *, note: Note, now: datetime) -> Iterator[Part]:
    """Yield what has not come in yet; raises SourceProblem. What is left out is told to `note`."""
    if feed.source.kind == SourceKind.FOLDER:
        yield from _new_files(feed, note, now)
    else:
        with closing(_batches(feed, now)) as batches:
            yield from grouped(batches, feed.source.name, PART_ROWS)


def first_part(feed: Feed, *, now: datetime) -> Part | None:
    """Return what columns can be confirmed by: the newest file, or the first rows; None where there is nothing."""
    if feed.source.kind == SourceKind.FOLDER:
        where = feed.source.settings["folder"]
        found = folder.look(where, feed.what, now=now).ready
        return Part(found[-1].name, folder.chunks(where, found[-1])) if found else None
    with closing(_batches(feed, now)) as batches:
        first = next(batches, None)
        if first is None:
            return None
        few = Batch(first.columns, first.rows[:SAMPLE_ROWS])
    return next(grouped(iter([few]), feed.source.name, PART_ROWS))


def grouped(batches: Iterator[Batch], name: str, most: int) -> Iterator[Part]:
    """Yield batches in parts of about so many rows, each as a CSV file that is written while it is taken."""
    number = 0
    while (first := next(batches, None)) is not None:
        number += 1
        part = Part(f"{name} {number}.csv", ())
        part.chunks = _written(part, first, batches, most)
        yield part


def secrets_of(source: Source) -> dict[str, str]:
    """Return the secrets of a source, to be used and forgotten; raises SourceProblem."""
    try:
        return sealing.unseal(source.sealed, settings.SECRETS_KEYS)
    except sealing.Unopenable as error:
        raise SourceProblem("secrets_unreadable") from error


def _batches(feed: Feed, now: datetime) -> Generator[Batch]:
    source = feed.source
    wanted = Wanted(feed.what, now, feed.cursor_column, feed.cursor or feed.starts_at)
    for batch in READERS[source.kind](source.settings, secrets_of(source), wanted):
        rows = _known(batch) if source.kind in crm.OBJECTS and feed.kind == "accounts" else batch.rows
        if rows:
            yield Batch(batch.columns, rows, batch.cursor)


def _known(batch: Batch) -> list[list[str]]:
    """Return the rows without accounts that are gone there and were never here."""
    gone = batch.columns.index(crm.GONE)
    here = accounts.by_external_ids(row[0] for row in batch.rows if row[gone])
    return [row for row in batch.rows if not row[gone] or row[0] in here]


def _written(part: Part, first: Batch, batches: Iterator[Batch], most: int) -> Iterator[bytes]:
    yield _csv([first.columns, *first.rows])
    rows, part.cursor = len(first.rows), first.cursor
    while rows < most and (batch := next(batches, None)) is not None:
        yield _csv(batch.rows)
        rows, part.cursor = rows + len(batch.rows), batch.cursor


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _new_files(feed: Feed, note: Note, now: datetime) -> Iterator[Part]:
    where = feed.source.settings["folder"]
    look = folder.look(where, feed.what, now=now)
    note(look.left_out)
    # Of parts that a stop cut off before they were read nothing came in: they are read again.
    cut_off = Import.objects.filter(feed=feed, state=State.DRAFT).exclude(place="")
    cut_off.update(state=State.CANCELLED, place="", ended_at=now)
    taken = set(Import.objects.filter(feed=feed).exclude(place="").values_list("place", flat=True))
    for found in look.ready:
        if found.place not in taken and not _is_touched_only(feed, where, found):
            yield Part(found.name, folder.chunks(where, found), found.place)


def _is_touched_only(feed: Feed, where: str, found: folder.Found) -> bool:
    """Tell a file whose time has changed and nothing else, and remember it by its new time."""
    last = Import.objects.filter(feed=feed, file_name=found.name).exclude(place="").order_by("-pk").first()
    if last is None or last.size_bytes != found.size:
        return False
    try:
        is_same = last.sha256 == folder.digest(where, found)
    except PartGone:
        return False
    if is_same:
        Import.objects.filter(pk=last.pk).update(place=found.place)
    return is_same
