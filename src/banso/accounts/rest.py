"""Accounts and their people, as JSON."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from pydantic import AwareDatetime, Field

from banso.accounts import actions, queries
from banso.accounts.actions import AccountInput, Fault, PersonInput, RowsRefused, SaveResult
from banso.accounts.models import Account, Person
from banso.accounts.queries import AccountRow, PersonRow
from banso.api import access as api
from banso.people import queries as people

router = api.Router(tags=["accounts"])

type Text = Annotated[str, Field(max_length=200)]
type Scalar = bool | int | float | Annotated[str, Field(max_length=2000)] | None


class AccountOut(api.Schema):
    """An account. Segment, stage and team by name, the owner by e-mail, the parent by its external id."""

    external_id: str
    name: str
    reading: str
    kind: str
    parent_external_id: str | None
    segment: str | None
    stage: str | None
    owner_email: str | None
    team: str | None
    customer_since_on: date | None
    left_on: date | None
    fields: dict[str, Any]
    created_at: datetime
    changed_at: datetime


class AccountFields(api.Schema):
    """What can be said of an account; what is left out stays as it is, null clears."""

    name: Text = ""
    reading: Text = ""
    kind: Literal["company", "department"] = "company"
    parent_external_id: Text | None = None
    segment: Text | None = None
    stage: Text | None = None
    owner_email: Text | None = None
    team: Text | None = None
    customer_since_on: date | None = None
    left_on: date | None = None
    fields: dict[str, Scalar] = Field(default_factory=dict, max_length=200)


class AccountIn(AccountFields, api.Record):
    """One account of a batch."""


class AccountFilters(api.Schema):
    external_id: Annotated[str | None, Field(description="One account, also where its id holds a slash.")] = None
    q: Annotated[str | None, Field(max_length=200, description="Name, however written, or external id.")] = None
    segment: str | None = None
    stage: str | None = None
    owner_email: str | None = None
    team: str | None = None
    parent_external_id: str | None = None
    state: Literal["current", "left", "all"] = "current"
    changed_since: AwareDatetime | None = None


class PersonOut(api.Schema):
    external_id: str
    account_external_id: str
    name: str
    email: str
    title: str
    department: str
    role: str
    left_on: date | None


class PersonFields(api.Schema):
    """What can be said of a person; what is left out stays as it is."""

    name: Text = ""
    email: Annotated[str, Field(max_length=254)] = ""
    title: Text = ""
    department: Text = ""
    role: Literal["champion", "decider", "administrator", "user"] = "user"
    left_on: date | None = None


class PersonIn(PersonFields, api.Record):
    """One person of a batch."""


class PersonFilters(api.Schema):
    account: Annotated[str | None, Field(description="The account's external id.")] = None
    role: Literal["champion", "decider", "administrator", "user"] | None = None
    email: str | None = None
    state: Literal["current", "left", "all"] = "current"


@router.get("/accounts", response=api.Page[AccountOut], summary="Accounts in the order of their names")
@api.requires("accounts.view")
def accounts(
    request: api.ApiRequest, paging: api.Query[api.Paging], filters: api.Query[AccountFilters]
) -> api.Page[AccountOut]:
    """Narrow it by custom fields as well.

    `field.KEY=value` for a choice (repeated: one of these), yes or no, a number, a date, or a part of a text;
    `field.KEY.from=` and `field.KEY.to=` for a range of numbers or dates.
    """
    exact = {
        "external_id": filters.external_id,
        "segment__name": filters.segment,
        "stage__name": filters.stage,
        "owner__email__iexact": filters.owner_email,
        "team__name": filters.team,
        "parent__external_id": filters.parent_external_id,
        "changed_at__gte": filters.changed_since,
    }
    found = queries.visible_to(request.auth).filter(**_given(exact), **_in_state(filters.state))
    if filters.q:
        found = found.filter(queries.matching(filters.q))
    found = queries.meeting(found, _conditions(request))
    return api.paged(request, found, paging, by=("sort_key",), read=_shown)


# Before the single ones: the first path that matches is taken.
@router.post("/accounts/batch", response=api.BATCH_RESPONSES, summary="Add or change up to 5,000 accounts")
@api.requires("accounts.change")
def save_accounts(request: api.ApiRequest, batch: api.Batch[AccountIn]) -> api.Status[api.BatchResult]:
    def save(items: Sequence[AccountIn]) -> Sequence[api.Outcome]:
        done = actions.save_accounts(
            [AccountInput(item.external_id, **_said(item)) for item in items],
            by=request.auth.actor,
            now=timezone.now(),
            visible=queries.visible_to(request.auth),
        )
        return _outcomes(done, len(items))

    return api.save_batch(batch, save=save)


@router.get("/accounts/{external_id}", response=AccountOut, summary="One account")
@api.requires("accounts.view")
def account(request: api.ApiRequest, external_id: str) -> AccountOut:
    return _account(request, external_id)


@router.put("/accounts/{external_id}", response={200: AccountOut, 201: AccountOut}, summary="Add or change one account")
@api.requires("accounts.change")
def save_account(request: api.ApiRequest, external_id: str, body: AccountFields) -> api.Status[AccountOut]:
    row = AccountInput(external_id, **_said(body))
    try:
        done = actions.save_account(
            row, by=request.auth.actor, now=timezone.now(), visible=queries.visible_to(request.auth)
        )
    except RowsRefused as refused:
        raise api.Invalid(errors=[_error(fault) for fault in refused.faults]) from refused
    return api.Status(_status(done), _account(request, done.rows[0].external_id))


@router.delete("/accounts/{external_id}", response=AccountOut, summary="Mark an account as left, today")
@api.requires("accounts.change")
def leave(request: api.ApiRequest, external_id: str) -> AccountOut:
    """Keep the account with all that is known of it; only an erasure takes it away."""
    now = timezone.now()
    row = _account(request, external_id)
    if row.left_on is None:
        today = people.today(people.company(), now)
        actions.save_account(AccountInput(row.external_id, left_on=today), by=request.auth.actor, now=now)
    return _account(request, external_id)


@router.get("/people", response=api.Page[PersonOut], summary="People at accounts, by name")
@api.requires("accounts.view")
def all_people(
    request: api.ApiRequest, paging: api.Query[api.Paging], filters: api.Query[PersonFilters]
) -> api.Page[PersonOut]:
    exact = {"account__external_id": filters.account, "role": filters.role, "email__iexact": filters.email}
    found = Person.objects.filter(
        account__in=queries.visible_to(request.auth), **_given(exact), **_in_state(filters.state)
    )
    return api.paged(request, found.select_related("account"), paging, by=("name",), read=_people_shown)


@router.post(
    "/accounts/{external_id}/people/batch",
    response=api.BATCH_RESPONSES,
    summary="Add or change up to 5,000 people of an account",
)
@api.requires("accounts.change")
def save_people(request: api.ApiRequest, external_id: str, batch: api.Batch[PersonIn]) -> api.Status[api.BatchResult]:
    _account(request, external_id)

    def save(items: Sequence[PersonIn]) -> Sequence[api.Outcome]:
        done = actions.save_people(
            [PersonInput(external_id, item.external_id, **_said(item)) for item in items],
            by=request.auth.actor,
            now=timezone.now(),
            visible=queries.visible_to(request.auth),
        )
        return _outcomes(done, len(items))

    return api.save_batch(batch, save=save)


@router.get("/accounts/{external_id}/people/{person_id}", response=PersonOut, summary="One person")
@api.requires("accounts.view")
def person(request: api.ApiRequest, external_id: str, person_id: str) -> PersonOut:
    return _person(request, external_id, person_id)


@router.put(
    "/accounts/{external_id}/people/{person_id}",
    response={200: PersonOut, 201: PersonOut},
    summary="Add or change one person",
)
@api.requires("accounts.change")
def save_person(request: api.ApiRequest, external_id: str, person_id: str, body: PersonFields) -> api.Status[PersonOut]:
    row = PersonInput(external_id, person_id, **_said(body))
    try:
        done = actions.save_person(
            row, by=request.auth.actor, now=timezone.now(), visible=queries.visible_to(request.auth)
        )
    except RowsRefused as refused:
        if any(fault.field == "account" for fault in refused.faults):
            raise api.NotThere from refused
        raise api.Invalid(errors=[_error(fault) for fault in refused.faults]) from refused
    return api.Status(_status(done), _person(request, external_id, done.rows[0].external_id))


def _conditions(request: api.ApiRequest) -> list[queries.FieldCondition]:
    """Return what the address asks of custom fields; raises Invalid where it makes no sense."""
    asked = [
        (name, value) for name, values in request.GET.lists() for value in values if name.startswith(queries.PREFIX)
    ]
    specs = {row.key: row.spec for row in queries.custom_fields()} if asked else {}
    conditions, faults = queries.read_conditions(asked, specs)
    if faults:
        raise api.Invalid(
            errors=[api.FieldError(pointer=one.name, code=one.code, message=actions.sentence(one)) for one in faults]
        )
    return conditions


def _account(request: api.ApiRequest, external_id: str) -> AccountOut:
    found = queries.visible_to(request.auth).filter(external_id=external_id).order_by("pk")
    for row in queries.rows(found):
        return _account_out(row)
    raise api.NotThere


def _person(request: api.ApiRequest, external_id: str, person_id: str) -> PersonOut:
    found = Person.objects.filter(
        account__in=queries.visible_to(request.auth), account__external_id=external_id, external_id=person_id
    )
    one = found.select_related("account").first()
    if one is None:
        raise api.NotThere
    return _person_out(queries.person_row(one))


def _shown(models: list[Account]) -> list[AccountOut]:
    rows = {
        row.id: row for row in queries.rows(Account.objects.filter(pk__in=[one.pk for one in models]).order_by("pk"))
    }
    return [_account_out(rows[one.pk]) for one in models]


def _people_shown(models: list[Person]) -> list[PersonOut]:
    return [_person_out(queries.person_row(one)) for one in models]


def _account_out(row: AccountRow) -> AccountOut:
    return AccountOut(**{name: getattr(row, name) for name in AccountOut.model_fields})


def _person_out(row: PersonRow) -> PersonOut:
    return PersonOut(**{name: getattr(row, name) for name in PersonOut.model_fields})


def _said(body: api.Schema) -> dict[str, Any]:
    """Return what the sender gave, and nothing of what was left out."""
    return {name: getattr(body, name) for name in body.model_fields_set if name != "external_id"}


def _given(filters: Mapping[str, object]) -> dict[str, Any]:
    return {name: value for name, value in filters.items() if value is not None}


def _in_state(state: str) -> dict[str, Any]:
    return {} if state == "all" else {"left_on__isnull": state == "current"}


def _status(done: SaveResult) -> int:
    return 201 if done.added else 200


def _error(fault: Fault) -> api.FieldError:
    return api.FieldError(pointer=f"/{_named(fault)}", code=fault.code, message=actions.sentence(fault))


def _named(fault: Fault) -> str:
    """Return the name that the sender knows the field by."""
    names = {"owner": "owner_email", "parent": "parent_external_id"}
    return names.get(fault.field, fault.field.replace("fields.", "fields/", 1))


def _outcomes(done: SaveResult, count: int) -> list[api.Outcome]:
    found = {row.index: api.Outcome(row.outcome) for row in done.rows}
    errors: dict[int, list[tuple[str, str, str]]] = {}
    for fault in done.refused:
        errors.setdefault(fault.index, []).append((_named(fault), fault.code, actions.sentence(fault)))
    refused = {index: api.Outcome("refused", tuple(said)) for index, said in errors.items()}
    return [(refused | found)[index] for index in range(count)]
