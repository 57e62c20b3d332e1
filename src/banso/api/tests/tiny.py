"""A tiny area that speaks JSON: teams by name, and what can go wrong with them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from django.urls import include, path
from django.utils import timezone
from ninja import Body
from pydantic import Field

from banso.api.access import (
    BATCH_RESPONSES,
    ApiRequest,
    Batch,
    BatchResult,
    Conflict,
    NotThere,
    Outcome,
    Page,
    Paging,
    Query,
    Record,
    Router,
    Schema,
    Status,
    paged,
    requires,
    save_batch,
)
from banso.api.urls import build_api
from banso.people import actions as people
from banso.people.access import User
from banso.people.queries import TeamRow
from banso.people.testing import AN_ACTOR


class UserOut(Schema):
    email: str
    name: str


class TeamIn(Record):
    founded_on: date | None = None
    size: Annotated[int, Field(ge=0, le=100)] = 0


class TeamOut(Schema):
    id: int
    name: str


router = Router(tags=["tiny"])


@router.get("/users", response=Page[UserOut])
@requires("people.view")
def users(request: ApiRequest, paging: Query[Paging]) -> Page[UserOut]:
    return paged(request, User.objects.all(), paging, by=("-name",), read=_shown)


@router.get("/by-time", response=Page[UserOut])
@requires("people.view")
def by_time(request: ApiRequest, paging: Query[Paging]) -> Page[UserOut]:
    return paged(request, User.objects.all(), paging, by=("joined_at", "-pk"), read=_shown)


def _shown(found: Sequence[User]) -> list[UserOut]:
    return [UserOut(email=user.email, name=user.name) for user in found]


@router.post("/teams", response={201: TeamOut})
@requires("accounts.change")
def make(request: ApiRequest, team: TeamIn) -> Status[TeamRow]:
    try:
        row = people.create_team(name=team.external_id, by=request.auth.actor, now=timezone.now())
    except people.TeamNameTaken as taken:
        raise Conflict(str(taken)) from taken
    return Status(201, row)


@router.get("/teams/{int:team_id}", response=TeamOut)
@requires("accounts.view")
def team(request: ApiRequest, team_id: int) -> TeamOut:  # noqa: ARG001  # ninja looks for the name
    if team_id > 1:
        raise NotThere
    return TeamOut(id=team_id, name="One")


@router.post("/teams/batch", response=BATCH_RESPONSES)
@requires("accounts.change")
def batch(request: ApiRequest, batch: Batch[TeamIn]) -> Status[BatchResult]:  # noqa: ARG001  # ninja looks for the name
    return save_batch(batch, save=_save)


def _save(items: Sequence[TeamIn]) -> list[Outcome]:
    outcomes = []
    for item in items:
        if item.external_id == "taken":
            outcomes.append(Outcome("refused", (("external_id", "taken", "It is taken."), ("", "whole", "All of it."))))
        else:
            people.create_team(name=item.external_id, by=AN_ACTOR, now=timezone.now())
            outcomes.append(Outcome("added"))
    return outcomes


@router.post("/anything", response=dict[str, Any])
@requires("accounts.change")
def anything(request: ApiRequest, body: Body[dict[str, Any]]) -> dict[str, Any]:  # noqa: ARG001  # ninja looks for the name
    if "break" in body:
        people.create_team(name="half", by=AN_ACTOR, now=timezone.now())
        raise RuntimeError("secret inside")
    return body


urlpatterns = [path("api/v1/", include(build_api([router])))]
