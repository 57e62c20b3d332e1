"""Contracts end, are cancelled, renew themselves; rates and calendars move what follows from them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.contracts import actions, jobs, queries
from banso.contracts.testing import A_MOMENT, WEEKDAYS, Weekdays, a_contract, a_line
from banso.journal import queries as journal
from banso.people.actions import set_company
from banso.people.testing import AN_ACTOR, an_admin
from banso.shared.businessdays import calendar_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
RENEWAL = date(2027, 4, 1)


class ClosedInMarch(Weekdays):
    def is_business_day(self, day: date) -> bool:
        return day.month != 3 and super().is_business_day(day)


def row(account: int) -> queries.ContractRow:
    return queries.contracts_of([account], TODAY)[0]


def test_a_contract_ends_and_the_journal_says_when() -> None:
    account = an_account()
    contract = a_contract()
    actions.end_contract(contract_id=contract, on=TODAY, by=AN_ACTOR, now=A_MOMENT)
    actions.end_contract(contract_id=contract, on=TODAY, by=AN_ACTOR, now=A_MOMENT)
    assert row(account).state == "ended"
    entries = [entry for entry in journal.timeline([account]) if entry.verb == "contract.ended"]
    assert [entry.details["changes"] for entry in entries] == [{"ends_on": [None, "2026-11-24"]}]


def test_a_notice_can_be_taken_back() -> None:
    account = an_account()
    contract = a_contract(renews_on=RENEWAL)
    actions.cancel_contract(contract_id=contract, on=TODAY, by=AN_ACTOR, now=A_MOMENT)
    assert (row(account).state, row(account).ends_on) == ("cancelled", RENEWAL)
    actions.withdraw_cancellation(contract_id=contract, by=AN_ACTOR, now=A_MOMENT)
    assert (row(account).state, row(account).ends_on, row(account).days_to_renewal) == ("running", None, 128)


def test_a_contract_without_renewal_ends_with_its_notice_and_goes_on_without_it() -> None:
    account = an_account()
    contract = a_contract()
    actions.cancel_contract(contract_id=contract, on=TODAY, by=AN_ACTOR, now=A_MOMENT)
    assert row(account).ends_on == TODAY
    actions.withdraw_cancellation(contract_id=contract, by=AN_ACTOR, now=A_MOMENT)
    assert (row(account).state, row(account).ends_on) == ("running", None)


def test_without_a_notice_there_is_none_to_take_back() -> None:
    account = an_account()
    contract = a_contract(renews_on=RENEWAL, ends_on=RENEWAL)
    actions.withdraw_cancellation(contract_id=contract, by=AN_ACTOR, now=A_MOMENT)
    assert row(account).ends_on == RENEWAL
    assert "contract.kept" not in {entry.verb for entry in journal.timeline([account])}


def test_days_that_cannot_be_are_refused() -> None:
    an_account()
    contract = a_contract(ends_on=date(2026, 10, 1))
    with pytest.raises(actions.WrongDay):
        actions.end_contract(contract_id=contract, on=date(2026, 1, 1), by=AN_ACTOR, now=A_MOMENT)
    with pytest.raises(actions.WrongDay):
        actions.cancel_contract(contract_id=contract, on=TODAY, by=AN_ACTOR, now=A_MOMENT)


def test_a_contract_out_of_reach_does_not_exist() -> None:
    an_account()
    contract = a_contract()
    nobody = accounts.visible_to(an_admin()).none()
    with pytest.raises(actions.UnknownContract):
        actions.end_contract(contract_id=contract, on=TODAY, by=AN_ACTOR, now=A_MOMENT, visible=nobody)
    with pytest.raises(actions.UnknownContract):
        actions.withdraw_cancellation(contract_id=contract + 1, by=AN_ACTOR, now=A_MOMENT)


def test_what_renews_itself_renews_and_the_rest_does_not() -> None:
    account = an_account()
    a_contract(starts_on=date(2024, 4, 1), renews_on=date(2025, 4, 1), renewal_months=12, notice_count=30)
    a_contract(external_id="by hand", renews_on=date(2026, 5, 1), is_auto_renewing=False, renewal_months=12)
    a_contract(external_id="no term", renews_on=date(2026, 5, 1))
    assert actions.renew_due(today=TODAY, calendar=WEEKDAYS, by=AN_ACTOR, now=A_MOMENT) == 1
    found = {one.external_id: one for one in queries.contracts_of([account], TODAY)}
    assert (found["acme-k1"].renews_on, found["acme-k1"].notice_by_on) == (RENEWAL, date(2027, 3, 2))
    assert found["by hand"].renews_on == date(2026, 5, 1)
    assert actions.renew_due(today=TODAY, calendar=WEEKDAYS, by=AN_ACTOR, now=A_MOMENT) == 0


def test_deadlines_follow_the_calendar() -> None:
    account = an_account()
    a_contract(renews_on=RENEWAL, notice_count=2, notice_unit="business_days")
    a_contract(external_id="months", renews_on=RENEWAL, notice_count=2, notice_unit="months")
    assert actions.recompute_notices(calendar=ClosedInMarch(), by=AN_ACTOR, now=A_MOMENT) == 1
    found = {one.external_id: one.notice_by_on for one in queries.contracts_of([account], TODAY)}
    assert found == {"acme-k1": date(2027, 2, 25), "months": date(2027, 2, 1)}
    entry = journal.timeline([account])[0]
    assert (entry.verb, entry.details["changes"]) == (
        "contract.notice_moved",
        {"notice_by_on": ["2027-03-30", "2027-02-25"]},
    )
    by_account = accounts.visible_to(an_admin()).annotate(notice=queries.notice_by_column(TODAY))
    assert by_account.values_list("notice", flat=True).get() == date(2027, 2, 1)


def test_money_is_valued_at_the_rate_of_the_day_it_began() -> None:
    account = an_account()
    rate: dict[str, Any] = {"currency": "USD", "by": AN_ACTOR, "now": A_MOMENT}
    actions.set_rate(on=date(2026, 1, 1), rate=Decimal("1.5"), **rate)
    actions.set_rate(on=date(2026, 6, 1), rate=Decimal("1.6"), **rate)
    yearly = a_line(amount_minor=100_001, term_months=12)
    a_contract(currency="USD", starts_on=date(2026, 2, 1), lines=[yearly, a_line("more", starts_on=date(2026, 7, 1))])
    assert queries.mrr_by_account(date(2026, 3, 1)) == {account: 12_500}
    assert queries.mrr_by_account(TODAY) == {account: 12_500 + 16_000}
    actions.set_rate(on=date(2026, 2, 1), rate=Decimal(2), **rate)
    assert queries.mrr_by_account(date(2026, 3, 1)) == {account: 16_667}
    actions.set_rate(on=date(2026, 2, 1), rate=Decimal(2), **rate)
    assert [(one.on, one.rate) for one in queries.rate_rows()] == [
        (date(2026, 6, 1), "1.6"),
        (date(2026, 2, 1), "2"),
        (date(2026, 1, 1), "1.5"),
    ]


def test_a_trial_needs_no_rate() -> None:
    account = an_account()
    a_contract(currency="EUR", is_trial=True)
    assert queries.mrr_by_account(TODAY) == {}
    assert row(account).currency == "EUR"


@pytest.mark.parametrize(
    ("currency", "rate"), [("JPY", "1"), ("usd", "1"), ("USD", "0"), ("USD", "-1"), ("USD", "NaN")]
)
def test_rates_that_make_no_sense_are_refused(currency: str, rate: str) -> None:
    with pytest.raises(actions.WrongRate):
        actions.set_rate(currency=currency, on=TODAY, rate=Decimal(rate), by=AN_ACTOR, now=A_MOMENT)


def test_a_rate_beyond_all_amounts_is_refused_and_nothing_changes() -> None:
    account = an_account()
    actions.set_rate(currency="USD", on=TODAY, rate=Decimal(1), by=AN_ACTOR, now=A_MOMENT)
    a_contract(currency="USD", starts_on=TODAY, lines=[a_line(amount_minor=10**12)])
    with pytest.raises(actions.WrongRate):
        actions.set_rate(currency="USD", on=TODAY, rate=Decimal(10) ** 8, by=AN_ACTOR, now=A_MOMENT)
    assert queries.mrr_by_account(TODAY) == {account: 10**12}


def test_an_amount_beyond_all_amounts_in_our_own_currency_is_refused() -> None:
    an_account()
    actions.set_rate(currency="USD", on=TODAY, rate=Decimal(10) ** 8, by=AN_ACTOR, now=A_MOMENT)
    with pytest.raises(ValueError, match=r"1,?000,?000,?000,?000,?000"):
        a_contract(currency="USD", starts_on=TODAY, lines=[a_line(amount_minor=10**12)])


def test_a_term_beyond_all_known_holidays_keeps_no_other_contract_from_renewing() -> None:
    account = an_account()
    said: dict[str, Any] = {"starts_on": date(2020, 4, 1), "renews_on": date(2021, 4, 1)}
    a_contract(external_id="century", renewal_months=1200, notice_count=1, notice_unit="business_days", **said)
    a_contract(external_id="yearly", renewal_months=12, **said)
    assert actions.renew_due(today=TODAY, calendar=calendar_of("JP", ()), by=AN_ACTOR, now=A_MOMENT) == 2
    found = {one.external_id: (one.renews_on, one.notice_by_on) for one in queries.contracts_of([account], TODAY)}
    assert found == {
        "century": (date(2121, 4, 1), None),
        "yearly": (date(2027, 4, 1), date(2027, 4, 1)),
    }


def test_every_night_contracts_renew_and_deadlines_follow_the_companys_closures() -> None:
    account = an_account()
    a_contract(starts_on=date(2020, 4, 1), renews_on=date(2021, 4, 1), renewal_months=12, notice_count=1)
    a_contract(
        external_id="closed", starts_on=date(2020, 4, 1), renews_on=date(2099, 4, 2), notice_count=1,
        notice_unit="business_days",
    )  # fmt: skip
    set_company(closures=["04-01"], by=AN_ACTOR, now=A_MOMENT)
    assert jobs.keep_contracts.func() == {"renewed": 1, "moved": 1}
    found = {one.external_id: one for one in queries.contracts_of([account], TODAY)}
    assert found["acme-k1"].renews_on != date(2021, 4, 1)
    assert found["closed"].notice_by_on == date(2099, 3, 31)
