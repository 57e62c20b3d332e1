"""A measure's course over the weeks: over the accounts that one sees, as it happened or as it was known then."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.api.testing import an_api_client
from banso.health import actions, queries
from banso.health.rules import Count, Words
from banso.people import queries as people
from banso.people.access import SYSTEM
from banso.people.testing import a_manager
from banso.usage.testing import events, recorded

pytestmark = pytest.mark.django_db

EVENTS = Count(key="events", label=Words("利用回数", "Events"), kind="events", window_days=14)
MONDAY = date(2026, 11, 23)
WEEK = timedelta(days=7)


def _used(account: str, day: date, *, received: date | None = None, times: int = 1) -> None:
    at = datetime.combine(day, time(3), UTC)
    came = datetime.combine(received, time(3), UTC) if received else at
    rows = [
        ((at + timedelta(minutes=nr)).replace(tzinfo=None).isoformat(), account, "taro", "a") for nr in range(times)
    ]
    recorded(events(*rows).with_columns(received_at=came))


def _three_accounts() -> None:
    """Alpha and beta were there three weeks ago, gamma since last week; what beta did then came in last week."""
    for name in ("alpha", "beta", "gamma"):
        an_account(name, name=name)
    _used("alpha", MONDAY - 2 * WEEK - timedelta(days=1), times=3)
    _used("beta", MONDAY - 2 * WEEK - timedelta(days=1), received=MONDAY - timedelta(days=3))
    _used("gamma", MONDAY - timedelta(days=1), times=5)


def _everybody() -> QuerySet[Any]:
    return accounts.visible_to(accounts.EVERYTHING)


def test_the_spread_of_every_week_is_over_the_accounts_that_were_there() -> None:
    _three_accounts()
    rows = queries.course(EVENTS, until=MONDAY, visible=_everybody(), weeks=4)
    assert [(row.week, row.known, row.low, row.middle, row.high) for row in rows] == [
        (MONDAY - 3 * WEEK, 0, None, None, None),
        (MONDAY - 2 * WEEK, 2, 1, 1, 1),
        (MONDAY - WEEK, 2, 1, 1, 1),
        (MONDAY, 3, 0, 0, 0),
    ]


def test_what_came_in_late_is_not_in_what_was_known_then() -> None:
    _three_accounts()
    rows = queries.course(EVENTS, until=MONDAY, visible=_everybody(), weeks=4, known="received")
    assert [(row.known, row.middle) for row in rows] == [(0, None), (1, 3), (1, 3), (3, 0)]


def test_an_account_that_left_counts_until_it_left() -> None:
    _three_accounts()
    [pk] = accounts.by_external_ids(["alpha"]).values()
    accounts.visible_to(accounts.EVERYTHING).filter(pk=pk).update(left_on=MONDAY - WEEK)
    rows = queries.course(EVENTS, until=MONDAY, visible=_everybody(), weeks=3)
    assert [row.known for row in rows] == [2, 1, 2]


def test_one_account_is_followed_by_itself() -> None:
    _three_accounts()
    [pk] = accounts.by_external_ids(["beta"]).values()
    event = queries.course_of(EVENTS, pk, until=MONDAY + timedelta(days=2), weeks=4)
    received = queries.course_of(EVENTS, pk, until=MONDAY + timedelta(days=2), weeks=4, known="received")
    assert [row.value for row in event] == [None, 1, 1, 0]
    assert [row.value for row in received] == [None, None, None, 0]


def test_the_page_of_a_measure_draws_both() -> None:
    today = people.today(people.company(), timezone.now())
    an_account("acme", name="acme")
    actions.define(EVENTS, by=SYSTEM, now=timezone.now())
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_manager())
    page = reverse("measures:measure", args=["events"])
    assert "No account has a value in these weeks." in client.get(page).text

    _used("acme", today - timedelta(days=30), received=today + timedelta(days=1))

    happened, known = client.get(page).text, client.get(page, {"known": "received"}).text
    assert "also what came in later" in happened
    assert "Value by week" in happened
    assert "only what had come in by its Monday" in known
    assert "No account has a value in these weeks." in known


def test_programs_ask_for_either_time() -> None:
    today = people.today(people.company(), timezone.now())
    an_account("acme", name="acme")
    actions.define(EVENTS, by=SYSTEM, now=timezone.now())
    monday = today - timedelta(days=today.weekday())
    _used("acme", monday - timedelta(days=10), received=monday - timedelta(days=2))
    caller = an_api_client()

    told = caller.get("measures/events/weeks", weeks=2).json()
    assert told == {
        "key": "events",
        "known": "event",
        "items": [
            {"week": (monday - WEEK).isoformat(), "known": 1, "low": 1, "middle": 1, "high": 1},
            {"week": monday.isoformat(), "known": 1, "low": 1, "middle": 1, "high": 1},
        ],
    }
    own = caller.get("accounts/acme/measures/events/weeks", weeks=2, known="received").json()
    assert [one["value"] for one in own["items"]] == [None, 1]
    assert caller.get("measures/nothing/weeks").status_code == 404
    assert caller.get("measures/events/weeks", known="guessed").status_code == 422
