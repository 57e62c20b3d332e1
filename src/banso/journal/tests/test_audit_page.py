"""Administrators search the audit, and take it along as CSV."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from banso.journal.pages import VERBS
from banso.journal.testing import an_entry
from banso.people.testing import A_MOMENT, a_csm, a_user, an_admin

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client: Client) -> Client:
    client.force_login(an_admin())
    return client


def test_the_audit_shows_who_did_what(admin_client: Client) -> None:
    an_entry(
        "health.changed",
        account_id=7,
        subject_label="青葉物流",
        details={"from": ["good", ""], "parts": [1, 2, 3], "days": [[], ["a", "b"]]},
    )
    answer = admin_client.get(reverse("journal:audit"))
    assert answer.status_code == 200
    assert "<c-" not in answer.text
    assert "青葉物流" in answer.text
    assert "Before: Good → –" in answer.text
    assert "Days kept: – → a, b" in answer.text
    assert '<a class="link" href="/accounts/7/">青葉物流</a>' in answer.text
    assert "Condition changed" in answer.text
    assert "User added" in answer.text


def test_two_things_are_no_change(admin_client: Client) -> None:
    an_entry("usage.attached", account_id=7, details={"count": 2, "names": ["acme-jp", "acme-us"]})
    shown = admin_client.get(reverse("journal:audit")).text
    assert "acme-jp, acme-us" in shown


def test_a_reader_sees_facts_in_their_words(client: Client) -> None:
    client.force_login(a_user("sato@banso.example", language="ja"))
    an_entry("health.changed", account_id=7, details={"from": "normal", "to": "poor", "score": 38.2})
    an_entry("contract.changed", account_id=7, details={"changes": {"left_on": [None, "2026-11-01"]}})
    an_entry("note.written", account_id=7, details={"note": "good", "plan": "gold"})
    shown = client.get(reverse("journal:audit")).text
    for fact in ("変更前：普通", "変更後：不調", "スコア：38.2"):  # in the order in which the database keeps them
        assert fact in shown
    assert "離脱日：– → 2026-11-01" in shown
    assert "メモ：good" in shown  # typed by people
    assert "plan：gold" in shown  # not known here


@pytest.mark.parametrize("kind", ["segment", "stage"])
@pytest.mark.parametrize("what", ["added", "changed", "moved", "removed"])
def test_what_happens_to_sorts_of_accounts_has_words(kind: str, what: str) -> None:
    assert f"{kind}.{what}" in VERBS


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"verb": "account.added"}, 1),
        ({"account": "8"}, 1),
        ({"who": "nobody"}, 0),
        ({"since": "2026-11-25"}, 1),
        ({"until": "2026-11-24"}, 2),
        ({"since": "soon", "verb": "x", "account": "-", "page": "one"}, 3),
        ({"page": "99999999999"}, 3),
        ({"since": "0001-01-01", "until": "9999-12-31"}, 3),
        ({"page": "9"}, 0),
    ],
)
def test_filters_narrow_and_nonsense_does_not(admin_client: Client, query: dict[str, str], found: int) -> None:
    an_entry("account.added", account_id=7)
    an_entry("account.changed", account_id=8, at=A_MOMENT + timedelta(days=1))
    answer = admin_client.get(reverse("journal:audit"), query)
    assert answer.status_code == 200
    assert len(answer.context["lines"]) == found


def test_the_export_runs_nothing(admin_client: Client) -> None:
    an_entry(subject_label="=cmd|' /C calc'!A0", account_id=7, details={"a": 1})
    answer = admin_client.get(reverse("journal:export"), {"verb": "account.added"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    content = b"".join(answer).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(content))
    assert header[0] == "When"
    assert row[4] == "'=cmd|' /C calc'!A0"
    assert row[5:] == ["7", '{"a": 1}']


@pytest.mark.parametrize("page", ["audit", "export"])
def test_only_administrators_see_the_audit(client: Client, page: str) -> None:
    client.force_login(a_csm())
    assert client.get(reverse(f"journal:{page}")).status_code == 403


def test_the_audit_costs_the_same_at_any_size(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for many in (1, 60):
        for _ in range(many):
            an_entry()
        with django_assert_num_queries(7):  # session, user, verbs and counts of both sides, the rows
            admin_client.get(reverse("journal:audit"))
