"""The report of the week says whose score moved, by what, and in one sentence each."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from banso.accounts import queries as accounts
from banso.health import queries
from banso.health.queries.moving import MovedAsked, moved_page
from banso.health.testing import a_fading_account, a_scorecard, a_steady_account, computed
from banso.people.access import User
from banso.people.testing import a_manager, a_reader

pytestmark = pytest.mark.django_db


def _page(**said: str) -> object:
    return moved_page(accounts.visible_to(accounts.EVERYTHING), MovedAsked.read(said), number=1)


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_who_fell_is_told_with_the_causes_that_sum_to_all_changes() -> None:
    steady, fading = a_steady_account(segment="SMB"), a_fading_account(segment="Enterprise")
    a_scorecard()
    computed()
    rows = queries.standings([steady, fading])
    page = moved_page(accounts.visible_to(accounts.EVERYTHING), MovedAsked.read({}), number=9)
    assert [(row.account_id, name) for row, name in page.rows] == [(fading, "株式会社フェード")]
    assert (page.counts["down"], page.number, page.first, page.last) == (1, 1, 1, 1)
    assert sum((one.points for one in page.causes), Decimal(0)) == sum(
        (row.change or Decimal(0) for row in rows.values()), Decimal(0)
    )
    smb = next(one for one in accounts.segments() if one.name == "SMB")
    narrowed = moved_page(
        accounts.visible_to(accounts.EVERYTHING), MovedAsked.read({"segment": str(smb.id), "way": "all"}), number=1
    )
    assert [row.account_id for row, _name in narrowed.rows] == [steady] * narrowed.counts["all"]
    nobodys = moved_page(accounts.visible_to(accounts.EVERYTHING), MovedAsked.read({"team": "999"}), number=1)
    assert (nobodys.rows, nobodys.causes, nobodys.on) == ([], [], None)


def test_more_accounts_do_not_mean_more_queries() -> None:
    a_fading_account()
    a_scorecard()
    computed()
    with CaptureQueriesContext(connection) as few:
        _page()
    for number in range(4):
        a_fading_account(f"fading-{number}")
    computed()
    with CaptureQueriesContext(connection) as many:
        _page()
    assert len(few) == len(many)


def test_the_report_is_a_page_and_a_file() -> None:
    a_fading_account()
    a_scorecard()
    computed()
    client = _signed_in(a_manager())
    body = client.get(reverse("health:moved"), {"way": "mood", "team": "x"}).content.decode()
    assert "株式会社フェード" in body
    assert "points down" in body
    assert "No score moved" in client.get(reverse("health:moved"), {"way": "up", "segment": "999"}).content.decode()
    sent = b"".join(client.get(reverse("health:export_moved", args=["csv"])).streaming_content).decode()  # type: ignore[attr-defined]
    assert "株式会社フェード" in sent
    assert client.get(reverse("health:export_moved", args=["pdf"])).status_code == 404
    assert _signed_in(a_reader()).get(reverse("health:export_moved", args=["csv"])).status_code == 403
