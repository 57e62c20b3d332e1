"""Accounts are moved from the list: those ticked, or all that the filter finds; within reach, and back again."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from banso.accounts import queries as accounts
from banso.accounts.testing import a_stage, an_account
from banso.journal import queries as journal
from banso.people.access import User
from banso.people.testing import a_csm, a_manager, a_team, a_user

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def places(user: User, column: str) -> list[object]:
    return list(accounts.visible_to(user).order_by("pk").values_list(column, flat=True))


def test_many_accounts_change_hands_and_go_back() -> None:
    manager, csm = a_manager(), a_csm()
    ids = [an_account(f"a{n}") for n in range(3)]
    client = signed_in(manager)
    answer = client.post(reverse("desk:assign"), {"ids": ids, "to": csm.pk, "query": "q=x"})
    assert "3 accounts were changed." in answer.content.decode()
    assert places(manager, "owner_id") == [csm.pk] * 3
    said = {"token": answer.context["token"], "next": answer.context["back"]}
    assert signed_in(csm).post(reverse("accounts:put_back"), said).status_code == 400
    undone = client.post(reverse("accounts:put_back"), said)
    assert undone.headers["Location"] == "/accounts/?q=x"
    assert places(manager, "owner_id") == [None] * 3
    assert client.post(reverse("accounts:put_back"), {"token": "made up"}).status_code == 400


def test_what_cannot_be_moved_is_refused() -> None:
    client, ids = signed_in(a_manager()), [an_account("a")]
    assert client.post(reverse("desk:assign"), {"ids": ["x"], "to": ""}).status_code == 400
    assert client.post(reverse("desk:assign"), {"ids": ids, "to": "x"}).status_code == 400
    assert client.post(reverse("desk:assign"), {"ids": ids, "to": "9999"}).headers["Location"] == "/accounts/"
    assert signed_in(a_csm()).post(reverse("desk:assign"), {"ids": ids, "to": ""}).status_code == 403


def test_all_that_the_filter_finds_are_moved_and_nothing_else() -> None:
    manager = a_manager()
    for n in range(60):
        an_account(f"in{n}", segment="Enterprise")
    out = an_account("out", segment="Small")
    segment = next(one.id for one in accounts.segments() if one.name == "Enterprise")
    stage = a_stage("Adoption")
    said = {"every": "1", "query": f"segment={segment}", "to": stage, "ids": [out]}
    client = signed_in(manager)
    answer = client.post(reverse("desk:move_to_stage"), said)
    assert "60 accounts were changed." in answer.content.decode()
    assert places(manager, "stage_id") == [stage] * 60 + [None]
    told = [row for row in journal.since(0, verbs=["account.changed"]) if "stage" in row.details["changes"]]
    assert len(told) == 60
    client.post(reverse("accounts:put_back"), {"token": answer.context["token"]})
    assert places(manager, "stage_id") == [None] * 61


def test_all_are_those_within_reach() -> None:
    a_team("東")
    csm = a_user("chiba@banso.example", role="csm", reach="teams", teams=[a_team("西")])
    an_account("theirs", team="東")
    an_account("ours", team="西")
    stage = a_stage("Adoption")
    signed_in(csm).post(reverse("desk:move_to_stage"), {"every": "1", "query": "state=all", "to": stage})
    assert places(a_manager(), "stage_id") == [None, stage]


def test_the_queries_of_a_move_do_not_grow_with_the_accounts() -> None:
    client = signed_in(a_manager())
    counts = []
    for size in (3, 90):
        for n in range(size):
            an_account(f"s{size}-{n}")
        with CaptureQueriesContext(connection) as found:
            client.post(reverse("desk:move_to_stage"), {"every": "1", "query": "", "to": a_stage(f"S{size}")})
        counts.append(len(found))
    assert counts[0] == counts[1]
