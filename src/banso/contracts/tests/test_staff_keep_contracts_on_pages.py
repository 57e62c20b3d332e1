"""Managers add and change contracts, keep notices and set rates; others may not."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from banso.accounts.testing import an_account
from banso.contracts import queries
from banso.contracts.testing import a_contract, a_line
from banso.people.testing import a_csm, a_manager

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_manager())
    return client


def sent(*lines: dict[str, Any], **said: Any) -> dict[str, Any]:
    usual = {
        "external_id": "acme-1",
        "name": "基本契約",
        "currency": "JPY",
        "starts_on": "2026-04-01",
        "renews_on": "2027-04-01",
        "is_auto_renewing": "on",
        "notice_count": "２０",
        "notice_unit": "business_days",
        "notice_roll": "none",
        "lines-TOTAL_FORMS": str(len(lines)),
        "lines-INITIAL_FORMS": "0",
    }
    for place, line in enumerate(lines):
        told = {"kind": "plan", "term": "12", "term_unit": "months"} | line
        usual |= {f"lines-{place}-{name}": value for name, value in told.items()}
    return usual | said


def test_a_contract_is_added_with_amounts_as_people_type_them(manager: Client) -> None:
    account = an_account()
    address = reverse("contracts:add", args=[account])
    assert manager.get(address).status_code == 200
    lines = [
        {"name": "プラン", "amount": "１２０万円"},
        {"kind": "metered", "name": "API", "limit": "1,000", "meter": "api_called", "counting": "count", "term": ""},
        {},
    ]
    answer = manager.post(address, sent(*lines, next="/there/"))
    assert (answer.status_code, answer["Location"]) == (302, "/there/")
    (row,) = queries.contracts_of([account], TODAY)
    assert row.mrr_minor == 100_000
    assert row.notice_count == 20
    assert [(line.external_id, line.limit) for line in row.lines] == [("line-1", None), ("line-2", 1000)]
    assert [(line.meter, line.counting, line.period) for line in row.lines] == [
        ("", "", ""),
        ("api_called", "count", ""),
    ]


def test_what_is_wrong_is_said_where_it_is(manager: Client) -> None:
    account = an_account()
    address = reverse("contracts:add", args=[account])
    line = {"name": "x", "amount": "a lot", "term": ""}
    answer = manager.post(address, sent(line))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "This is no amount" in text
    assert "how long one term is" in text
    answer = manager.post(address, sent({"name": "x", "amount": "12"}, currency="USD"))
    assert answer.status_code == 422
    assert "There is no exchange rate for USD" in answer.content.decode()
    assert manager.post(address, sent(currency="yen", notice_count="1.5")).status_code == 422
    assert manager.post(address, sent(notice_count="many")).status_code == 422
    assert queries.contracts_of([account], TODAY) == []


def test_an_id_that_is_taken_is_not_taken_over(manager: Client) -> None:
    account = an_account()
    a_contract(external_id="acme-1", name="先の契約")
    answer = manager.post(reverse("contracts:add", args=[account]), sent())
    assert answer.status_code == 422
    assert queries.contracts_of([account], TODAY)[0].name == "先の契約"


def test_a_contract_is_changed_and_a_line_removed(manager: Client) -> None:
    account = an_account()
    contract = a_contract(lines=[a_line(), a_line("seats", kind="seats", quantity=5, term_months=None, term_days=30)])
    address = reverse("contracts:edit", args=[contract])
    page = manager.get(address).content.decode()
    assert "10,000" in page
    lines = [
        {"external_id": "plan", "name": "スタンダード", "amount": "15,000", "term": "1"},
        {"external_id": "seats", "kind": "seats", "name": "席", "amount": "1", "is_gone": "on"},
    ]
    assert manager.post(address, sent(*lines, **{"lines-INITIAL_FORMS": "2"})).status_code == 302
    (row,) = queries.contracts_of([account], TODAY)
    assert (row.external_id, row.mrr_minor, len(row.lines)) == ("acme-k1", 15_000, 1)


def test_a_contract_without_a_line_is_sent_back_unless_it_is_a_trial(manager: Client) -> None:
    account = an_account()
    address = reverse("contracts:add", args=[account])
    answer = manager.post(address, sent({}))
    assert answer.status_code == 422
    assert "Without a line, the contract counts no revenue." in answer.content.decode()
    assert queries.contracts_of([account], TODAY) == []
    assert manager.post(address, sent({}, is_trial="on")).status_code == 302
    contract = a_contract(external_id="kept")
    last = {"external_id": "plan", "name": "スタンダード", "amount": "1", "is_gone": "on"}
    edit = reverse("contracts:edit", args=[contract])
    assert manager.post(edit, sent(last, **{"lines-INITIAL_FORMS": "1"})).status_code == 422
    kept = next(row for row in queries.contracts_of([account], TODAY) if row.external_id == "kept")
    assert len(kept.lines) == 1


def test_one_that_came_in_without_lines_says_so_and_its_dates_can_be_corrected(manager: Client) -> None:
    account = an_account()
    edit = reverse("contracts:edit", args=[a_contract(lines=[])])
    assert "This contract has no lines" in manager.get(edit).content.decode()
    assert manager.post(edit, sent({}, starts_on="2026-05-01")).status_code == 302
    assert queries.contracts_of([account], TODAY)[0].starts_on == date(2026, 5, 1)


def test_seats_without_a_name_and_an_amount_are_a_line(manager: Client) -> None:
    account = an_account()
    manager.post(reverse("contracts:add", args=[account]), sent({"kind": "seats", "quantity": "5"}))
    assert queries.contracts_of([account], TODAY)[0].seats == 5


def test_a_notice_is_kept_and_taken_back(manager: Client) -> None:
    account = an_account()
    contract = a_contract(renews_on=date(2027, 4, 1))
    cancel, keep = (reverse(f"contracts:{name}", args=[contract]) for name in ("cancel", "keep"))
    manager.post(cancel, {"on": "someday"})
    assert queries.contracts_of([account], TODAY)[0].cancelled_on is None
    manager.post(cancel, {"on": "2027-05-01"})
    assert queries.contracts_of([account], TODAY)[0].cancelled_on is None
    manager.post(cancel, {"on": "2026-11-20"})
    assert queries.contracts_of([account], TODAY)[0].state == "cancelled"
    assert "Take the notice back" in manager.get(reverse("contracts:edit", args=[contract])).content.decode()
    manager.post(keep)
    assert queries.contracts_of([account], TODAY)[0].state == "running"


def test_a_rate_is_given_for_whole_units(manager: Client) -> None:
    address = reverse("contracts:rates")
    answer = manager.post(address, {"currency": "USD", "on": "2026-01-01", "rate": "150"}, follow=True)
    assert "150" in answer.content.decode()
    assert queries.rate_rows()[0].rate == "1.5"
    assert manager.post(address, {"currency": "JPY", "on": "2026-01-01", "rate": "1"}).status_code == 422
    assert manager.post(address, {"currency": "x", "on": "", "rate": ""}).status_code == 422


def test_a_csm_changes_no_contract_and_nobody_one_that_is_not_there(client: Client, manager: Client) -> None:
    account = an_account()
    assert manager.get(reverse("contracts:add", args=[account + 1])).status_code == 404
    assert manager.get(reverse("contracts:edit", args=[1])).status_code == 404
    client.force_login(a_csm())
    assert client.get(reverse("contracts:add", args=[account])).status_code == 403
    assert client.get(reverse("contracts:rates")).status_code == 403
