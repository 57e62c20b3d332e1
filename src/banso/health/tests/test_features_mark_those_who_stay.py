"""Features that were taken up early are asked what they say of staying beyond the first year."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from banso.accounts.testing import an_account
from banso.api.testing import an_api_client
from banso.contracts.testing import a_contract, a_line
from banso.health import actions, queries
from banso.health.jobs import mark_features
from banso.health.models import Marking
from banso.health.queries.marking import gathered
from banso.health.testing import A_MOMENT, A_TODAY
from banso.people.testing import a_reader
from banso.usage.testing import events, recorded

pytestmark = pytest.mark.django_db

START = date(2025, 5, 5)  # a Monday, 81 weeks before today


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def a_book(*, leaving: int = 16) -> None:
    """Add 60 customers who began together; of 30 with `report.shared` 27 stay, of the others all but `leaving`."""
    rows = []
    for n in range(60):
        name, has = f"c{n:02}", n < 30
        gone = n < 3 or 30 <= n < 30 + leaving
        left_on = START + timedelta(weeks=30) if gone else None
        an_account(name, name=f"株式会社{n}", customer_since_on=START, left_on=left_on)
        for week in range(13):
            rows += [
                (f"{START + timedelta(weeks=week, days=day)}T03:00:00", name, "taro", "report.opened")
                for day in range(1 + (n + week) % 4)
            ]
        if has:
            rows.append((f"{START + timedelta(weeks=5)}T04:00:00", name, "taro", "report.shared"))
        elif not gone:
            # Taken up by those who stayed long enough to: no merit of the feature.
            rows.append((f"{START + timedelta(weeks=40)}T04:00:00", name, "taro", "report.shared"))
            rows.append((f"{START + timedelta(weeks=40)}T05:00:00", name, "taro", "agent.asked"))
    recorded(events(*rows))


def test_a_feature_of_those_who_stay_is_a_candidate_with_its_figures() -> None:
    a_book()

    assert actions.mark(on=A_TODAY, now=A_MOMENT) == 1

    found = queries.marking()
    assert found is not None
    assert (found.accounts, found.losses, found.missing, found.too_new) == (60, 19, 0, 1)
    (row,) = found.rows
    assert (row.feature, row.users, row.verdict) == ("report.shared", 30, "candidate")
    assert row.kept_with == pytest.approx(27 / 30)
    assert row.kept_without == pytest.approx(14 / 30)
    assert row.low < row.difference < row.high
    assert row.difference == pytest.approx(13 / 30, abs=0.08)
    assert row.draw is not None


def test_what_was_found_takes_the_place_of_what_was_found_before() -> None:
    a_book()
    actions.mark(on=A_TODAY, now=A_MOMENT)
    actions.mark(on=A_TODAY, now=A_MOMENT)

    assert Marking.objects.count() == 1


def test_whoever_began_before_usage_and_whoever_is_in_the_first_year_is_left_out() -> None:
    a_book()
    an_account("before", customer_since_on=START - timedelta(days=1))
    an_account("recent", customer_since_on=A_TODAY - timedelta(weeks=20))
    an_account("unknown")
    actions.mark(on=A_TODAY, now=A_MOMENT)

    found = queries.marking()

    assert found is not None
    assert found.accounts == 60


def test_features_are_judged_beside_early_use_and_seats() -> None:
    a_book()
    a_contract("c00", starts_on=START, lines=[a_line(kind="seats", quantity=40)])

    found = gathered(A_TODAY)

    assert found is not None
    first, then, size = found.histories.adjust.T
    # c00 uses it 1, 2, 3, 4, 1, … times a week: 10 in the first four weeks, 21 in the nine after.
    assert first[0] == pytest.approx(0.94, abs=0.2)
    assert then[0] == pytest.approx(1.0, abs=0.3)
    assert size[0] == pytest.approx(3.69, abs=0.01)
    assert size[1] == size[0]


def test_too_few_losses_are_said(client: Client) -> None:
    a_book(leaving=5)
    assert actions.mark(on=A_TODAY, now=A_MOMENT) == 0
    client.force_login(a_reader())

    text = client.get(reverse("health:markers")).content.decode()

    found = queries.marking()
    assert found is not None
    assert (found.losses, found.missing) == (8, 7)
    assert "7 more are needed on the smaller side" in text


def test_without_usage_or_customers_nothing_is_judged(client: Client) -> None:
    assert mark_features.func() is None
    recorded(events(("2026-10-05T03:00:00", "one", "taro", "report.opened")))
    an_account("one", customer_since_on=date(2026, 1, 1))
    assert actions.mark(on=A_TODAY, now=A_MOMENT) is None
    client.force_login(a_reader())
    assert "Nothing was judged yet" in client.get(reverse("health:markers")).content.decode()


def test_the_page_and_the_api_say_the_same(client: Client) -> None:
    caller = an_api_client()
    assert caller.get("health/markers").json()["items"] == []
    a_book()
    actions.mark(on=A_TODAY, now=A_MOMENT)
    client.force_login(a_reader())

    text = client.get(reverse("health:markers")).content.decode()
    (row,) = caller.get("health/markers").json()["items"]

    assert "Candidate" in text
    assert "90%" in text
    assert "1 feature is too new" in text
    assert (row["feature"], row["verdict"], row["users"]) == ("report.shared", "candidate", 30)
