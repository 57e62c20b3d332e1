"""Limits, as JSON: what passes first, and the limits of one account."""

from datetime import date
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from banso.accounts import queries as accounts
from banso.api import access as api
from banso.growth import queries
from banso.growth.models import Standing
from banso.people import queries as people

router = api.Router(tags=["limits"])


class LimitOut(api.Schema):
    """What was used of a limit in its period, and when it is passed.

    `crosses_on` is the day on which it was passed (over) or the middle of what is expected; eight crossings in ten lie
    from `low_on` to `high_on`, which is null where it lies beyond a year. `probability` is that of passing in a year.
    """

    account_external_id: str
    name: str
    unit: str
    meter: str
    counting: Literal["sum", "count", "people", "assigned", "last"]
    used: float
    limit: int
    share: float | None
    state: Literal["over", "expected", "unlikely", "too_little", "unlinked"]
    period_starts_on: date
    period_ends_on: date | None
    counted_since_on: date | None
    crosses_on: date | None
    low_on: date | None
    high_on: date | None
    probability: float | None
    history_days: int
    missing_days: int
    as_of_on: date


class LimitsOut(api.Schema):
    items: list[LimitOut]


@router.get("/limits", response=api.Page[LimitOut], summary="Use against the limits of all contracts")
@api.requires("usage.view")
def limits(request: api.ApiRequest, paging: api.Query[api.Paging]) -> api.Page[LimitOut]:
    visible = accounts.visible_to(request.auth).order_by().values("pk")
    rows = Standing.objects.filter(account__in=visible)

    def read(page: list[Standing]) -> list[LimitOut]:
        found = queries.shown(Standing.objects.filter(pk__in=[row.pk for row in page]), today=_today())
        by_line = {line.line_id: line for line in found}
        return [_limit(by_line[row.line_id]) for row in page]

    return api.paged(request, rows, paging, by=("account_id",), read=read)


@router.get("/accounts/{external_id}/limits", response=LimitsOut, summary="The limits of an account, soonest first")
@api.requires("usage.view")
def limits_of(request: api.ApiRequest, external_id: str) -> LimitsOut:
    pk = accounts.by_external_ids([external_id]).get(external_id)
    if pk is None or not accounts.visible_to(request.auth).filter(pk=pk).exists():
        raise api.NotThere(_("There is no account %(external_id)s.") % {"external_id": external_id})
    return LimitsOut(items=[_limit(line) for line in queries.limits_of([pk], today=_today())])


def _today() -> date:
    return people.today(people.company(), timezone.now())


def _limit(line: queries.LimitLine) -> LimitOut:
    same = LimitOut.model_fields.keys() - {"period_starts_on", "period_ends_on"}
    facts = {name: getattr(line, name) for name in same}
    return LimitOut(**facts, period_starts_on=line.starts_on, period_ends_on=line.ends_on)
