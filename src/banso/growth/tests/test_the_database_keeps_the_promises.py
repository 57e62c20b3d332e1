"""What the tables of growth refuse, whoever writes."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from banso.contracts import queries as contracts
from banso.growth.models import Crossing, Forecast, Standing
from banso.growth.testing import A_MOMENT, A_TODAY, an_account_with_limit

pytestmark = pytest.mark.django_db
BEFORE = date(2026, 11, 1)


def line_and_account() -> dict[str, int]:
    account = an_account_with_limit()
    return {"line_id": contracts.limits_on(A_TODAY)[0].line_id, "account_id": account}


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("limit_state_is_known", {"state": "fine"}),
        ("limit_is_never_foreseen_without_interval", {"state": "expected", "crosses_on": A_TODAY}),
        ("limit_is_never_foreseen_without_interval", {"state": "expected", "low_on": A_TODAY}),
        ("limit_was_passed_on_a_day", {"state": "over"}),
        ("limit_probability_is_0_to_1", {"probability": 1.1}),
    ],
)
def test_a_standing_makes_sense(constraint: str, facts: dict[str, Any]) -> None:
    usual: dict[str, Any] = {"state": "unlikely", "limit": 1, "used": 0, "starts_on": BEFORE}
    row = Standing(**line_and_account(), as_of_on=A_TODAY, computed_at=A_MOMENT, **(usual | facts))
    refused(constraint, row)


def test_a_limit_is_passed_once_in_a_period_and_within_it() -> None:
    whose = line_and_account()
    facts: dict[str, Any] = {"starts_on": BEFORE, "limit": 1, "noticed_at": A_MOMENT}
    Crossing(crossed_on=A_TODAY, **whose, **facts).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Crossing(crossed_on=A_TODAY, **whose, **facts).save()
    refused("crossing_is_within_its_period", Crossing(crossed_on=BEFORE, **whose, **(facts | {"starts_on": A_TODAY})))


def test_a_forecast_is_once_a_week_and_has_an_interval() -> None:
    line = line_and_account()["line_id"]
    facts: dict[str, Any] = {"line_id": line, "made_on": A_TODAY, "probability": 0, "settles_on": A_TODAY}
    Forecast(week_on=BEFORE, **facts).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Forecast(week_on=BEFORE, **facts).save()
    refused("forecast_outcome_known", Forecast(week_on=A_TODAY, outcome="so so", **facts))
    refused("forecast_has_an_interval", Forecast(week_on=A_TODAY, expected_on=A_TODAY, **facts))


def refused(constraint: str, row: Standing | Crossing | Forecast) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save()
