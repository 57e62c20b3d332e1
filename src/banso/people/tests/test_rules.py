"""Roles grow from reading to governing; differences are found field by field."""

from hypothesis import given
from hypothesis import strategies as st

from banso.people.access import SCOPES
from banso.people.rules import PERMISSIONS, ROLES, SEND_EVENTS, differences, is_day_of_year, may


def test_each_role_may_all_that_the_one_below_may() -> None:
    assert ROLES["read_only"] < ROLES["csm"] < ROLES["manager"] < ROLES["admin"]


def test_every_permission_is_listed_and_administrators_have_all() -> None:
    assert ROLES["admin"] == set(PERMISSIONS)
    assert len(PERMISSIONS) == len(set(PERMISSIONS))
    assert all(scope <= ROLES["admin"] | {SEND_EVENTS} for scope in SCOPES.values())


@given(st.text(), st.sampled_from(PERMISSIONS))
def test_an_unknown_role_may_nothing(role: str, permission: str) -> None:
    assert may(role, permission) is (permission in ROLES.get(role, ()))


def test_days_of_the_year_are_those_that_some_year_has() -> None:
    assert is_day_of_year("02-29")
    assert not any(is_day_of_year(text) for text in ("02-30", "13-01", "00-10", "1-1", "12-29-", "2026-12-29", "04-31"))


@given(st.dictionaries(st.text(max_size=3), st.integers()), st.dictionaries(st.text(max_size=3), st.integers()))
def test_differences_applied_to_what_was_give_what_is(before: dict[str, int], after: dict[str, int]) -> None:
    found = differences(before, after)
    assert {**before, **{name: new for name, (_, new) in found.items()}} == {**before, **after}
    assert differences(after, after) == {}
