"""Custom fields as the database sees them: each by its type, on SQLite and PostgreSQL alike."""

from collections.abc import Iterable

import pytest

from banso.accounts import actions, queries
from banso.accounts.models import Account, CustomField
from banso.accounts.testing import A_MOMENT, a_field, an_account
from banso.api.testing import an_api_client
from banso.people.testing import AN_ACTOR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def five_accounts() -> None:
    a_field("seats", "number")
    a_field("plan", "choice", label="プラン", choices=["Bronze", "Silver", "Gold"])
    a_field("kickoff_on", "date", label="開始日")
    a_field("is_partner", "boolean", label="パートナー")
    a_field("memo", "text", label="備考")
    rows: dict[str, dict[str, object]] = {
        "a": {"seats": 9, "plan": "Gold", "kickoff_on": "2026-04-01", "is_partner": True, "memo": "Tokyo 東京"},
        "b": {"seats": "10", "plan": "Bronze", "kickoff_on": "2025-12-31", "is_partner": False, "memo": "apple"},
        "c": {"seats": -2.5, "plan": "Silver", "kickoff_on": "2026-10-09", "memo": "Banana"},
        "d": {"seats": 1200, "plan": "Bronze", "is_partner": True, "memo": "100%_done"},
        "e": {},
    }
    for name, values in rows.items():
        an_account(name, name=name, fields=values)


def found(*asked: tuple[str, str]) -> list[str]:
    conditions, faults = queries.read_conditions(asked, {row.key: row.spec for row in queries.custom_fields()})
    assert not faults
    return names(queries.meeting(Account.objects.all(), conditions).order_by("external_id"))


def in_order(key: str, *, is_descending: bool = False) -> list[str]:
    order = queries.field_order(next(row.spec for row in queries.custom_fields() if row.key == key))
    by = order.desc(nulls_last=True) if is_descending else order.asc(nulls_last=True)
    return names(Account.objects.order_by(by, "pk"))


def names(accounts: Iterable[Account]) -> list[str]:
    return [one.external_id for one in accounts]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([("field.plan", "Bronze")], ["b", "d"]),
        ([("field.plan", "Bronze"), ("field.plan", "Gold")], ["a", "b", "d"]),
        ([("field.plan", "Bronze"), ("field.is_partner", "yes")], ["d"]),
        ([("field.is_partner", "no")], ["b"]),
        ([("field.seats.from", "9")], ["a", "b", "d"]),
        ([("field.seats.from", "9"), ("field.seats.to", "10")], ["a", "b"]),
        ([("field.seats.to", "0")], ["c"]),
        ([("field.seats", "-2.5")], ["c"]),
        ([("field.kickoff_on.from", "2026-01-01")], ["a", "c"]),
        ([("field.kickoff_on.to", "2026-04-01")], ["a", "b"]),
        ([("field.memo", "tokyo")], ["a"]),
        ([("field.memo", "東")], ["a"]),
        ([("field.memo", "%")], ["d"]),
        ([("field.memo", "an"), ("field.memo", "b")], ["c"]),
    ],
)
def test_accounts_are_found_by_their_values(asked: list[tuple[str, str]], expected: list[str]) -> None:
    assert found(*asked) == expected


@pytest.mark.parametrize(
    ("key", "ascending", "descending"),
    [
        ("seats", ["c", "a", "b", "d", "e"], ["d", "b", "a", "c", "e"]),
        ("plan", ["b", "d", "c", "a", "e"], ["a", "c", "b", "d", "e"]),
        ("kickoff_on", ["b", "a", "c", "d", "e"], ["c", "a", "b", "d", "e"]),
        ("is_partner", ["b", "a", "d", "c", "e"], ["a", "d", "b", "c", "e"]),
        ("memo", ["d", "b", "c", "a", "e"], ["a", "c", "b", "d", "e"]),
    ],
)
def test_accounts_sort_by_the_type_of_the_field_and_the_empty_come_last(
    key: str, ascending: list[str], descending: list[str]
) -> None:
    assert in_order(key) == ascending
    assert in_order(key, is_descending=True) == descending


def test_values_of_another_kind_count_as_none() -> None:
    """A deleted field leaves its values, and the key may come back with another kind."""
    Account.objects.filter(external_id="e").update(
        fields={"seats": "many", "kickoff_on": "soon", "is_partner": "yes", "plan": 7, "memo": True}
    )
    assert found(("field.seats.from", "-999")) == ["a", "b", "c", "d"]
    assert found(("field.kickoff_on.to", "9999-12-31")) == ["a", "b", "c"]
    assert found(("field.is_partner", "yes")) == ["a", "d"]
    assert found(("field.memo", "r")) == []
    for key in ("seats", "plan", "kickoff_on", "is_partner", "memo"):
        assert in_order(key)[-1] == "e"


def test_what_is_no_choice_any_more_comes_after_the_choices() -> None:
    field = CustomField.objects.get(key="plan")
    actions.change_field(field_id=field.pk, label="プラン", choices=["Silver", "Gold"], by=AN_ACTOR, now=A_MOMENT)
    assert in_order("plan") == ["c", "a", "b", "d", "e"]


def test_the_api_narrows_its_list_by_custom_fields() -> None:
    api = an_api_client()
    answer = api.get("accounts", **{"field.plan": ["Bronze", "Gold"], "field.seats.from": "10"})
    assert [one["external_id"] for one in answer.json()["items"]] == ["b", "d"]


def test_the_api_names_a_condition_that_it_cannot_use() -> None:
    answer = an_api_client().get("accounts", **{"field.seats.from": "many", "field.gone": "1"})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("field.seats.from", "field_not_number"),
        ("field.gone", "field_gone"),
    ]
