"""A score follows what came in since, without waiting for the night."""

import pytest

from banso.health import jobs, queries
from banso.health.testing import A_MOMENT, a_steady_account, computed
from banso.operations import testing as operations
from banso.people.testing import AN_ACTOR
from banso.usage import actions as usage
from banso.usage.testing import events, recorded

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
