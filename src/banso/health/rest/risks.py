"""Risk as JSON: how likely accounts are to leave within 90 days, and what that rests on."""

from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from banso.accounts import queries as accounts
from banso.api import access as api
from banso.health import queries
from banso.health.models import Risk
from banso.health.rest.standings import account_with

router = api.Router(tags=["health"])


class RiskReasonOut(api.Schema):
    """By which factor a measure raises (above 1) or lowers the odds of leaving, against the mean of all accounts."""

    measure: str
    label: str
    factor: float


class RiskOut(api.Schema):
    """How likely an account is to leave within 90 days: `p` 0–1 with its 80 % interval, 0 where no decision falls in.

    `loss` says what leaving is: not renewing, or 90 days of silence where there are no contracts. It rests on `losses`
    among `decisions` of the past. `method` is `rate` where there are too few of them for a model: then the rate of the
    account's level is told, drawn towards that of all, and `missing` more are needed.
    """

    external_id: str
    as_of_on: date
    due_on: date | None
    loss: Literal["renewal", "silence"]
    p: float
    low: float
    high: float
    method: Literal["rate", "ridge", "boosting", "both"]
    version: int
    losses: int
    decisions: int
    missing: int
    sentence: str
    cautions: list[str]
    reasons: list[RiskReasonOut]


@router.get("/risk", response=api.Page[RiskOut], summary="How likely all accounts are to leave")
@api.requires("health.view")
def every_risk(request: api.ApiRequest, paging: api.Query[api.Paging]) -> api.Page[RiskOut]:
    visible = accounts.visible_to(request.auth).order_by().values("pk")
    rows = Risk.objects.filter(account__in=visible).select_related("account")

    def read(page: list[Risk]) -> list[RiskOut]:
        found = queries.risks([one.account_id for one in page])
        return [_risk(one.account.external_id, found[one.account_id]) for one in page]

    return api.paged(request, rows, paging, by=("account_id",), read=read)


@router.get("/accounts/{external_id}/risk", response=RiskOut, summary="How likely an account is to leave")
@api.requires("health.view")
def risk_of(request: api.ApiRequest, external_id: str) -> RiskOut:
    account_id = account_with(request, external_id)
    found = queries.risks([account_id]).get(account_id)
    if found is None:
        raise api.NotThere(_("The risk of this account was not told yet."))
    return _risk(external_id, found)


def _risk(external_id: str, row: queries.RiskRow) -> RiskOut:
    return RiskOut(
        external_id=external_id,
        as_of_on=row.as_of_on,
        due_on=row.due_on,
        loss=row.loss,  # type: ignore[arg-type]  # the table's own constraint
        p=round(row.p, 4),
        low=round(row.low, 4),
        high=round(row.high, 4),
        method=row.method or "rate",  # type: ignore[arg-type]  # written by science.risk.Kind
        version=row.version,
        losses=row.losses,
        decisions=row.decisions,
        missing=row.missing,
        sentence=row.sentence,
        cautions=list(row.cautions),
        reasons=[
            RiskReasonOut(measure=one.measure, label=one.label, factor=round(one.factor, 3)) for one in row.reasons
        ],
    )
