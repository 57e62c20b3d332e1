"""Features that mark those who stay, as JSON."""

from datetime import date
from typing import Literal

from banso.api import access as api
from banso.health import queries

router = api.Router(tags=["health"])


class MarkerOut(api.Schema):
    """One feature: how many of those with and without it stayed, and the difference beside use, size and breadth.

    `difference` has an 80 % interval; `q_value` is Benjamini-Hochberg's over all features; `stability` is the share of
    halves of the customers in which it stands out; `draw`: accounts on each side of a draw that would settle it.
    """

    feature: str
    label: str
    users: int
    kept_with: float
    kept_without: float
    difference: float
    low: float
    high: float
    q_value: float
    stability: float
    verdict: Literal["candidate", "goes with use", "not seen"]
    draw: int | None


class MarkingOut(api.Schema):
    """What it rests on: customers there after 13 weeks, those of them lost, and losses or others still missing."""

    as_of_on: date | None
    accounts: int
    losses: int
    missing: int
    too_new: int
    items: list[MarkerOut]


@router.get("/health/markers", response=MarkingOut, summary="Features that mark the customers who stay")
@api.requires("health.view")
def markers(request: api.ApiRequest) -> MarkingOut:  # noqa: ARG001  # the guard reads it
    found = queries.marking()
    if found is None:
        return MarkingOut(as_of_on=None, accounts=0, losses=0, missing=0, too_new=0, items=[])
    items = [MarkerOut(**vars(row)) for row in found.rows]
    facts = {name: getattr(found, name) for name in ("as_of_on", "accounts", "losses", "missing", "too_new")}
    return MarkingOut(**facts, items=items)
