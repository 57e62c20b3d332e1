"""Usage whose account nobody knows, as JSON."""

from datetime import datetime
from typing import Annotated, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from banso.accounts import queries as accounts
from banso.api import access as api
from banso.usage import actions
from banso.usage.queries import unclaimed as queries

router = api.Router(tags=["usage"])

type Name = Annotated[str, Field(min_length=1, max_length=220)]
type Names = Annotated[list[Name], Field(min_length=1, max_length=5_000)]


class UnclaimedOut(api.Schema):
    """Usage under one name. `name` is what `attach` takes; `id` is what the product calls the group or person."""

    name: str
    id: str
    kind: Literal["group", "user", "several", "visitor"]
    events: int
    people: int
    first_at: datetime
    last_at: datetime
    example: str


class UnclaimedListOut(api.Schema):
    items: list[UnclaimedOut]
    total: int


class UnclaimedFilters(api.Schema):
    kind: Literal["group", "user", "several", "visitor"] | None = None
    text: Annotated[str, Field(max_length=200, description="A part of the id.")] = ""
    sort: Literal["name", "-name", "n", "-n", "people", "-people", "first", "-first", "last", "-last"] = "-n"
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class AttachIn(api.Schema):
    names: Names
    account_external_id: Annotated[str, Field(min_length=1, max_length=200)]


class DetachIn(api.Schema):
    names: Names


class AttachedOut(api.Schema):
    """How many names count for the account now, or wait again; the next roll-up moves what was counted."""

    count: int


@router.get("/usage/unclaimed", response=UnclaimedListOut, summary="Usage without an account that we know")
@api.requires("usage.define")
def unclaimed(request: api.ApiRequest, filters: api.Query[UnclaimedFilters]) -> UnclaimedListOut:  # noqa: ARG001  # the guard reads it
    sought = queries.Sought(kind=filters.kind or "", text=filters.text, sort=filters.sort)
    found = queries.unclaimed(sought, offset=filters.offset, limit=filters.limit)
    items = [
        UnclaimedOut(
            name=row.name,
            id=row.shown,
            kind=row.kind,
            events=row.n,
            people=row.people,
            first_at=row.first_at,
            last_at=row.last_at,
            example=row.example,
        )
        for row in found.rows
    ]
    return UnclaimedListOut(items=items, total=found.total)


@router.post("/usage/unclaimed/attach", response=AttachedOut, summary="Let usage count for an account")
@api.requires("usage.define")
def attach(request: api.ApiRequest, given: AttachIn) -> AttachedOut:
    account_id = accounts.by_external_ids([given.account_external_id]).get(given.account_external_id, 0)
    try:
        done = actions.attach(
            names=given.names,
            account_id=account_id,
            viewer=request.auth,
            by=request.auth.actor,
            now=timezone.now(),
        )
    except actions.NoSuchAccount:
        raise api.NotThere from None
    except actions.NotUnclaimed:
        raise api.Conflict(_("This usage counts for an account already, or none came under these names.")) from None
    return AttachedOut(count=done.count)


@router.post("/usage/unclaimed/detach", response=AttachedOut, summary="Let attached usage wait for an account again")
@api.requires("usage.define")
def detach(request: api.ApiRequest, given: DetachIn) -> AttachedOut:
    now = timezone.now()
    return AttachedOut(count=actions.detach(names=given.names, viewer=request.auth, by=request.auth.actor, now=now))
