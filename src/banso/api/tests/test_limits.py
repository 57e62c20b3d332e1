"""Each key may call so often a minute; what is left is said with every answer."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from banso.api import actions
from banso.api.testing import an_api_client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("banso.api.tests.tiny")]

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


def test_every_answer_says_what_is_left() -> None:
    answer = an_api_client().get("users")
    assert answer.headers["RateLimit-Limit"] == "3000"
    assert answer.headers["RateLimit-Remaining"] == "2999"
    assert 1 <= int(answer.headers["RateLimit-Reset"]) <= 60


def test_a_call_beyond_the_limit_waits_and_other_keys_do_not(settings: Settings) -> None:
    settings.API_RATE = 2
    caller = an_api_client()
    # Three calls fall into two minutes at most, so one of four is refused.
    answers = [caller.get("users") for _ in range(5)]
    refused = answers[-1]
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert refused.json()["code"] == "too-many-requests"
    assert an_api_client().get("users").status_code == 200


def test_counting_begins_anew_each_minute() -> None:
    counts = [actions.count_call(key_id=1, limit=2, now=NOON + timedelta(seconds=s)) for s in (0, 59, 59.9, 60)]
    assert [(one.used, one.remaining, one.is_spent) for one in counts] == [
        (1, 1, False),
        (2, 0, False),
        (3, 0, True),
        (1, 1, False),
    ]
    assert [one.resets_in for one in counts] == [60, 1, 1, 60]
