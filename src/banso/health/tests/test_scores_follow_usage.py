"""A score follows what came in since, without waiting for the night."""

from datetime import date

import pytest

from banso.accounts.testing import an_account
from banso.health import jobs, queries
from banso.health.testing import A_MOMENT, a_scorecard, a_steady_account, computed
from banso.operations import testing as operations
from banso.people.testing import AN_ACTOR
from banso.usage import actions as usage
from banso.usage.testing import events, recorded, used

pytestmark = pytest.mark.django_db


def test_scores_are_refreshed_once_usage_was_counted_anew() -> None:
    assert not queries.needs_refreshing()
    a_steady_account()
    computed()
    assert not queries.needs_refreshing()
    recorded(events(("2026-04-01T03:00:00", "steady", "newcomer", "board")), now=A_MOMENT.replace(year=2090))
    assert queries.needs_refreshing()
    assert operations.run(jobs.refresh_health)["accounts"] == 1


def test_while_more_usage_waits_to_be_counted_scores_wait_too() -> None:
    a_steady_account()
    computed()
    later = A_MOMENT.replace(year=2090)
    recorded(events(("2026-04-01T03:00:00", "steady", "newcomer", "board")), now=later)
    usage.record(
        events(("2026-04-02T03:00:00", "steady", "newcomer", "board")),
        source="test",
        by=AN_ACTOR,
        now=later,
        ids="content",
    )
    assert not queries.needs_refreshing()


def test_a_company_whose_first_use_lies_in_this_week_has_scores_of_today_and_no_past() -> None:
    account = an_account("new", name="株式会社はじめて")
    used("new", ["2026-11-23"], people=("hanako",), name="report.opened")
    a_scorecard()
    computed()
    assert queries.standings([account])[account].last_used_on == date(2026, 11, 23)
    assert queries.history(account) == []
