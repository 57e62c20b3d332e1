"""Quarantine, as JSON: events that could not be counted, corrected, tried again, discarded and brought back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from banso.api import access as api
from banso.intake import actions
from banso.intake.actions.events.mending import MOST_AT_ONCE
from banso.intake.models import Quarantined
from banso.intake.queries import quarantine as queries
from banso.intake.queries.event_reasons import words_of
from banso.intake.queries.quarantine import QuarantinedRow

router = api.Router(tags=["quarantine"])

MISSING: Final = "not_there"

type Id = Annotated[int, Field(ge=1, lt=2**63)]
type Ids = Annotated[list[Id], Field(min_length=1, max_length=MOST_AT_ONCE)]
type Reason = Annotated[str, Field(min_length=1, max_length=30)]


class QuarantinedOut(api.Schema):
    """An event that could not be counted. `cause` and `remedy` say the reason in words; `key` names the write key.

    Only where `is_whole` all that was sent was kept, and it can be corrected and tried again.
    """

    id: int
    reason: str
    cause: str
    remedy: str
    name: str
    key: str
    path: str
    is_whole: bool
    received_at: datetime
    discarded_at: datetime | None
    discarded_by: str


class QuarantinedEventOut(QuarantinedOut):
    """With the event itself, as text, as it was sent: it need not be JSON."""

    event: str
    sent_at: str
    place: str


class QuarantineFilters(api.Schema):
    state: Literal["waiting", "discarded"] = "waiting"
    reason: Annotated[str, Field(max_length=30)] = ""


class Corrected(api.Schema):
    id: Id
    event: Annotated[dict[str, Any], Field(description="The event as the client should have sent it.")]


class CorrectIn(api.Schema):
    items: Annotated[list[Corrected], Field(min_length=1, max_length=500)]


class ChosenIn(api.Schema):
    """Which events: these, or all that wait for a reason."""

    ids: Ids | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _says_one(self) -> "ChosenIn":
        if (self.ids is None) == (self.reason is None):
            raise ValueError("ids or reason")
        return self


class DiscardedIn(api.Schema):
    """Which discarded events: these, or all that were discarded by one call."""

    ids: Ids | None = None
    discarded_at: datetime | None = None

    @model_validator(mode="after")
    def _says_one(self) -> "DiscardedIn":
        if (self.ids is None) == (self.discarded_at is None):
            raise ValueError("ids or discarded_at")
        return self


class EventError(api.Schema):
    """Why one event was not dealt with; code: a reason, or not_there (any more, or not whole)."""

    id: int
    code: str
    message: str


class TakenOut(api.Schema):
    """How many events went into the lake; the others stay. `is_more`: others wait for this reason, call again."""

    taken: int
    refused: int
    is_more: bool
    errors: list[EventError]


class DiscardedOut(api.Schema):
    """How many events do not count; `discarded_at` brings them all back."""

    count: int
    discarded_at: datetime
    errors: list[EventError]


class BroughtBackOut(api.Schema):
    count: int
    errors: list[EventError]


@router.get("/quarantine", response=api.Page[QuarantinedOut], summary="Events in quarantine, the newest first")
@api.requires("intake.import")
def quarantine(
    request: api.ApiRequest, paging: api.Query[api.Paging], filters: api.Query[QuarantineFilters]
) -> api.Page[QuarantinedOut]:
    found = queries.found(filters.reason, is_discarded=filters.state == "discarded")

    def read(page: list[Quarantined]) -> list[QuarantinedOut]:
        return [QuarantinedOut(**_shown(row)) for row in queries.rows(page)]

    return api.paged(request, found, paging, by=("-received_at",), read=read)


@router.get(
    "/quarantine/{int:event_id}", response=QuarantinedEventOut, summary="An event in quarantine, as it was sent"
)
@api.requires("intake.import")
def quarantined(request: api.ApiRequest, event_id: Id) -> QuarantinedEventOut:  # noqa: ARG001  # ninja's signature
    one = queries.one(event_id)
    if one is None:
        raise api.NotThere(_("There is no event %(id)s in quarantine.") % {"id": event_id})
    return QuarantinedEventOut(**_shown(one.row), event=one.event, sent_at=one.sent_at, place=one.place)


@router.post(
    "/quarantine/correct", response={200: TakenOut, 207: TakenOut}, summary="Take events in as they were corrected"
)
@api.requires("intake.import", is_whole=False)
def correct(request: api.ApiRequest, given: CorrectIn) -> api.Status[TakenOut]:
    events = {one.id: msgspec.json.encode(one.event).decode() for one in given.items}
    done = actions.mend_some(events=events, by=request.auth.actor, now=timezone.now())
    return _taken(done.taken, _errors(done.reasons, done.missing), is_more=False)


@router.post("/quarantine/retry", response={200: TakenOut, 207: TakenOut}, summary="Try events again as they are")
@api.requires("intake.import", is_whole=False)
def retry(request: api.ApiRequest, given: ChosenIn) -> api.Status[TakenOut]:
    done = actions.retry(ids=given.ids, reason=given.reason or "", by=request.auth.actor, now=timezone.now())
    missing = set(given.ids or ()) - done.taken_ids - done.reasons.keys()
    return _taken(done.taken, _errors(done.reasons, missing), is_more=done.is_more)


@router.post("/quarantine/discard", response=DiscardedOut, summary="Let events not count")
@api.requires("intake.import")
def discard(request: api.ApiRequest, given: ChosenIn) -> DiscardedOut:
    now = timezone.now()
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)  # JSON brings the caller no more of it
    done = actions.discard(ids=given.ids, reason=given.reason or "", by=request.auth.actor, now=now)
    return DiscardedOut(count=done.count, discarded_at=now, errors=_errors({}, done.missing))


@router.post("/quarantine/bring-back", response=BroughtBackOut, summary="Put discarded events back into quarantine")
@api.requires("intake.import")
def bring_back(request: api.ApiRequest, given: DiscardedIn) -> BroughtBackOut:
    done = actions.bring_back(ids=given.ids, discarded_at=given.discarded_at, by=request.auth.actor, now=timezone.now())
    return BroughtBackOut(count=done.count, errors=_errors({}, done.missing))


def _shown(row: QuarantinedRow) -> dict[str, Any]:
    same = QuarantinedOut.model_fields.keys() - {"cause", "remedy"}
    return {name: getattr(row, name) for name in same} | {"cause": row.words.cause, "remedy": row.words.remedy}


def _taken(count: int, errors: list[EventError], *, is_more: bool) -> api.Status[TakenOut]:
    out = TakenOut(taken=count, refused=len(errors), is_more=is_more, errors=errors)
    return api.Status(207 if errors else 200, out)


def _errors(reasons: Mapping[int, str], missing: Iterable[int]) -> list[EventError]:
    said = {pk: (reason, " ".join(vars(words_of(reason)).values())) for pk, reason in reasons.items()}
    gone = _("This event is not there, or not all of it was kept.")
    said |= dict.fromkeys(missing, (MISSING, gone))
    return [EventError(id=pk, code=code, message=message) for pk, (code, message) in sorted(said.items())]
