"""A person sets a score or condition in place of the computed one: for a reason, up to a day, and visibly."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import polars as pl
from django.db import transaction

from banso.health.actions.standing import WEEK
from banso.health.models import ManualOverride, Standing
from banso.health.queries.keeping import in_points, kept_rows
from banso.health.queries.overrides import OverrideRow, override_with
from banso.health.queries.scorecards import definitions
from banso.health.queries.scoring import laid_over, side_of
from banso.health.rules import adjustments_of, change_of, moves_of
from banso.journal.actions import News, write
from banso.people.access import Actor

MOST_DAYS: Final = 366
CONDITIONS: Final = ("", "good", "normal", "poor")


class WrongOverride(Exception):
    """An override that says nothing, gives no reason, or ends too early or too late; `field` is what is wrong."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


class NothingToOverride(Exception):
    """The account has no computed health, or is no customer any more."""


class UnknownOverride(Exception):
    """There is no such override that still holds."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What is set: a score 0–100 with one decimal (None: as computed), a condition (empty: as the score means)."""

    score: Decimal | None = None
    condition: str = ""
    reason: str
    until_on: date


@transaction.atomic
def override(*, account_id: int, said: Setting, today: date, by: Actor, now: datetime) -> OverrideRow:
    """Set a score or condition until a day; one that holds already ends. Shown at once, in the explanation too.

    Raises WrongOverride and NothingToOverride.
    """
    if wrong := _wrong(said, today):
        raise WrongOverride(wrong)
    standing = _standing(account_id)
    from_on = min(today, standing.as_of_on)
    for before in _holding(account_id, from_on):
        _end(before, on=from_on, by=by, now=now)
    made = ManualOverride.objects.create(
        account_id=account_id,
        score=said.score,
        condition=said.condition,
        reason=said.reason.strip(),
        from_on=from_on,
        until_on=said.until_on,
        given_at=now,
        given_by_id=by.user_id,
    )
    write(_news("health.overridden", made), by=by, now=now)
    _show(standing)
    return _row(made.pk)


@transaction.atomic
def end_override(*, override_id: int, today: date, by: Actor, now: datetime) -> OverrideRow:
    """End an override before its day: the computed score shows again at once. Raises UnknownOverride."""
    found = ManualOverride.objects.select_for_update().filter(pk=override_id, ended_on__isnull=True).first()
    if found is None or found.until_on < today:
        raise UnknownOverride(override_id)
    standing = Standing.objects.select_for_update().filter(account_id=found.account_id).first()
    _end(found, on=min(today, standing.as_of_on) if standing else today, by=by, now=now)
    write(_news("health.override_ended", found), by=by, now=now)
    if standing and standing.left_on is None:
        _show(standing)
    return _row(found.pk)


def _wrong(said: Setting, today: date) -> str:
    """Return the field that is wrong, or nothing."""
    if said.condition not in CONDITIONS:
        return "condition"
    if said.score is None and not said.condition:
        return "score"
    if said.score is not None and not 0 <= said.score <= 100:  # noqa: PLR2004  # the scale
        return "score"
    if not said.reason.strip():
        return "reason"
    return "" if 0 <= (said.until_on - today).days <= MOST_DAYS else "until_on"


def _standing(account_id: int) -> Standing:
    found = Standing.objects.select_for_update().filter(account_id=account_id, left_on__isnull=True).first()
    if found is None:
        raise NothingToOverride(account_id)
    return found


def _holding(account_id: int, day: date) -> list[ManualOverride]:
    found = ManualOverride.objects.select_for_update().filter(account_id=account_id, ended_on__isnull=True)
    return list(found.filter(until_on__gte=day).order_by("pk"))


def _end(one: ManualOverride, *, on: date, by: Actor, now: datetime) -> None:
    one.ended_on, one.ended_at, one.ended_by_id = on, now, by.user_id
    one.save(update_fields=["ended_on", "ended_at", "ended_by"])


def _show(standing: Standing) -> None:
    """Let the standing say what holds now; what is kept of its day and of the week before is read once more."""
    kept = kept_rows(standing.account_id, [standing.as_of_on - WEEK, standing.as_of_on])
    definition = definitions({standing.scorecard_id})[standing.scorecard_id]
    rows = laid_over(definition, kept.filter(pl.col("scorecard_id") == standing.scorecard_id))
    after = rows.filter(pl.col("on") == standing.as_of_on)
    if after.is_empty():
        return
    row, now = after.row(0, named=True), side_of(definition, after)
    before = rows.filter(pl.col("on") == standing.as_of_on - WEEK)
    moves, change = [], None
    if not before.is_empty():
        was = side_of(definition, before)
        change = change_of(int(was.steps[0, -1]), int(now.steps[0, -1]))
        moves = moves_of(was, now)[0]
    if standing.condition != row["condition"]:
        standing.condition_since_on = standing.as_of_on
    standing.score, standing.change = in_points(row["tenths"]), in_points(change)
    standing.computed, standing.override_id = in_points(row["computed"]), row["override_id"]
    standing.level, standing.condition = row["level"], row["condition"]
    standing.adjustments = [dict(vars(one)) for one in adjustments_of(now)[0]]
    standing.moves = [dict(vars(one)) for one in moves]
    standing.weeks = [*standing.weeks[:-1], row["tenths"]]
    standing.save()


def _news(verb: str, one: ManualOverride) -> News:
    details = {
        "score": None if one.score is None else float(one.score),
        "condition": one.condition,
        "reason": one.reason,
        "until": one.until_on.isoformat(),
    }
    return News(verb, account_id=one.account_id, subject_kind="override", subject_id=one.pk, details=details)


def _row(override_id: int) -> OverrideRow:
    found = override_with(override_id)
    assert found is not None  # noqa: S101  # it was written a moment ago, in this transaction
    return found
