"""Each constraint refuses what it is there to refuse."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from banso.accounts.testing import an_account
from banso.contracts.models import Contract, Line, Position, Rate
from banso.contracts.testing import A_MOMENT, a_contract

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 1)
BEFORE = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("contract_external_id_is_given", {"external_id": ""}),
        ("contract_ends_after_it_starts", {"ends_on": BEFORE}),
        ("contract_renews_after_it_starts", {"renews_on": BEFORE}),
        ("contract_renewal_is_for_a_time", {"renewal_months": 0}),
        ("contract_notice_is_before_its_renewal", {"renews_on": DAY, "notice_by_on": date(2026, 4, 2)}),
        ("contract_notice_is_before_its_renewal", {"notice_by_on": DAY}),
        ("contract_notice_unit_is_known", {"notice_unit": "weeks"}),
        ("contract_notice_roll_is_known", {"notice_roll": "sideways"}),
    ],
)
def test_a_contract_makes_sense(constraint: str, facts: dict[str, Any]) -> None:
    usual = {"external_id": "k", "starts_on": DAY, "created_at": A_MOMENT, "changed_at": A_MOMENT}
    refused(constraint, Contract(account_id=an_account(), **(usual | facts)))


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("line_external_id_is_given", {"external_id": ""}),
        ("line_kind_is_known", {"kind": "gift"}),
        ("line_that_recurs_has_one_term", {"term_months": None}),
        ("line_that_recurs_has_one_term", {"term_days": 30}),
        ("line_that_recurs_has_one_term", {"term_months": 0}),
        ("line_counting_is_known", {"counting": "guess"}),
        ("line_period_is_known", {"period": "week"}),
        ("line_ends_after_it_starts", {"starts_on": DAY, "ends_on": BEFORE}),
    ],
)
def test_a_line_makes_sense(constraint: str, facts: dict[str, Any]) -> None:
    an_account()
    usual = {"external_id": "l", "kind": "plan", "name": "x", "term_months": 1}
    refused(constraint, Line(contract_id=a_contract(), **(usual | facts)))


def test_a_line_is_once_in_a_contract() -> None:
    an_account()
    line = Line(contract_id=a_contract(), external_id="plan", kind="plan", name="x", term_months=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save()


def test_a_position_is_once_a_day_and_looks_ahead() -> None:
    account = an_account()
    facts: dict[str, Any] = {"account_id": account, "from_on": DAY, "mrr_minor": 0, "is_active": False}
    Position(**facts).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Position(**facts).save()
    refused("position_looks_ahead", Position(**(facts | {"from_on": date(2026, 5, 1), "renews_on": BEFORE})))


def test_a_rate_is_positive_and_once_a_day() -> None:
    refused("rate_is_positive", Rate(currency="USD", on=DAY, rate=0))
    Rate(currency="USD", on=DAY, rate=1).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Rate(currency="USD", on=DAY, rate=2).save()


def refused(constraint: str, row: Contract | Line | Position | Rate) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save()
