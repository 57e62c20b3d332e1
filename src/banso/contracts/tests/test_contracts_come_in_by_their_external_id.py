"""Contracts are added once, changed where they differ, and told to the journal."""

from datetime import date

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from banso.accounts.testing import an_account
from banso.contracts import actions, queries
from banso.contracts.actions import ContractInput
from banso.contracts.testing import A_MOMENT, WEEKDAYS, a_contract, a_line
from banso.journal import queries as journal
from banso.people.testing import AN_ACTOR

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def save(*rows: ContractInput, keeps_other_lines: bool = False) -> actions.SaveResult:
    return actions.save_contracts(
        rows, by=AN_ACTOR, now=A_MOMENT, calendar=WEEKDAYS, keeps_other_lines=keeps_other_lines
    )


def test_a_new_contract_is_added_with_its_lines() -> None:
    account = an_account()
    a_contract(lines=[a_line(), a_line("seats", kind="seats", amount_minor=60_000, term_months=12, quantity=12)])
    (row,) = queries.contracts_of([account], TODAY)
    assert row.state == "running"
    assert row.mrr_minor == 15_000
    assert row.seats == 12
    assert [line.external_id for line in row.lines] == ["plan", "seats"]


def test_the_same_again_changes_nothing_and_tells_nothing() -> None:
    account = an_account()
    a_contract()
    before = len(journal.timeline([account]))
    result = save(ContractInput("acme-k1", account_external_id="acme", starts_on=date(2026, 4, 1), lines=[a_line()]))
    assert (result.added, result.changed, result.same) == (0, 0, 1)
    assert len(journal.timeline([account])) == before


def test_what_is_not_given_is_not_touched() -> None:
    account = an_account()
    a_contract(name="基本契約", renews_on=date(2027, 4, 1))
    save(ContractInput("acme-k1", notice_count=20, notice_unit="business_days"))
    (row,) = queries.contracts_of([account], TODAY)
    assert row.name == "基本契約"
    assert row.mrr_minor == 10_000
    assert row.notice_by_on == WEEKDAYS.add(date(2027, 4, 1), -20)


def test_a_change_is_told_with_old_and_new() -> None:
    account = an_account()
    a_contract()
    save(ContractInput("acme-k1", renews_on=date(2027, 4, 1), lines=[a_line(amount_minor=12_000)]))
    entry = journal.timeline([account])[0]
    assert entry.verb == "contract.changed"
    assert entry.details["changes"]["renews_on"] == [None, "2027-04-01"]
    assert entry.details["mrr_minor"] == [10_000, 12_000]


def test_lines_that_are_not_named_go_unless_they_are_kept() -> None:
    account = an_account()
    a_contract(lines=[a_line(), a_line("option", kind="option")])
    save(ContractInput("acme-k1", lines=[a_line("more", kind="option")]), keeps_other_lines=True)
    assert [line.external_id for line in queries.contracts_of([account], TODAY)[0].lines] == ["plan", "option", "more"]
    save(ContractInput("acme-k1", lines=[a_line("more", kind="option")]))
    assert [line.external_id for line in queries.contracts_of([account], TODAY)[0].lines] == ["more"]


def test_a_contract_that_moves_takes_its_revenue_along() -> None:
    old, new = an_account(), an_account("beta", name="ベータ")
    a_contract()
    save(ContractInput("acme-k1", account_external_id="beta"))
    assert queries.mrr_by_account(TODAY) == {new: 10_000}
    assert queries.contracts_of([old], TODAY) == []


def test_bad_rows_are_refused_with_reasons_and_good_ones_saved() -> None:
    an_account()
    result = save(
        ContractInput("a", account_external_id="nobody", starts_on=TODAY),
        ContractInput("b", account_external_id="acme"),
        ContractInput("c", account_external_id="acme", starts_on=TODAY, ends_on=date(2026, 1, 1)),
        ContractInput("d", account_external_id="acme", starts_on=TODAY, lines=[a_line(term_months=None)]),
        ContractInput("e", account_external_id="acme", starts_on=TODAY, lines=[a_line()]),
        ContractInput("e", account_external_id="acme", starts_on=TODAY),
        ContractInput("f", starts_on=TODAY),
        ContractInput("h", account_external_id="acme", starts_on=TODAY, renews_on=date.max, notice_unit="weeks"),
        ContractInput(
            "i", account_external_id="acme", starts_on=date.min, renews_on=date.min, notice_count=5, renewal_months=0
        ),
        ContractInput("j", account_external_id="acme", starts_on=date.min, renews_on=date.min, notice_count=5),
        ContractInput("g", account_external_id="acme", starts_on=TODAY, currency="USD", lines=[a_line()]),
    )
    assert [(fault.index, fault.field, fault.code) for fault in result.refused] == [
        (0, "account_external_id", "account_unknown"),
        (1, "starts_on", "missing"),
        (2, "ends_on", "before_start"),
        (3, "lines[0].term_months", "one_term"),
        (5, "external_id", "repeated"),
        (6, "account_external_id", "missing"),
        (7, "notice_unit", "not_allowed"),
        (7, "renews_on", "outside_calendar"),
        (8, "renewal_months", "out_of_range"),
        (9, "renews_on", "outside_calendar"),
        (10, "currency", "no_rate"),
    ]
    assert result.added == 1
    with translation.override("en"):
        assert all(actions.sentence(fault).endswith(".") for fault in result.refused)


@pytest.mark.parametrize("count", [10, 900])
def test_a_thousand_cost_as_many_queries_as_ten(
    django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    an_account()
    rows = [
        ContractInput(f"k{number}", account_external_id="acme", starts_on=date(2026, 4, 1), lines=[a_line()])
        for number in range(count)
    ]
    with django_assert_max_num_queries(22):
        save(*rows)
