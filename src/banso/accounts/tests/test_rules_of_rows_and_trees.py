from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.accounts.actions.refusals import _SENTENCES, sentence
from banso.accounts.rules import (
    DEEPEST,
    UNSET,
    AccountInput,
    Fault,
    FieldSpec,
    Known,
    PersonInput,
    check_account,
    check_person,
    field_value,
    is_set,
    tree_faults,
)

NAMES = st.sampled_from("abcdefgh")


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        ("text", "  a\n b ", "a b"),
        ("number", "１，２００", 1200),
        ("number", Decimal("1.5"), 1.5),
        ("number", 3, 3),
        ("date", "R8.4.1", "2026-04-01"),
        ("date", date(2026, 4, 1), "2026-04-01"),
        ("date", datetime(2026, 4, 1, 9, tzinfo=UTC), "2026-04-01"),
        ("boolean", "はい", True),
        ("boolean", "No", False),
        ("boolean", True, True),
        ("choice", "ａ", "A"),
        ("number", "", None),
        ("date", None, None),
    ],
)
def test_a_value_of_a_custom_field_is_kept_by_its_kind(kind: str, raw: object, kept: object) -> None:
    assert field_value(FieldSpec("f", "F", kind, ("A", "B")), raw) == kept


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("text", "x" * 2001, "text_too_long"),
        ("number", "many", "field_not_number"),
        ("number", True, "field_not_number"),
        ("number", "1e20", "field_not_number"),
        ("number", Decimal("NaN"), "field_not_number"),
        ("date", "soon", "field_not_date"),
        ("boolean", "perhaps", "field_not_boolean"),
        ("choice", "C", "field_not_choice"),
    ],
)
def test_a_value_that_does_not_fit_is_named(kind: str, raw: object, code: str) -> None:
    known = Known(fields={"f": FieldSpec("f", "F", kind, ("A", "B"))})
    checked = check_account(AccountInput("x", fields={"f": raw}), known, is_new=False)
    assert [(name, found) for name, found, _ in checked.faults] == [("fields.f", code)]
    assert "F" in sentence(Fault(0, "x", *checked.faults[0]))


def test_people_are_checked() -> None:
    row = PersonInput("acme", "", email="a@b", role="king", title="x" * 201)
    checked = check_person(row, is_new=True)
    assert [(name, code) for name, code, _ in checked.faults] == [
        ("external_id", "missing"),
        ("name", "missing"),
        ("email", "email_malformed"),
        ("title", "too_long"),
        ("role", "not_allowed"),
    ]
    assert check_person(PersonInput("acme", "x", role=""), is_new=False).values["role"] == "user"
    assert not check_person(PersonInput("acme", "x", email="名@例え.jp"), is_new=False).faults


def test_every_refusal_has_a_sentence() -> None:
    facts = dict.fromkeys(("limit", "label", "value", "allowed", "first", "choices", "low", "high"), "x")
    for code in _SENTENCES:
        assert "%(" not in sentence(Fault(0, "x", "name", code, facts))


def test_what_is_not_given_is_known_as_such() -> None:
    assert repr(UNSET) == "UNSET"
    assert not is_set(AccountInput("x").name)
    assert is_set(AccountInput("x", segment=None).segment)


def test_a_tree_that_is_too_deep_is_refused_where_it_was_made_deeper() -> None:
    chain: dict[str, str | None] = {"0": None}
    chain |= {str(n): str(n - 1) for n in range(1, DEEPEST)}
    assert tree_faults({}, chain) == {}
    assert tree_faults(chain, {"below": str(DEEPEST - 1)}) == {"below": "parent_too_deep"}
    assert tree_faults({**chain, "new top": None}, {"0": "new top"}) == {"0": "parent_too_deep"}


@given(st.dictionaries(NAMES, st.none() | NAMES), st.dictionaries(NAMES, st.none() | NAMES | st.just("unknown")))
def test_what_is_not_refused_is_a_tree(before: dict[str, str | None], wanted: dict[str, str | None]) -> None:
    standing: dict[str, str | None] = {}
    for name, parent in before.items():
        if parent is None or parent in standing:
            standing.setdefault(name, parent)
    faults = tree_faults(standing, wanted)
    assert set(faults) <= set(wanted)
    tree = {**standing, **{name: parent for name, parent in wanted.items() if name not in faults}}
    for name in tree:
        at: str | None = name
        for _ in range(DEEPEST):
            at = tree[at] if at is not None else None
        assert at is None
