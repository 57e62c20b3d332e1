"""Usage whose account nobody knows, and what the names of events stand for, as JSON."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from banso.accounts import queries as accounts
from banso.api import access as api
from banso.people import queries as people
from banso.usage import actions
from banso.usage.models import EventName
from banso.usage.queries import catalogue
from banso.usage.queries import unclaimed as queries
from banso.usage.rules import series

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


class ValueIn(api.Schema):
    """What a series of an account stood at on a day; sent again with another value, that takes its place."""

    account_external_id: Annotated[str, Field(min_length=1, max_length=200)]
    series: Annotated[str, Field(min_length=1, max_length=series.NAME_LENGTH, pattern=r"^\S(.*\S)?$")]
    on: Annotated[date, Field(description="Not after today.")]
    value: Annotated[float, Field(allow_inf_nan=False)]


class ValuesIn(api.Schema):
    items: Annotated[list[ValueIn], Field(min_length=1, max_length=5_000)]


class ValuesOut(api.Schema):
    """How many values are new, took the place of another, and were known; the next roll-up counts them."""

    added: int
    changed: int
    same: int


@router.post("/usage/series", response=ValuesOut, summary="Keep values of account series; all of them, or none")
@api.requires("accounts.change")
def save_series(request: api.ApiRequest, given: ValuesIn) -> ValuesOut:
    """For what no other part of Banso has, with days of the past too: measures then ask for `series:NAME`."""
    now = timezone.now()
    seen = accounts.visible_to(request.auth).values_list("pk", "external_id")
    ids, own = accounts.by_external_ids({one.account_external_id for one in given.items}), dict(seen.order_by("pk"))
    rows = [(own.get(ids.get(one.account_external_id, 0), ""), one.series, one.on, one.value) for one in given.items]
    if errors := _wrong_values(rows, today=people.today(people.company(), now)):
        raise api.Invalid(errors=errors)
    frame = pl.DataFrame(rows, schema=["account", "series", "on", "value"], orient="row")
    done = actions.save_series(frame, source="api", by=request.auth.actor, now=now)
    return ValuesOut(added=done.added, changed=done.changed, same=done.same)


def _wrong_values(rows: Sequence[tuple[str, str, date, float]], *, today: date) -> list[api.FieldError]:
    first: dict[tuple[str, str, date], int] = {}
    errors = []
    for place, (account, name, on, _value) in enumerate(rows):
        if not account:
            message = _("There is no such account. Add it first, or check its ID.")
            errors.append(
                api.FieldError(pointer=f"/items/{place}/account_external_id", code="unknown", message=message)
            )
        elif first.setdefault((account, name, on), place) != place:
            message = _("The same account, series and day stand in item %(first)s. Send one value of each.")
            values = {"first": first[(account, name, on)]}
            errors.append(api.FieldError(pointer=f"/items/{place}", code="repeated", message=message % values))
        if on > today:
            message = _("This day has not come yet. Send values up to today.")
            errors.append(api.FieldError(pointer=f"/items/{place}/on", code="in_the_future", message=message))
    return errors


class EventNameOut(api.Schema):
    """A name that events came with. The counts are null until they were counted; people and accounts are of 30 days."""

    name: str
    label: str
    kind: Annotated[str, Field(description="feature, moment, meter or ignored")]
    counts_as: Annotated[str | None, Field(description="The name that it counts as, where it is the same as another.")]
    events: int | None
    events_30_days: int | None
    people_30_days: int | None
    accounts_30_days: int | None
    first_at: datetime | None
    last_at: datetime | None


class EventNameIn(api.Schema):
    """What a name stands for; what is left out stays as it is, `counts_as` null lets it count for itself."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Literal["feature", "moment", "meter", "ignored"] | None = None
    label: Annotated[str, Field(max_length=200)] | None = None
    counts_as: Annotated[str, Field(max_length=200)] | None = None


@router.get("/usage/events", response=api.Page[EventNameOut], summary="The names that events came with, by name")
@api.requires("usage.view")
def event_names(
    request: api.ApiRequest, paging: api.Query[api.Paging], kind: str = "", text: str = ""
) -> api.Page[EventNameOut]:
    found = catalogue.event_names_found(catalogue.Sought(kind=kind, text=text[:200]))
    return api.paged(request, found, paging, by=("name",), read=_events_shown)


@router.post("/usage/events/change", response=EventNameOut, summary="Say what a name stands for")
@api.requires("usage.define")
def change_event(request: api.ApiRequest, given: EventNameIn) -> EventNameOut:
    by, now = request.auth.actor, timezone.now()
    try:
        if "counts_as" in given.model_fields_set:
            actions.merge_event(given.name, into=given.counts_as, by=by, now=now)
        found = catalogue.event_names_found(catalogue.Sought()).filter(name=given.name)
        kind = given.kind or str(found.values_list("kind", flat=True).get())
        actions.classify_event(given.name, kind=kind, label=given.label, by=by, now=now)
    except (actions.NoSuchEvent, EventName.DoesNotExist):
        raise api.NotThere from None
    except actions.CannotMerge:
        raise api.Conflict(_("Other names count as this one, or the other counts as a third.")) from None
    return _events_shown(list(found))[0]


def _events_shown(found: list[EventName]) -> list[EventNameOut]:
    return [
        EventNameOut(
            name=row.name,
            label=row.label,
            kind=row.kind,
            counts_as=row.counts_as_name or None,
            events=row.n,
            events_30_days=row.n_recent,
            people_30_days=row.people,
            accounts_30_days=row.accounts,
            first_at=row.first_at,
            last_at=row.last_at,
        )
        for row in catalogue.catalogue_rows(found)
    ]
