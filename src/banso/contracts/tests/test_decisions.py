"""Every renewal that a paying account came to is a decision; who stayed is known the day after it."""

from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from banso.accounts.testing import an_account
from banso.contracts import actions, queries
from banso.contracts.testing import A_MOMENT, a_contract
from banso.people.testing import AN_ACTOR

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
YEARLY: dict[str, Any] = {"renewal_months": 12, "is_auto_renewing": True, "notice_count": 1, "notice_unit": "months"}


def found(today: date = TODAY) -> list[tuple[date, date, bool | None]]:
    return queries.decisions(today).select("renews_on", "due_on", "is_lost").rows()


def test_a_customer_of_years_has_decided_every_year_and_one_decision_is_open() -> None:
    an_account()
    a_contract(starts_on=date(2024, 4, 1), renews_on=date(2027, 4, 1), **YEARLY)
    assert found() == [
        (date(2025, 4, 1), date(2025, 3, 1), False),
        (date(2026, 4, 1), date(2026, 3, 1), False),
        (date(2027, 4, 1), date(2027, 3, 1), None),
    ]


def test_who_gave_notice_is_lost_at_the_renewal_and_not_before() -> None:
    an_account()
    contract = a_contract(starts_on=date(2025, 4, 1), renews_on=date(2026, 4, 1), **YEARLY)
    actions.cancel_contract(contract_id=contract, on=date(2026, 2, 10), by=AN_ACTOR, now=A_MOMENT)
    assert found() == [(date(2026, 4, 1), date(2026, 3, 1), True)]
    assert found(date(2026, 4, 1)) == [(date(2026, 4, 1), date(2026, 3, 1), None)]


def test_a_contract_without_notice_is_decided_on_its_renewal() -> None:
    an_account()
    contract = a_contract(starts_on=date(2025, 4, 1), renews_on=date(2026, 4, 1))
    actions.end_contract(contract_id=contract, on=date(2026, 4, 1), by=AN_ACTOR, now=A_MOMENT)
    assert found() == [(date(2026, 4, 1), date(2026, 4, 1), True)]


def test_a_new_contract_from_the_renewal_on_is_staying() -> None:
    an_account()
    contract = a_contract(starts_on=date(2025, 4, 1), renews_on=date(2026, 4, 1))
    actions.end_contract(contract_id=contract, on=date(2026, 4, 1), by=AN_ACTOR, now=A_MOMENT)
    a_contract(external_id="acme-k2", starts_on=date(2026, 4, 1), renews_on=date(2027, 4, 1))
    assert [(renews_on, is_lost) for renews_on, _due_on, is_lost in found()] == [
        (date(2026, 4, 1), False),
        (date(2027, 4, 1), None),
    ]


def test_without_contracts_there_are_no_decisions_and_more_accounts_take_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    assert found() == []
    for name in ("a", "b", "c"):
        an_account(name)
        a_contract(name, starts_on=date(2025, 4, 1), renews_on=date(2027, 4, 1), **YEARLY)
    with django_assert_num_queries(1):
        assert queries.decisions(TODAY).height == 6
