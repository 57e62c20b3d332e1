"""A past week is scored with the segment and the stage of then, and the explanation still adds up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from banso.accounts import actions as accounts
from banso.accounts import queries as account_rows
from banso.accounts.testing import a_stage
from banso.health import queries
from banso.health.rules import TEMPLATES, Override
from banso.health.testing import A_MOMENT, A_TODAY, a_fading_account, a_scorecard, computed
from banso.people.testing import AN_ACTOR, an_admin

pytestmark = pytest.mark.django_db

USAGE_LED = TEMPLATES["usage_led"].definition
# In this stage only the days since the last use count.
NOTHING_ELSE = {key: float(key == "recency") for key in USAGE_LED.keys}
LAST_MONDAY = date(2026, 11, 23)
THE_ONE_BEFORE = date(2026, 11, 16)


def scored_by_stage(stage: str) -> None:
    a_scorecard(replace(USAGE_LED, overrides=(Override(None, stage, NOTHING_ELSE),)))


def move(account_id: int, stage_id: int, *, now: datetime) -> None:
    visible = account_rows.visible_to(an_admin())
    moved = accounts.move_to_stage(account_ids=[account_id], stage_id=stage_id, by=AN_ACTOR, now=now, visible=visible)
    assert moved.changed == 1


def scores(account_id: int) -> dict[date, Decimal | float | None]:
    return {row.week: row.score for row in queries.history(account_id)}


def test_weeks_before_a_move_keep_the_weights_of_the_stage_of_then() -> None:
    scored_by_stage("Onboarding")
    account, settled = a_fading_account(stage="Onboarding"), a_fading_account("settled", stage="Adoption")
    computed()
    onboarding, adoption = scores(account), scores(settled)
    assert all(onboarding[day] != adoption[day] for day in (THE_ONE_BEFORE, LAST_MONDAY))
    # In Tokyo it is half past midnight of the Monday, whose week begins as it stood at its start.
    move(account, a_stage_named("Adoption"), now=datetime(2026, 11, 15, 15, 30, tzinfo=UTC))
    computed()
    after = scores(account)
    assert {day: score for day, score in after.items() if day <= THE_ONE_BEFORE} == {
        day: score for day, score in onboarding.items() if day <= THE_ONE_BEFORE
    }
    assert after[LAST_MONDAY] == adoption[LAST_MONDAY]


def test_a_move_within_the_week_is_a_cause_of_the_change_and_all_adds_up() -> None:
    scored_by_stage("Onboarding")
    account = a_fading_account(stage="Onboarding")
    move(account, a_stage("Adoption"), now=A_MOMENT - timedelta(days=3))
    computed()
    told, shown = queries.explanation(account), queries.standings([account])[account]
    assert told is not None
    assert told.score is not None
    assert told.score_before is not None
    assert shown.score is not None
    assert shown.change is not None
    assert "sorted" in {one.kind for one in told.moves}
    assert sum(part.tenths for part in told.parts) == told.score == shown.score * 10
    assert sum(one.tenths for one in told.moves) == told.change == told.score - told.score_before == shown.change * 10


def test_a_stage_that_was_renamed_is_the_same_stage_in_the_past() -> None:
    scored_by_stage("Start")
    account = a_fading_account(stage="Onboarding")
    stage = a_stage_named("Onboarding")
    move(account, a_stage("Adoption"), now=A_MOMENT - timedelta(days=3))
    accounts.rename(kind="stage", id=stage, name="Start", by=AN_ACTOR, now=A_MOMENT)
    computed()
    renamed = scores(account)
    fresh = a_fading_account("fresh", stage="Start")
    computed()
    assert renamed[THE_ONE_BEFORE] == scores(fresh)[THE_ONE_BEFORE]
    assert renamed[LAST_MONDAY] != scores(fresh)[LAST_MONDAY]


def test_moves_of_today_hold_at_once() -> None:
    scored_by_stage("Onboarding")
    account, settled = a_fading_account(stage="Onboarding"), a_fading_account("settled", stage="Adoption")
    move(account, a_stage_named("Adoption"), now=A_MOMENT)
    computed(A_TODAY)
    rows = queries.standings([account, settled])
    assert rows[account].score == rows[settled].score
    assert rows[account].score_week_ago != rows[settled].score_week_ago


def a_stage_named(name: str) -> int:
    return next(row.id for row in account_rows.stages() if row.name == name)
