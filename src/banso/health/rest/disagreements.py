"""Where score and pulse disagree, as JSON."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.utils import timezone
from pydantic import Field

from banso.api import access as api
from banso.health.queries import disagreements as queries
from banso.people import queries as people
from banso.shared.businessdays import calendar_of

router = api.Router(tags=["health"])


class JudgedOut(api.Schema):
    """An account with its score and its newest pulse, since when both hold, and by when to speak with it.

    `contact_on` is a business day, null where both are good; `is_now` else means in two or three weeks.
    """

    external_id: str
    stand: Literal["opposite", "apart", "agree"]
    score: float | None
    score_condition: Literal["poor", "normal", "good"]
    score_reason: str
    pulse: int
    pulse_reason: str
    pulse_given_by: str
    pulse_given_at: datetime
    since: date
    contact_on: date | None
    is_now: bool
    notice_by_on: date | None


class JudgedListOut(api.Schema):
    items: list[JudgedOut]
    total: int


class JudgedFilters(api.Schema):
    stand: Literal["opposite", "apart", "agree", "all"] = "opposite"
    page: Annotated[int, Field(ge=1, le=100_000)] = 1


@router.get("/health/disagreements", response=JudgedListOut, summary="Accounts by what score and pulse say together")
@api.requires("health.view")
def disagreements(request: api.ApiRequest, filters: api.Query[JudgedFilters]) -> JudgedListOut:
    """Fifty to a page, first whom to speak with first."""
    company = people.company()
    found = queries.judged_page(
        request.auth,
        queries.Asked(tab=filters.stand),
        number=filters.page,
        today=people.today(company, timezone.now()),
        calendar=calendar_of(company.country, company.closures),
    )
    return JudgedListOut(items=[_shown(row) for row in found.rows], total=found.total)


def _shown(row: queries.JudgedRow) -> JudgedOut:
    standing, pulse = row.standing, row.pulse
    return JudgedOut(
        external_id=row.external_id,
        stand=row.stand,
        score=None if standing.score is None else float(standing.score),
        score_condition=standing.condition,  # type: ignore[arg-type]  # those that are listed have one
        score_reason=standing.reason,
        pulse=pulse.rating,
        pulse_reason=pulse.reason,
        pulse_given_by=pulse.given_by,
        pulse_given_at=pulse.given_at,
        since=row.since,
        contact_on=row.contact_on,
        is_now=row.is_now,
        notice_by_on=row.notice_by_on,
    )
