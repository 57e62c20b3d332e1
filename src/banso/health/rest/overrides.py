"""Scores set by hand, as JSON: given, listed, ended."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from banso.api import access as api
from banso.health import actions, queries
from banso.health.rest.standings import account_with
from banso.people import queries as people

router = api.Router(tags=["health"])


class OverrideIn(api.Schema):
    """A score 0–100 (null: as computed), a condition (empty: as the score means), a reason, and the last day."""

    score: Annotated[Decimal | None, Field(ge=0, le=100, decimal_places=1)] = None
    condition: Literal["", "good", "normal", "poor"] = ""
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    until_on: date


class OverrideOut(api.Schema):
    id: int
    score: float | None
    condition: str
    reason: str
    from_on: date
    until_on: date
    given_at: datetime
    given_by: str
    ended_on: date | None
    ended_by: str


class OverridesOut(api.Schema):
    items: list[OverrideOut]


@router.get("/accounts/{external_id}/health/overrides", response=OverridesOut, summary="Scores set by hand")
@api.requires("health.view")
def overrides_of(request: api.ApiRequest, external_id: str) -> OverridesOut:
    rows = queries.overrides_of(account_with(request, external_id))
    return OverridesOut(items=[_override(row) for row in rows])


@router.post("/accounts/{external_id}/health/overrides", response={201: OverrideOut}, summary="Set a score by hand")
@api.requires("health.override")
def override(request: api.ApiRequest, external_id: str, said: OverrideIn) -> api.Status[OverrideOut]:
    """Shown in place of the computed score until its last day; one that holds already ends."""
    setting = actions.Setting(**said.model_dump())
    try:
        made = actions.override(
            account_id=account_with(request, external_id),
            said=setting,
            today=_today(),
            by=request.auth.actor,
            now=timezone.now(),
        )
    except actions.WrongOverride as wrong:
        message = _("Write a score or a condition, a reason, and a last day within a year.")
        error = api.FieldError(pointer=f"/{wrong.field}", code="wrong", message=message)
        raise api.Invalid(errors=[error]) from wrong
    except actions.NothingToOverride as nothing:
        raise api.NotThere(_("No health was computed for this account yet.")) from nothing
    return api.Status(201, _override(made))


@router.delete(
    "/accounts/{external_id}/health/overrides/{override_id}", response=OverrideOut, summary="End an override"
)
@api.requires("health.override")
def end_override(request: api.ApiRequest, external_id: str, override_id: int) -> OverrideOut:
    account_id = account_with(request, external_id)
    found = queries.override_with(override_id)
    message = _("There is no such override that still holds.")
    if found is None or found.account_id != account_id:
        raise api.NotThere(message)
    try:
        ended = actions.end_override(override_id=override_id, today=_today(), by=request.auth.actor, now=timezone.now())
    except actions.UnknownOverride as unknown:
        raise api.NotThere(message) from unknown
    return _override(ended)


def _override(row: queries.OverrideRow) -> OverrideOut:
    said = {name: getattr(row, name) for name in OverrideOut.model_fields}
    return OverrideOut(**(said | {"score": None if row.score is None else float(row.score)}))


def _today() -> date:
    return people.today(people.company(), timezone.now())
