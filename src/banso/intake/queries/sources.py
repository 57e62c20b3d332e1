"""Sources as pages and programs show them: what is read, when, how the last runs ended, and what is wrong."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import BigIntegerField, Count, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from banso.intake.models import Feed, Import, Source, SourceRun, State
from banso.intake.rules.refusals import Refusal
from banso.intake.rules.refusals import from_json as refusal_from

RUNS: Final = 20


@dataclass(frozen=True)
class RunRow:
    """One reading of a source: how it ended, and how many rows it read, added, changed, found there, refused."""

    id: int
    state: str
    state_label: str
    asked_at: datetime
    asked_by: str
    started_at: datetime | None
    ended_at: datetime | None
    files: int
    added: int
    changed: int
    same: int
    refused: int
    failure: Refusal | None
    notes: tuple[Refusal, ...]

    @property
    def read(self) -> int:
        """Return how many rows were read."""
        return self.added + self.changed + self.same + self.refused

    @property
    def is_open(self) -> bool:
        """Return whether it waits or goes on."""
        return self.state in SourceRun.OPEN


@dataclass(frozen=True)
class FeedRow:
    """What is read from a source, as what, and whether somebody has confirmed how."""

    id: int
    kind: str
    kind_label: str
    what: str
    is_confirmed: bool
    cursor_column: str
    cursor: str  # up to where it was read


@dataclass(frozen=True)
class SourceRow:
    """A source with its last run."""

    id: int
    kind: str
    kind_label: str
    name: str
    settings: Mapping[str, Any]
    every_minutes: int
    due_at: datetime
    paused_at: datetime | None
    paused_by: str
    made_at: datetime
    made_by: str
    last: RunRow | None
    is_ready: bool  # something of it is confirmed, so that there is something to read

    @property
    def is_paused(self) -> bool:
        """Return whether it is read only when somebody asks."""
        return self.paused_at is not None


@dataclass(frozen=True)
class CameRow:
    """What one run brought in, or could not: an import by its file and its counts, with why it failed."""

    id: int
    file_name: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    made_at: datetime
    added: int
    changed: int
    same: int
    refused: int
    failure: Refusal | None


def is_any_due(now: datetime) -> bool:
    """Return whether a source is to be read."""
    confirmed = Feed.objects.exclude(mapping={}).values("source_id")
    return Source.objects.filter(paused_at=None, due_at__lte=now, pk__in=confirmed).exists()


def all_sources() -> list[SourceRow]:
    """Return all sources by name, each with its last run."""
    return _rows(Source.objects.order_by("name", "pk"))


def source(source_id: int) -> SourceRow | None:
    """Return one source, or nothing."""
    return next(iter(_rows(Source.objects.filter(pk=source_id))), None)


def some_sources(ids: Collection[int]) -> dict[int, SourceRow]:
    """Return some sources by id."""
    return {row.id: row for row in _rows(Source.objects.filter(pk__in=ids))}


def feeds(source_id: int) -> list[FeedRow]:
    """Return what is read from a source, oldest first."""
    found = Feed.objects.filter(source_id=source_id).order_by("pk")
    return [_feed(one) for one in found]


def feed(feed_id: int) -> tuple[FeedRow, int] | None:
    """Return one feed and the id of its source, or nothing."""
    one = Feed.objects.filter(pk=feed_id).first()
    return (_feed(one), one.source_id) if one else None


def runs(source_id: int, number: int = 1) -> tuple[list[RunRow], int, int, int]:
    """Return a page of runs, newest first: the rows, its number, the number of pages, and how many runs there are."""
    newest = _counted(SourceRun.objects.filter(source_id=source_id)).order_by("-asked_at", "-pk")
    found = Paginator(newest, RUNS).get_page(number)
    return [_run(one) for one in found.object_list], found.number, found.paginator.num_pages, found.paginator.count


def run(run_id: int) -> RunRow:
    """Return one run."""
    return _run(_counted(SourceRun.objects.filter(pk=run_id)).get())


def came_in(source_id: int, limit: int) -> list[CameRow]:
    """Return the imports that a source brought in, newest first."""
    found = Import.objects.filter(run__source_id=source_id).order_by("-made_at", "-pk")[:limit]
    return [
        CameRow(
            id=one.pk,
            file_name=one.file_name,
            kind=one.kind,
            kind_label=one.get_kind_display(),
            state=one.state,
            state_label=one.get_state_display(),
            made_at=one.made_at,
            added=one.rows_added,
            changed=one.rows_changed,
            same=one.rows_same,
            refused=one.rows_refused,
            failure=refusal_from(one.failure) if one.failure else None,
        )
        for one in found
    ]


def _rows(found: QuerySet[Source]) -> list[SourceRow]:
    latest = SourceRun.objects.filter(source=OuterRef("pk")).order_by("-asked_at", "-pk").values("pk")[:1]
    rows = list(found.annotate(last_run=Subquery(latest)))
    last = {one.pk: _run(one) for one in _counted(SourceRun.objects.filter(pk__in=[row.last_run for row in rows]))}
    ready = set(Feed.objects.filter(source__in=rows).exclude(mapping={}).values_list("source_id", flat=True))
    return [_row(one, last.get(one.last_run), is_ready=one.pk in ready) for one in rows]


def _row(one: Source, last: RunRow | None, *, is_ready: bool) -> SourceRow:
    return SourceRow(
        id=one.pk,
        kind=one.kind,
        kind_label=one.get_kind_display(),
        name=one.name,
        settings=one.settings,
        every_minutes=one.every_minutes,
        due_at=one.due_at,
        paused_at=one.paused_at,
        paused_by=one.paused_by,
        made_at=one.made_at,
        made_by=one.made_by,
        last=last,
        is_ready=is_ready,
    )


def _feed(one: Feed) -> FeedRow:
    return FeedRow(
        id=one.pk,
        kind=one.kind,
        kind_label=one.get_kind_display(),
        what=one.what,
        is_confirmed=bool(one.mapping),
        cursor_column=one.cursor_column,
        cursor=one.cursor,
    )


def _counted(found: QuerySet[SourceRun]) -> QuerySet[SourceRun]:
    """Lend each run the sums of its imports."""
    own = Import.objects.filter(run=OuterRef("pk")).order_by().values("run")

    def total(name: str) -> Coalesce:
        return Coalesce(
            Subquery(own.annotate(total=Sum(name)).values("total")), Value(0), output_field=BigIntegerField()
        )

    files = Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), Value(0), output_field=BigIntegerField())
    return found.annotate(
        files=files,
        added=total("rows_added"),
        changed=total("rows_changed"),
        same=total("rows_same"),
        refused=total("rows_refused"),
    )


def _run(one: Any) -> RunRow:
    return RunRow(
        id=one.pk,
        state=one.state,
        state_label=str(State(one.state).label),
        asked_at=one.asked_at,
        asked_by=one.asked_by,
        started_at=one.started_at,
        ended_at=one.ended_at,
        files=one.files,
        added=one.added,
        changed=one.changed,
        same=one.same,
        refused=one.refused,
        failure=refusal_from(one.failure) if one.failure else None,
        notes=tuple(refusal_from(kept) for kept in one.notes),
    )
