"""What an address asks of custom fields: by the kind of each, and what makes no sense is named, never guessed."""

import pytest

from banso.accounts.actions.refusals import sentence
from banso.accounts.rules import FieldSpec, gone_fields, read_conditions

FIELDS = {
    "plan": FieldSpec("plan", "プラン", "choice", ("Bronze", "Silver", "Gold")),
    "seats": FieldSpec("seats", "契約席数", "number"),
    "kickoff_on": FieldSpec("kickoff_on", "開始日", "date"),
    "is_partner": FieldSpec("is_partner", "パートナー", "boolean"),
    "memo": FieldSpec("memo", "備考", "text"),
}


@pytest.mark.parametrize(
    ("name", "said", "way", "value"),
    [
        ("field.plan", "gold", "is", "Gold"),
        ("field.seats", "1,200", "is", 1200),
        ("field.seats.from", "１０", "from", 10),
        ("field.seats.to", "△2.5", "to", -2.5),
        ("field.kickoff_on.from", "2026/4/1", "from", "2026-04-01"),
        ("field.kickoff_on", "令和8年4月1日", "is", "2026-04-01"),
        ("field.is_partner", "yes", "is", True),
        ("field.is_partner", "いいえ", "is", False),
        ("field.memo", " 東京 ", "contains", "東京"),
    ],
)
def test_a_condition_is_read_by_the_kind_of_its_field(name: str, said: str, way: str, value: object) -> None:
    (found,), faults = read_conditions([(name, said)], FIELDS)
    assert (found.way, found.value, found.name, found.said) == (way, value, name, said)
    assert not faults


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("field.gone", "1", "field_gone"),
        ("field.gone.from", "1", "field_gone"),
        ("field.plan", "Platinum", "field_not_choice"),
        ("field.plan.from", "Gold", "no_such_way"),
        ("field.seats.between", "1", "no_such_way"),
        ("field.seats.from", "many", "field_not_number"),
        ("field.kickoff_on.to", "2026-02-30", "field_not_date"),
        ("field.is_partner", "perhaps", "field_not_boolean"),
        ("field.memo", "x" * 2001, "text_too_long"),
    ],
)
def test_what_makes_no_sense_is_left_out_and_named(name: str, said: str, code: str) -> None:
    found, (fault,) = read_conditions([(name, said), ("field.seats", "3")], FIELDS)
    assert [one.value for one in found] == [3]
    assert (fault.name, fault.code) == (name, code)
    assert sentence(fault)


def test_what_is_empty_or_of_something_else_is_no_condition() -> None:
    assert read_conditions([("field.seats", " "), ("q", "field.seats"), ("sort", "-field.plan")], FIELDS) == ([], [])


@pytest.mark.parametrize(("low", "high"), [("2", "10"), ("10", "10")])
def test_a_range_holds_both_ends(low: str, high: str) -> None:
    found, faults = read_conditions([("field.seats.from", low), ("field.seats.to", high)], FIELDS)
    assert [one.way for one in found] == ["from", "to"]
    assert not faults


def test_a_range_that_ends_before_it_begins_is_left_out_whole() -> None:
    asked = [("field.seats.from", "10"), ("field.seats.to", "9"), ("field.seats", "5"), ("field.plan", "Gold")]
    found, (fault,) = read_conditions(asked, FIELDS)
    assert [(one.field.key, one.way) for one in found] == [("seats", "is"), ("plan", "is")]
    assert (fault.code, fault.params) == ("range_turned", {"label": "契約席数", "low": "10", "high": "9"})


def test_columns_and_orders_of_deleted_fields_are_named_once() -> None:
    faults = gone_fields(["field.gone", "mrr", "field.plan", "field.gone"], FIELDS)
    assert [(one.name, one.code) for one in faults] == [("field.gone", "field_gone")]
