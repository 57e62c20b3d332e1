"""Contracts, their lines and the rates of currencies, as JSON."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from banso.accounts import actions as account_actions
from banso.accounts import queries as accounts
from banso.api import access as api
from banso.contracts import actions, queries
from banso.contracts.models import Contract
from banso.people import queries as people

router = api.Router(tags=["contracts"])

type Text = Annotated[str, Field(max_length=200)]
type Minor = Annotated[int, Field(description="In minor units of the contract's currency.")]


class LineFields(api.Schema):
    """One line. Plans, options and seats have a term of either months or days; `amount_minor` is of one term."""

    external_id: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Literal["plan", "option", "seats", "metered", "one_off"] = "plan"
    name: Text = ""
    amount_minor: Minor = 0
    term_months: int | None = None
    term_days: int | None = None
    quantity: int | None = None
    limit: int | None = None
    unit: Annotated[str, Field(max_length=40)] = ""
    meter: Annotated[str, Field(max_length=100, description="The event that is held against the limit.")] = ""
    counting: Annotated[
        Literal["", "sum", "count", "people", "assigned", "last"], Field(description="Empty: as usual for the kind.")
    ] = ""
    period: Annotated[
        Literal["", "month", "billing_month", "term"], Field(description="Within what it adds up; empty: a month.")
    ] = ""
    starts_on: date | None = None
    ends_on: date | None = None


class LineOut(LineFields):
    mrr_minor: Minor
    is_running: bool


class ContractFields(api.Schema):
    """What can be said of a contract; what is left out stays as it is. `lines`, where given, are all lines."""

    account_external_id: Text = ""
    name: Text = ""
    currency: Annotated[str, Field(min_length=3, max_length=3)] = "JPY"
    is_trial: bool = False
    starts_on: date | None = None
    ends_on: Annotated[date | None, Field(description="The first day without the contract.")] = None
    renews_on: Annotated[date | None, Field(description="The day on which the next term would start.")] = None
    is_auto_renewing: bool = True
    renewal_months: int | None = None
    notice_count: int = 0
    notice_unit: Literal["business_days", "calendar_days", "months"] = "calendar_days"
    notice_is_end_of_month: bool = False
    notice_roll: Literal["none", "previous", "next"] = "none"
    cancelled_on: date | None = None
    lines: Annotated[
        list[LineFields], Field(max_length=200, description="Without any, the contract counts no revenue.")
    ] = []  # noqa: RUF012  # pydantic copies it


class ContractIn(ContractFields, api.Record):
    """One contract of a batch."""


class ContractOut(api.Schema):
    """A contract; MRR, state and countdowns are of today."""

    external_id: str
    account_external_id: str
    name: str
    currency: str
    is_trial: bool
    starts_on: date
    ends_on: date | None
    renews_on: date | None
    is_auto_renewing: bool
    renewal_months: int | None
    notice_count: int
    notice_unit: str
    notice_is_end_of_month: bool
    notice_roll: str
    notice_by_on: date | None
    cancelled_on: date | None
    state: Literal["running", "upcoming", "cancelled", "ended"]
    mrr_minor: Minor
    seats: int | None
    days_to_renewal: int | None
    days_to_notice: int | None
    lines: list[LineOut]


class ContractFilters(api.Schema):
    account: Annotated[str | None, Field(description="The account's external id.")] = None
    external_id: Annotated[str | None, Field(description="One contract, also where its id holds a slash.")] = None
    renews_from: date | None = None
    renews_until: date | None = None


class RateIn(api.Schema):
    rate: Annotated[Decimal, Field(gt=0, description="Minor units of the company's currency for one of the other.")]


class RateOut(api.Schema):
    currency: str
    on: date
    rate: str


@router.get("/contracts", response=api.Page[ContractOut], summary="Contracts, newest first")
@api.requires("contracts.view")
def contracts(
    request: api.ApiRequest, paging: api.Query[api.Paging], filters: api.Query[ContractFilters]
) -> api.Page[ContractOut]:
    asked = {
        "account__external_id": filters.account,
        "external_id": filters.external_id,
        "renews_on__gte": filters.renews_from,
        "renews_on__lte": filters.renews_until,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    found = Contract.objects.filter(account__in=accounts.visible_to(request.auth), **given)
    return api.paged(request, found.select_related("account"), paging, by=("-starts_on",), read=_shown)


# Before the single ones: the first path that matches is taken.
@router.post("/contracts/batch", response=api.BATCH_RESPONSES, summary="Add or change up to 5,000 contracts")
@api.requires("contracts.change")
def save_contracts(request: api.ApiRequest, batch: api.Batch[ContractIn]) -> api.Status[api.BatchResult]:
    def save(items: Sequence[ContractIn]) -> Sequence[api.Outcome]:
        done = _save(request, [_input(item.external_id, item) for item in items])
        return _outcomes(done, len(items))

    return api.save_batch(batch, save=save)


@router.get("/contracts/{external_id}", response=ContractOut, summary="One contract")
@api.requires("contracts.view")
def contract(request: api.ApiRequest, external_id: str) -> ContractOut:
    return _contract(request, external_id)


@router.put(
    "/contracts/{external_id}", response={200: ContractOut, 201: ContractOut}, summary="Add or change one contract"
)
@api.requires("contracts.change")
def save_contract(request: api.ApiRequest, external_id: str, body: ContractFields) -> api.Status[ContractOut]:
    done = _save(request, [_input(external_id, body)])
    if done.refused:
        raise api.Invalid(errors=[_error(fault) for fault in done.refused])
    return api.Status(201 if done.added else 200, _contract(request, external_id))


@router.delete(
    "/contracts/{external_id}",
    response={204: None},
    summary="Remove a contract that was added by mistake, with its lines and its revenue of all days",
)
@api.requires("contracts.change")
def remove_contract(request: api.ApiRequest, external_id: str) -> api.Status[None]:
    """One that is over gets `ends_on` instead, and stays in every past."""
    found = Contract.objects.filter(account__in=accounts.visible_to(request.auth), external_id=external_id).first()
    if found is None:
        raise api.NotThere
    actions.remove_contract(contract_id=found.pk, by=request.auth.actor, now=timezone.now())
    return api.Status(204, None)


@router.get("/rates", response=list[RateOut], summary="Rates into the company's currency, newest first")
@api.requires("contracts.view")
def rates(request: api.ApiRequest) -> list[RateOut]:  # noqa: ARG001  # ninja's first argument
    return [RateOut(currency=row.currency, on=row.on, rate=row.rate) for row in queries.rate_rows()]


@router.put("/rates/{currency}/{on}", response=RateOut, summary="Set a currency's rate from a day on")
@api.requires("contracts.change")
def set_rate(request: api.ApiRequest, currency: str, on: date, body: RateIn) -> RateOut:
    try:
        actions.set_rate(currency=currency, on=on, rate=body.rate, by=request.auth.actor, now=timezone.now())
    except actions.WrongRate as refused:
        message = _("This currency cannot have such a rate. Give a code of three letters, not your own, and a rate.")
        raise api.Invalid(errors=[api.FieldError(pointer="/rate", code="wrong_rate", message=message)]) from refused
    return next(
        RateOut(currency=row.currency, on=row.on, rate=row.rate)
        for row in queries.rate_rows()
        if (row.currency, row.on) == (currency, on)
    )


def _save(request: api.ApiRequest, rows: Sequence[actions.ContractInput]) -> account_actions.SaveResult:
    return actions.save_contracts(
        rows,
        by=request.auth.actor,
        now=timezone.now(),
        calendar=queries.calendar(people.company()),
        visible=accounts.visible_to(request.auth),
    )


def _input(external_id: str, body: ContractFields) -> actions.ContractInput:
    """Return what the sender gave, and nothing of what was left out."""
    said: dict[str, Any] = {
        name: getattr(body, name) for name in body.model_fields_set if name not in {"external_id", "lines"}
    }
    if "lines" in body.model_fields_set:
        said["lines"] = [actions.LineInput(**line.model_dump()) for line in body.lines]
    return actions.ContractInput(external_id, **said)


def _contract(request: api.ApiRequest, external_id: str) -> ContractOut:
    found = Contract.objects.filter(account__in=accounts.visible_to(request.auth), external_id=external_id)
    one = found.select_related("account").first()
    if one is None:
        raise api.NotThere
    return _shown([one])[0]


def _shown(models: list[Contract]) -> list[ContractOut]:
    today = people.today(people.company(), timezone.now())
    rows = queries.rows_of(models, today)
    plain = [name for name in ContractOut.model_fields if name not in {"account_external_id", "lines"}]
    return [
        ContractOut(
            account_external_id=model.account.external_id,
            lines=[LineOut(**{name: getattr(line, name) for name in LineOut.model_fields}) for line in row.lines],
            **{name: getattr(row, name) for name in plain},
        )
        for model, row in zip(models, rows, strict=True)
    ]


def _error(fault: actions.Fault) -> api.FieldError:
    return api.FieldError(pointer=f"/{_pointer(fault)}", code=fault.code, message=actions.sentence(fault))


def _pointer(fault: actions.Fault) -> str:
    return fault.field.replace("[", "/").replace("].", "/")


def _outcomes(done: account_actions.SaveResult, count: int) -> list[api.Outcome]:
    found = {row.index: api.Outcome(row.outcome) for row in done.rows}
    errors: dict[int, list[tuple[str, str, str]]] = {}
    for fault in done.refused:
        errors.setdefault(fault.index, []).append((_pointer(fault), fault.code, actions.sentence(fault)))
    refused = {index: api.Outcome("refused", tuple(said)) for index, said in errors.items()}
    return [(refused | found)[index] for index in range(count)]
