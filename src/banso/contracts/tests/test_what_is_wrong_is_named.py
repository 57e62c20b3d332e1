"""Every flaw of a contract has its field, its code and its sentence."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from banso.accounts.actions import Fault
from banso.contracts import actions
from banso.contracts.rules.terms import LineInput, flaws_of_contract, flaws_of_lines

DAY = date(2026, 4, 1)
GOOD = {"external_id": "k", "starts_on": DAY}


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"external_id": " "}, "external_id", "missing"),
        ({"name": "x" * 201}, "name", "too_long"),
        ({"currency": "yen"}, "currency", "unknown_currency"),
        ({"notice_unit": "weeks"}, "notice_unit", "not_allowed"),
        ({"notice_roll": "up"}, "notice_roll", "not_allowed"),
        ({"notice_count": -1}, "notice_count", "out_of_range"),
        ({"starts_on": None}, "starts_on", "missing"),
        ({"renews_on": date(2026, 3, 31)}, "renews_on", "before_start"),
        ({"renews_on": date(2127, 1, 1)}, "renews_on", "outside_calendar"),
        ({"renews_on": date(9999, 12, 31)}, "renews_on", "outside_calendar"),
        ({"starts_on": date(9999, 1, 1), "renews_on": date(9999, 12, 31)}, "renews_on", "outside_calendar"),
    ],
)
def test_a_flaw_of_a_contract_is_named(facts: dict[str, Any], field: str, code: str) -> None:
    (flaw,) = flaws_of_contract(GOOD | facts)
    assert (flaw.field, flaw.code) == (field, code)
    with translation.override("en"):
        assert actions.sentence(Fault(0, "k", flaw.field, flaw.code, flaw.params)).endswith(".")


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"external_id": ""}, "external_id", "missing"),
        ({"unit": "x" * 41}, "unit", "too_long"),
        ({"kind": "gift"}, "kind", "not_allowed"),
        ({"amount_minor": 10**16}, "amount_minor", "out_of_range"),
        ({"quantity": -1}, "quantity", "out_of_range"),
        ({"term_months": 0}, "term_months", "out_of_range"),
        ({"term_days": 30}, "term_months", "one_term"),
        ({"starts_on": DAY, "ends_on": date(2026, 3, 1)}, "ends_on", "before_start"),
    ],
)
def test_a_flaw_of_a_line_is_named(facts: dict[str, Any], field: str, code: str) -> None:
    usual: dict[str, Any] = {"external_id": "l", "term_months": 1}
    (flaw,) = flaws_of_lines([LineInput(**(usual | facts))])
    assert (flaw.field, flaw.code) == (f"lines[0].{field}", code)
    with translation.override("en"):
        assert actions.sentence(Fault(0, "k", flaw.field, flaw.code, flaw.params)).endswith(".")


def test_a_line_stands_once_in_its_contract() -> None:
    line = LineInput("l", term_months=1)
    assert [(flaw.field, flaw.code) for flaw in flaws_of_lines([line, line])] == [("lines[1].external_id", "repeated")]


def test_what_is_well_has_no_flaw() -> None:
    assert list(flaws_of_contract(GOOD | {"ends_on": None, "renews_on": DAY, "renewal_months": 12})) == []
    assert list(flaws_of_lines([LineInput("l", kind="one_off"), LineInput("m", term_days=30)])) == []
