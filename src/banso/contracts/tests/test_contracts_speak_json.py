"""Contracts over the API: listed, read, saved one by one and in batches."""

from datetime import date
from typing import Any

import pytest

from banso.accounts.testing import an_account
from banso.api.testing import an_api_client
from banso.contracts.testing import a_contract, a_line

pytestmark = pytest.mark.django_db


def a_body(**said: Any) -> dict[str, Any]:
    line = {"external_id": "seats", "kind": "seats", "amount_minor": 120_000, "term_months": 12, "quantity": 10}
    usual = {"account_external_id": "acme", "starts_on": "2026-04-01", "renews_on": "2099-04-01", "lines": [line]}
    return {**usual, **said}


def test_a_contract_is_added_changed_and_read() -> None:
    an_account()
    caller = an_api_client("write")
    made = caller.put("contracts/k1", a_body())
    assert (made.status_code, made.json()["mrr_minor"], made.json()["seats"]) == (201, 10_000, 10)
    changed = caller.put("contracts/k1", {"notice_count": 20, "notice_unit": "business_days"})
    assert changed.status_code == 200
    assert changed.json()["lines"][0]["amount_minor"] == 120_000
    read = caller.get("contracts/k1").json()
    assert read == changed.json()
    assert read["account_external_id"] == "acme"
    assert read["notice_by_on"] < "2099-04-01"


def test_a_bad_contract_is_refused_by_field() -> None:
    an_account()
    caller = an_api_client("write")
    line = {"external_id": "seats", "kind": "seats", "amount_minor": 1}
    answer = caller.put("contracts/k1", a_body(lines=[line], account_external_id="nobody"))
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/account_external_id",
        "/lines/0/term_months",
    }


def test_a_batch_judges_each_contract_by_itself() -> None:
    an_account()
    caller = an_api_client("write")
    items = [
        {"external_id": "a", **a_body()},
        {"external_id": "b", **a_body(currency="USD")},
        {"external_id": "c", "starts_on": "2026-04-01"},
    ]
    answer = caller.post("contracts/batch", {"items": items})
    assert answer.status_code == 207
    assert caller.get("contracts/a").status_code == 200
    assert caller.get("contracts/b").status_code == 404


def test_contracts_are_listed_newest_first_by_account() -> None:
    an_account()
    an_account("beta", name="ベータ")
    a_contract()
    a_contract(external_id="new", starts_on=date(2026, 8, 1), renews_on=date(2026, 12, 1), lines=[a_line()])
    a_contract("beta")
    caller = an_api_client()
    listed = caller.get("contracts", account="acme").json()["items"]
    assert [one["external_id"] for one in listed] == ["new", "acme-k1"]
    due = caller.get("contracts", renews_from="2026-11-01", renews_until="2026-12-31").json()["items"]
    assert [one["external_id"] for one in due] == ["new"]


def test_a_reader_changes_nothing() -> None:
    an_account()
    assert an_api_client("read").put("contracts/k1", a_body()).status_code == 403


def test_a_rate_opens_its_currency() -> None:
    an_account()
    caller = an_api_client("write")
    assert caller.put("rates/USD/2026-01-01", {"rate": "1.5"}).json() == {
        "currency": "USD",
        "on": "2026-01-01",
        "rate": "1.5",
    }
    assert caller.put("rates/JPY/2026-01-01", {"rate": "1.5"}).status_code == 422
    assert [one["currency"] for one in caller.get("rates").json()] == ["USD"]
    assert caller.put("contracts/k1", a_body(currency="USD")).status_code == 201
