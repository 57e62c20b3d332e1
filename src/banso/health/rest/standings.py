"""Health as JSON: where accounts stand, how they came there, why, and pulses."""

from datetime import date, datetime
from typing import Annotated

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from banso.accounts import queries as accounts
from banso.api import access as api
from banso.health import actions, queries
from banso.health.models import Standing

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
    computed_score: float | None
    is_overridden: bool


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
    """What a cause gave to the change.

    kind: moved, appeared, vanished, sorted (segment or stage), children, exception, override.
    """

    kind: str
    measure: str
    label: str
    before: str
    after: str
    change: float


class AdjustmentOut(api.Schema):
    """What the accounts below (children), an exception or a person (override) made of the score."""

    kind: str
    label: str
    score: float


class ExplanationOut(api.Schema):
    """A score taken apart: parts and adjustments sum to the score, the moves to the change, exactly."""

    external_id: str
    on: date
    against_on: date
    score: float | None
    score_before: float | None
    change: float | None
    condition: str
    reason: str
    computed_score: float | None
    parts: list[PartOut]
    adjustments: list[AdjustmentOut]
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
    account_id = account_with(request, external_id)
    found = queries.standings([account_id]).get(account_id)
    if found is None:
        raise api.NotThere(_("No health was computed for this account yet."))
    return _health(external_id, found)


@router.get("/accounts/{external_id}/health/history", response=HistoryOut, summary="Weekly scores, oldest first")
@api.requires("health.view")
def history_of(request: api.ApiRequest, external_id: str) -> HistoryOut:
    rows = queries.history(account_with(request, external_id))
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
    found = queries.explanation(account_with(request, external_id), week, against)
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
        computed_score=_points(found.computed),
        parts=[_part(part) for part in found.parts],
        adjustments=[AdjustmentOut(kind=one.kind, label=one.label, score=one.tenths / 10) for one in found.adjustments],
        moves=[_move(move) for move in found.moves],
    )


@router.get("/accounts/{external_id}/pulses", response=PulsesOut, summary="Pulses of an account, newest first")
@api.requires("health.view")
def pulses_of(request: api.ApiRequest, external_id: str) -> PulsesOut:
    return PulsesOut(items=[_pulse(row) for row in queries.pulses([account_with(request, external_id)])])


@router.post("/accounts/{external_id}/pulses", response={201: PulseOut}, summary="Record a pulse")
@api.requires("health.pulse")
def record_pulse(request: api.ApiRequest, external_id: str, pulse: PulseIn) -> api.Status[PulseOut]:
    made = actions.record_pulse(
        account_id=account_with(request, external_id),
        rating=pulse.rating,
        reason=pulse.reason,
        by=request.auth.actor,
        now=timezone.now(),
    )
    return api.Status(201, _pulse(made))


def account_with(request: api.ApiRequest, external_id: str) -> int:
    """Return the account of an external id that the key sees; raises NotThere."""
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
        computed_score=None if row.computed is None else float(row.computed),
        is_overridden=row.override_id is not None,
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
