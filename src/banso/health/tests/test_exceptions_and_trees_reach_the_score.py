"""Exceptions and accounts below reach what lists, explanations and the past show."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from banso.health import queries
from banso.health.rules import TEMPLATES, Definition, ExceptionRule
from banso.health.testing import A_TODAY, a_fading_account, a_scorecard, a_steady_account, computed

pytestmark = pytest.mark.django_db
USAGE_LED = TEMPLATES["usage_led"].definition


def _capped(**said: Any) -> Definition:
    usual: dict[str, Any] = {
        "segment": None,
        "stage": None,
        "measure": "recency",
        "when": "at_least",
        "value": 1.0,
        "limit": "at_most",
        "points": 12.5,
        "reason": "重大な障害",
        "until_on": A_TODAY,
    }
    return replace(USAGE_LED, exceptions=(ExceptionRule(**(usual | said)),))


def test_a_capped_score_is_shown_with_its_reason_and_all_adds_up() -> None:
    steady = a_steady_account()
    a_scorecard(_capped())
    computed()
    row, told = queries.standings([steady])[steady], queries.explanation(steady)
    assert (row.score, row.level, row.condition) == (Decimal("12.5"), 1, "poor")
    assert told is not None
    assert told.score == 125
    [held] = told.adjustments
    assert (held.kind, held.label) == ("exception", "例外：重大な障害")
    assert sum(part.tenths for part in told.parts) + held.tenths == 125
    assert sum(part.tenths for part in row.parts) + sum(one.tenths for one in row.adjustments) == 125


def test_the_day_after_an_exception_ends_the_score_is_what_the_measures_say() -> None:
    steady = a_steady_account()
    a_scorecard(_capped(until_on=A_TODAY - timedelta(days=1)))
    computed()
    row, told = queries.standings([steady])[steady], queries.explanation(steady)
    assert row.score is not None
    assert row.score > 50
    assert row.adjustments == ()
    assert told is not None
    assert told.score_before == 125
    assert told.moves[0].kind == "exception"
    assert sum(move.tenths for move in told.moves) == told.change
    assert "例外：重大な障害" in row.reason


@pytest.mark.parametrize("rollup", ["own", "worst"])
def test_a_company_stands_where_its_worst_account_stands_if_the_scorecard_says_so(rollup: Any) -> None:
    company = a_steady_account("company")
    shop = a_fading_account("shop", parent_external_id="company")
    a_scorecard(replace(USAGE_LED, rollup=rollup))
    computed()
    rows = queries.standings([company, shop])
    assert (rows[company].score == rows[shop].score) == (rollup == "worst")
    told = queries.explanation(company)
    assert told is not None
    assert [one.kind for one in told.adjustments] == (["children"] if rollup == "worst" else [])
    above, below = (queries.history(name)[-1].score for name in ("company", "shop"))
    assert (above == below) == (rollup == "worst")
