"""Health, as JSON: where accounts stand, how they came there, why; pulses; and definitions of measures."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from banso.accounts import queries as accounts
from banso.api import access as api
from banso.health import actions, queries
from banso.health.models import Standing
from banso.health.rules import plain_of

router = api.Router(tags=["health"])


class HealthOut(api.Schema):
    """Where an account stands. score, score_week_ago and change are 0–100 with one decimal, null where not known."""

    external_id: str
    as_of_on: date
    score: float | None
    score_week_ago: float | None
    change: float | None
    coverage: float
    level: int | None
    condition: str
    condition_since_on: date | None
    last_used_on: date | None
    left_on: date | None
    reason: str
    pulse: int | None
    is_disputed: bool


class WeekOut(api.Schema):
    week: date
    score: float | None
    coverage: float
    level: int | None
    condition: str


class HistoryOut(api.Schema):
    external_id: str
    items: list[WeekOut]


class PartOut(api.Schema):
    """What a measure gives: value, points of 100, share of the weight, and `score`, its part of the score."""

    measure: str
    label: str
    group: str
    unit: str
    value: float | None
    points: float | None
    share: float
    score: float


class MoveOut(api.Schema):
    """What a cause gave to the change. kind: moved, appeared, vanished, weights."""

    kind: str
    measure: str
    label: str
    before: str
    after: str
    change: float


class ExplanationOut(api.Schema):
    """A score taken apart: the parts sum to the score, the moves to the change, exactly."""

    external_id: str
    on: date
    against_on: date
    score: float | None
    score_before: float | None
    change: float | None
    condition: str
    reason: str
    parts: list[PartOut]
    moves: list[MoveOut]


class PulseIn(api.Schema):
    rating: Annotated[int, Field(ge=1, le=5)]
    reason: Annotated[str, Field(max_length=1000)] = ""


class PulseOut(api.Schema):
    id: int
    rating: int
    reason: str
    given_by: str
    given_at: datetime


class PulsesOut(api.Schema):
    items: list[PulseOut]


class MeasureOut(api.Schema):
    """A measure in its newest version: what it counts in words, and `definition` as files say it."""

    key: str
    version: int
    label: str
    meaning: str
    is_retired: bool
    definition: dict[str, Any]
    note: str
    defined_at: datetime
    defined_by: str


class MeasuresOut(api.Schema):
    items: list[MeasureOut]


class DefinitionsOut(api.Schema):
    text: str


class DefinitionsIn(api.Schema):
    """A file of definitions as YAML; with `prune`, measures that it does not have are retired."""

    text: Annotated[str, Field(max_length=400_000)]
    prune: bool = False


class ApplyIn(DefinitionsIn):
    note: Annotated[str, Field(max_length=500)] = ""
    dry_run: bool = False


class FaultOut(api.Schema):
    line: int
    place: str
    message: str


class ChangeOut(api.Schema):
    """What becomes of a measure, or of the scorecard (`key` empty): sort is added, changed or retired."""

    key: str
    sort: str
    difference: list[str]


class CheckOut(api.Schema):
    faults: list[FaultOut]
    changes: list[ChangeOut]


@router.get("/measures", response=MeasuresOut, summary="All measures that are defined")
@api.requires("usage.view")
def measures(request: api.ApiRequest) -> MeasuresOut:  # noqa: ARG001  # the guard reads it
    labels = queries.feature_labels()
    return MeasuresOut(items=[_measure(row, labels) for row in queries.measures()])


@router.get("/measures/{key}", response=MeasuresOut, summary="All versions of a measure, newest first")
@api.requires("usage.view")
def measure_versions(request: api.ApiRequest, key: str) -> MeasuresOut:  # noqa: ARG001  # likewise
    found = queries.measure_versions(key)
    if not found:
        raise api.NotThere(_("There is no measure %(key)s.") % {"key": key})
    labels = queries.feature_labels()
    return MeasuresOut(items=[_measure(row, labels) for row in found])


@router.get("/definitions", response=DefinitionsOut, summary="Measures and scorecard in force, as YAML")
@api.requires("usage.view")
def definitions(request: api.ApiRequest) -> DefinitionsOut:  # noqa: ARG001  # likewise
    return DefinitionsOut(text=queries.exported())


@router.post("/definitions/check", response=CheckOut, summary="What is wrong in a file, or what it would change")
@api.requires("usage.define")
def check_definitions(request: api.ApiRequest, file: DefinitionsIn) -> CheckOut:  # noqa: ARG001  # likewise
    return _checked(file.text, prune=file.prune)


@router.post("/definitions/apply", response={200: CheckOut, 422: CheckOut}, summary="Put a file in force, whole")
@api.requires("usage.define")
def apply_definitions(request: api.ApiRequest, file: ApplyIn) -> api.Status[CheckOut]:
    """Answers 422 with the faults where the file is wrong, and changes nothing then."""
    found = _checked(file.text, prune=file.prune)
    if found.faults:
        return api.Status(422, found)
    if not file.dry_run:
        actions.apply_definitions(
            file.text, by=request.auth.actor, now=timezone.now(), note=file.note, prune=file.prune
        )
    return api.Status(200, found)


@router.get("/health", response=api.Page[HealthOut], summary="Where all accounts stand")
@api.requires("health.view")
def current(request: api.ApiRequest, paging: api.Query[api.Paging]) -> api.Page[HealthOut]:
    visible = accounts.visible_to(request.auth).order_by().values("pk")
    rows = Standing.objects.filter(account__in=visible).select_related("account")

    def read(page: list[Standing]) -> list[HealthOut]:
        standings = queries.standings([one.account_id for one in page])
        return [_health(one.account.external_id, standings[one.account_id]) for one in page]

    return api.paged(request, rows, paging, by=("account_id",), read=read)


@router.get("/accounts/{external_id}/health", response=HealthOut, summary="Where an account stands")
@api.requires("health.view")
def current_of(request: api.ApiRequest, external_id: str) -> HealthOut:
    account_id = _account(request, external_id)
    found = queries.standings([account_id]).get(account_id)
    if found is None:
        raise api.NotThere(_("No health was computed for this account yet."))
    return _health(external_id, found)


@router.get("/accounts/{external_id}/health/history", response=HistoryOut, summary="Weekly scores, oldest first")
@api.requires("health.view")
def history_of(request: api.ApiRequest, external_id: str) -> HistoryOut:
    rows = queries.history(_account(request, external_id))
    items = [
        WeekOut(
            week=row.week,
            score=None if row.score is None else float(row.score),
            coverage=row.coverage,
            level=row.level,
            condition=row.condition,
        )
        for row in rows
    ]
    return HistoryOut(external_id=external_id, items=items)


@router.get("/accounts/{external_id}/health/explanation", response=ExplanationOut, summary="Why a score is what it is")
@api.requires("health.view")
def explanation_of(
    request: api.ApiRequest, external_id: str, week: date | None = None, against: date | None = None
) -> ExplanationOut:
    """`week` and `against` are Mondays; without them, today against seven days before."""
    found = queries.explanation(_account(request, external_id), week, against)
    if found is None:
        raise api.NotThere(_("No health was computed for this account and day. Weeks are named by their Monday."))
    return ExplanationOut(
        external_id=external_id,
        on=found.on,
        against_on=found.against_on,
        score=_points(found.score),
        score_before=_points(found.score_before),
        change=_points(found.change),
        condition=found.condition,
        reason=found.reason,
        parts=[_part(part) for part in found.parts],
        moves=[_move(move) for move in found.moves],
    )


@router.get("/accounts/{external_id}/pulses", response=PulsesOut, summary="Pulses of an account, newest first")
@api.requires("health.view")
def pulses_of(request: api.ApiRequest, external_id: str) -> PulsesOut:
    return PulsesOut(items=[_pulse(row) for row in queries.pulses([_account(request, external_id)])])


@router.post("/accounts/{external_id}/pulses", response={201: PulseOut}, summary="Record a pulse")
@api.requires("health.pulse")
def record_pulse(request: api.ApiRequest, external_id: str, pulse: PulseIn) -> api.Status[PulseOut]:
    made = actions.record_pulse(
        account_id=_account(request, external_id),
        rating=pulse.rating,
        reason=pulse.reason,
        by=request.auth.actor,
        now=timezone.now(),
    )
    return api.Status(201, _pulse(made))


def _measure(row: queries.MeasureVersionRow, labels: Mapping[str, str]) -> MeasureOut:
    return MeasureOut(
        key=row.key,
        version=row.version,
        label=queries.said(row.count.label),
        meaning=queries.expression_text(row.count, labels),
        is_retired=row.is_retired,
        definition=plain_of(row.count),
        note=row.note,
        defined_at=row.defined_at,
        defined_by=row.defined_by,
    )


def _checked(text: str, *, prune: bool) -> CheckOut:
    try:
        plan = queries.plan(text, prune=prune)
    except actions.WrongDefinition as wrong:
        faults = [FaultOut(line=one.line, place=one.place, message=queries.fault_text(one)) for one in wrong.faults]
        return CheckOut(faults=faults, changes=[])
    changes = [
        ChangeOut(key=one.key, sort=one.sort, difference=[f"{line.sign} {line.text}" for line in one.lines])
        for one in plan.changes
    ]
    return CheckOut(faults=[], changes=changes)


def _account(request: api.ApiRequest, external_id: str) -> int:
    pk = accounts.by_external_ids([external_id]).get(external_id)
    if pk is None or not accounts.visible_to(request.auth).filter(pk=pk).exists():
        raise api.NotThere(_("There is no account %(external_id)s.") % {"external_id": external_id})
    return pk


def _health(external_id: str, row: queries.StandingRow) -> HealthOut:
    return HealthOut(
        external_id=external_id,
        as_of_on=row.as_of_on,
        score=None if row.score is None else float(row.score),
        score_week_ago=None if row.score_week_ago is None else float(row.score_week_ago),
        change=None if row.change is None else float(row.change),
        coverage=float(row.coverage),
        level=row.level,
        condition=row.condition,
        condition_since_on=row.condition_since_on,
        last_used_on=row.last_used_on,
        left_on=row.left_on,
        reason=row.reason,
        pulse=row.pulse,
        is_disputed=row.is_disputed,
    )


def _part(part: queries.PartRow) -> PartOut:
    return PartOut(
        measure=part.measure,
        label=part.label,
        group=part.group,
        unit=part.unit,
        value=part.value,
        points=part.points,
        share=part.share,
        score=part.tenths / 10,
    )


def _move(move: queries.MoveRow) -> MoveOut:
    return MoveOut(
        kind=move.kind,
        measure=move.measure,
        label=move.label,
        before=move.before_text,
        after=move.after_text,
        change=move.tenths / 10,
    )


def _pulse(row: queries.PulseRow) -> PulseOut:
    return PulseOut(id=row.id, rating=row.rating, reason=row.reason, given_by=row.given_by, given_at=row.given_at)


def _points(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10
