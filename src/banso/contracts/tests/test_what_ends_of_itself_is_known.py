"""Trials end, and so does what a customer gave notice for."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from banso.accounts.testing import an_account
from banso.contracts import actions, queries
from banso.contracts.queries import Ending
from banso.contracts.testing import A_MOMENT, a_contract, a_line
from banso.people.testing import AN_ACTOR

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def test_a_trial_says_when_it_ends_and_what_its_lines_would_bring() -> None:
    account = an_account("trial")
    lines = [a_line(amount_minor=120_000, term_months=12), a_line("set-up", kind="one_off", amount_minor=50_000)]
    a_contract("trial", is_trial=True, starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 1), lines=lines)
    a_contract("trial", "trial-k2", is_trial=True, starts_on=date(2026, 11, 1), renews_on=date(2026, 12, 9), lines=[])
    assert queries.endings(TODAY, currency="JPY") == {
        account: Ending(trial_ends_on=date(2026, 12, 9), trial_mrr=10_000)
    }


def test_a_trial_that_has_ended_or_not_begun_is_no_trial_today() -> None:
    an_account("trial")
    a_contract("trial", is_trial=True, starts_on=date(2026, 10, 1), ends_on=TODAY)
    a_contract("trial", "trial-k2", is_trial=True, starts_on=date(2026, 11, 25))
    assert queries.endings(TODAY, currency="JPY") == {}


def test_a_trial_in_another_currency_is_worth_what_the_rate_of_its_first_day_says() -> None:
    account = an_account("trial")
    actions.set_rate(currency="USD", on=date(2026, 1, 1), rate=Decimal("1.5"), by=AN_ACTOR, now=A_MOMENT)
    a_contract("trial", is_trial=True, currency="USD", starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 1))
    assert queries.endings(TODAY, currency="JPY")[account].trial_mrr == 15_000


def test_who_gave_notice_for_all_leaves_with_the_last_of_it() -> None:
    leaving, staying = an_account("leaving"), an_account("staying")
    said: dict[str, Any] = {"cancelled_on": date(2026, 11, 20), "ends_on": date(2027, 1, 1)}
    a_contract("leaving", **said)
    a_contract("leaving", "leaving-k2", **(said | {"ends_on": date(2027, 3, 1)}))
    a_contract("staying", **said)
    a_contract("staying", "staying-k2")
    found = queries.endings(TODAY, currency="JPY")
    assert found[leaving].leaves_on == date(2027, 3, 1)
    assert found[staying].leaves_on is None
    assert queries.endings(date(2026, 11, 19), currency="JPY") == {}
