"""The journal is read by account, newest first, and by its followers, oldest first."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from banso.journal import actions, queries
from banso.journal.testing import an_entry, written
from banso.people.testing import A_MOMENT, AN_ACTOR

pytestmark = pytest.mark.django_db


def test_a_timeline_goes_on_where_it_stopped() -> None:
    for hour in (0, 1, 1, 2):
        an_entry(f"account.hour{hour}", account_id=1, at=A_MOMENT + timedelta(hours=hour))
    an_entry(account_id=2)
    first = queries.timeline([1], limit=2)
    rest = queries.timeline([1], before=(first[-1].at, first[-1].id))
    assert [row.verb for row in first + rest] == ["account.hour2", "account.hour1", "account.hour1", "account.hour0"]
    assert len({row.id for row in first + rest}) == 4


def test_a_follower_reads_what_is_new_of_the_kinds_it_follows() -> None:
    an_entry("health.changed")
    an_entry("account.added")
    seen = queries.since(0)[0].id
    assert [row.verb for row in queries.since(seen)] == ["account.added"]
    assert [row.verb for row in written("health.changed")] == ["health.changed"]
    assert queries.since(seen, limit=0) == []


def test_many_entries_take_one_statement_a_thousand(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    news = [actions.News("account.added", account_id=number, subject_label="長" * 400) for number in range(1500)]
    with django_assert_num_queries(2):
        actions.write_many(news, by=AN_ACTOR, now=A_MOMENT)
    assert len(written()[0].subject_label) == 300
