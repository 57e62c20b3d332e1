"""Alerts as JSON: whose use fell, and what is done about it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from banso.accounts import queries as accounts
from banso.api import access as api
from banso.health import actions, queries
from banso.health.models import Alert
from banso.people import queries as people

router = api.Router(tags=["health"])


class AlertWeekOut(api.Schema):
    """One week: events, what was expected, and the band in which four weeks in five lie."""

    week: date
    events: float | None
    expected: float | None
    low: float | None
    high: float | None


class AlertOut(api.Schema):
    """Use of an account fell: `change` against what was expected (-0.3 is 30 % less), with its 80 % interval.

    `usual` and `latest` are the events expected and counted in the last whole week.
    """

    id: int
    account_external_id: str
    kind: Literal["drop"]
    reason: str
    state: Literal["open", "snoozed", "closed"]
    since_on: date
    seen_on: date
    change: float
    change_low: float
    change_high: float
    usual: float
    latest: float
    as_of_on: date
    raised_at: datetime
    snoozed_until_on: date | None
    snoozed_by: str
    snooze_reason: str
    closed_at: datetime | None
    closing: Literal["", "back", "left", "resolved"]
    closed_by: str
    note: str
    weeks: list[AlertWeekOut]


class AlertFilters(api.Schema):
    state: Annotated[Literal["open", "closed", "all"], Field(description="open: snoozed ones too.")] = "open"


class SnoozeIn(api.Schema):
    """Until which day the alert rests (within a year), and why."""

    until_on: date
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class ResolveIn(api.Schema):
    note: Annotated[str, Field(max_length=1000)] = ""


@router.get("/alerts", response=api.Page[AlertOut], summary="Alerts of accounts whose use fell")
@api.requires("health.view")
def alerts(
    request: api.ApiRequest, paging: api.Query[api.Paging], filters: api.Query[AlertFilters]
) -> api.Page[AlertOut]:
    rows = accounts.within_reach(request.auth, Alert.objects.all())
    if filters.state != "all":
        rows = rows.filter(closed_at__isnull=filters.state == "open")

    def read(page: list[Alert]) -> list[AlertOut]:
        shown = queries.alerts_shown(Alert.objects.filter(pk__in=[row.pk for row in page]), today=_today())
        return [_alert(line) for line in shown]

    return api.paged(request, rows, paging, by=(), read=read)


@router.post("/alerts/{alert_id}/snooze", response=AlertOut, summary="Let an alert rest until a day")
@api.requires("health.alert")
def snooze(request: api.ApiRequest, alert_id: int, snooze: SnoozeIn) -> AlertOut:
    _seen(request, alert_id)
    try:
        actions.snooze(
            alert_id=alert_id,
            until_on=snooze.until_on,
            reason=snooze.reason,
            by=request.auth.actor,
            now=timezone.now(),
            today=_today(),
        )
    except actions.UnknownAlert as error:
        raise api.Conflict(_("The alert is closed.")) from error
    except actions.WrongDay as error:
        raise _invalid("until_on", _("An alert rests until a day after today, within a year.")) from error
    except actions.NoReason as error:
        raise _invalid("reason", _("Say why the alert rests.")) from error
    return _alert(_seen(request, alert_id))


@router.post("/alerts/{alert_id}/resolve", response=AlertOut, summary="Close an alert that was dealt with")
@api.requires("health.alert")
def resolve(request: api.ApiRequest, alert_id: int, resolving: ResolveIn) -> AlertOut:
    _seen(request, alert_id)
    try:
        actions.resolve(alert_id=alert_id, note=resolving.note, by=request.auth.actor, now=timezone.now())
    except actions.UnknownAlert as error:
        raise api.Conflict(_("The alert is closed.")) from error
    return _alert(_seen(request, alert_id))


def _seen(request: api.ApiRequest, alert_id: int) -> queries.AlertLine:
    found = queries.alert_with(request.auth, alert_id, today=_today())
    if found is None:
        raise api.NotThere(_("There is no alert %(id)s.") % {"id": alert_id})
    return found


def _invalid(pointer: str, message: str) -> api.Invalid:
    return api.Invalid(errors=[api.FieldError(pointer=pointer, code="invalid", message=message)])


def _alert(line: queries.AlertLine) -> AlertOut:
    renamed: dict[str, Any] = {"change": line.size, "change_low": line.low, "change_high": line.high}
    same = AlertOut.model_fields.keys() - renamed.keys() - {"weeks"}
    weeks = [
        AlertWeekOut(week=week, events=events, expected=expected, low=low, high=high)
        for week, events, expected, low, high in line.course
    ]
    said = {name: getattr(line, name) for name in same} | renamed
    return AlertOut(**said, weeks=weeks)


def _today() -> date:
    return people.today(people.company(), timezone.now())
