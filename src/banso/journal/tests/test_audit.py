"""The audit shows what anybody did: to accounts, and to users, keys and settings."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from banso.journal import queries
from banso.journal.queries import Sought
from banso.journal.testing import an_entry
from banso.people.testing import A_MOMENT, a_csm, a_key, a_team

pytestmark = pytest.mark.django_db


def _verbs(sought: Sought) -> list[str]:
    return [row.verb for row in queries.audit(sought).rows]


def test_both_sides_are_one_list_newest_first() -> None:
    an_entry("account.added", account_id=7, at=A_MOMENT - timedelta(hours=1))
    a_csm()
    an_entry("health.changed", account_id=7, at=A_MOMENT + timedelta(hours=1), details={"from": "good"})
    assert _verbs(Sought()) == ["health.changed", "user.added", "account.added"]
    newest = queries.audit(Sought()).rows[0]
    assert (newest.account_id, newest.details) == (7, {"from": "good"})
    assert list(queries.audit_rows(Sought())) == queries.audit(Sought()).rows


def test_what_is_sought_narrows_both_sides() -> None:
    a_csm()
    a_key()
    an_entry("account.added", account_id=7)
    an_entry("account.changed", account_id=8, at=A_MOMENT + timedelta(days=1))
    assert _verbs(Sought(verb="user.added")) == ["user.added"]
    assert sorted(_verbs(Sought(verb="account."))) == ["account.added", "account.changed"]
    assert _verbs(Sought(account_id=8)) == ["account.changed"]
    assert _verbs(Sought(since=A_MOMENT + timedelta(hours=1))) == ["account.changed"]
    assert sorted(_verbs(Sought(until=A_MOMENT + timedelta(hours=1)))) == ["account.added", "key.made", "user.added"]
    assert _verbs(Sought(who="nobody")) == []
    assert len(_verbs(Sought(who="A TEST"))) == 4
    assert queries.verbs() == ["account.added", "account.changed", "key.made", "user.added"]


def test_pages_together_are_the_list(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(5):
        a_team(f"{number}")
        an_entry()
    with django_assert_num_queries(3):
        whole = queries.audit(Sought())
    parts = [queries.audit(Sought(), offset=offset, limit=4) for offset in (0, 4, 8)]
    assert [row for part in parts for row in part.rows] == whole.rows
    assert {part.total for part in parts} == {whole.total} == {10}
