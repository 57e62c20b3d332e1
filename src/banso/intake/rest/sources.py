"""Sources, as JSON: what is read by itself, how the last runs ended; read now, pause, resume."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from banso.api import access as api
from banso.intake.actions.sources import keeping, pulling
from banso.intake.models import Source
from banso.intake.queries import sources as queries
from banso.intake.queries import wording
from banso.intake.queries.sources import RunRow, SourceRow

router = api.Router(tags=["sources"])


class RunOut(api.Schema):
    """One reading. state: waiting, running, done, partial, failed, stopped; reason says why one failed."""

    id: int
    state: str
    asked_at: datetime
    asked_by: str
    started_at: datetime | None
    ended_at: datetime | None
    read: int
    added: int
    changed: int
    same: int
    refused: int
    reason: str


class SourceOut(api.Schema):
    """A source without its settings and secrets; due_at is null while it is paused."""

    id: int
    kind: str
    name: str
    every_minutes: int
    due_at: datetime | None
    paused_at: datetime | None
    paused_by: str
    last_run: RunOut | None


class RunsOut(api.Schema):
    items: list[RunOut]


@router.get("/sources", response=api.Page[SourceOut], summary="Sources, each with its last run")
@api.requires("intake.sources")
def sources(request: api.ApiRequest, paging: api.Query[api.Paging]) -> api.Page[SourceOut]:
    def read(page: list[Source]) -> list[SourceOut]:
        found = queries.some_sources([one.pk for one in page])
        return [_source(found[one.pk]) for one in page]

    return api.paged(request, Source.objects.all(), paging, by=("name",), read=read)


@router.get("/sources/{source_id}/runs", response=RunsOut, summary="The last runs of a source, newest first")
@api.requires("intake.sources")
def runs(request: api.ApiRequest, source_id: int) -> RunsOut:  # noqa: ARG001  # ninja's signature
    return RunsOut(items=[_run(one) for one in queries.runs(_found(source_id).id)[0]])


@router.post("/sources/{source_id}/run", response={202: RunOut}, summary="Read a source now")
@api.requires("intake.sources")
def run(request: api.ApiRequest, source_id: int) -> api.Status[RunOut]:
    row = _found(source_id)
    try:
        asked = pulling.run_now(source_id=row.id, by=request.auth.actor, now=timezone.now())
    except pulling.NothingToRead as refusal:
        why = _("Nothing was read: first confirm the columns of what is read from this source.")
        raise api.Conflict(why) from refusal
    return api.Status(202, _run(queries.run(asked)))


@router.post("/sources/{source_id}/pause", response=SourceOut, summary="Let a source not be read by itself")
@api.requires("intake.sources")
def pause(request: api.ApiRequest, source_id: int) -> SourceOut:
    keeping.pause(source_id=_found(source_id).id, by=request.auth.actor, now=timezone.now())
    return _source(_found(source_id))


@router.post("/sources/{source_id}/resume", response=SourceOut, summary="Let a paused source be read again")
@api.requires("intake.sources")
def resume(request: api.ApiRequest, source_id: int) -> SourceOut:
    keeping.resume(source_id=_found(source_id).id, by=request.auth.actor, now=timezone.now())
    return _source(_found(source_id))


def _found(source_id: int) -> SourceRow:
    row = queries.source(source_id)
    if row is None:
        raise api.NotThere(_("There is no source %(id)s.") % {"id": source_id})
    return row


def _source(row: SourceRow) -> SourceOut:
    return SourceOut(
        id=row.id,
        kind=row.kind,
        name=row.name,
        every_minutes=row.every_minutes,
        due_at=None if row.is_paused else row.due_at,
        paused_at=row.paused_at,
        paused_by=row.paused_by,
        last_run=_run(row.last) if row.last else None,
    )


def _run(row: RunRow) -> RunOut:
    return RunOut(
        id=row.id,
        state=row.state,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        started_at=row.started_at,
        ended_at=row.ended_at,
        read=row.read,
        added=row.added,
        changed=row.changed,
        same=row.same,
        refused=row.refused,
        reason=wording.whole(row.failure) if row.failure else "",
    )
