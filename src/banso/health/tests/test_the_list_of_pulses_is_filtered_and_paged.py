"""Those who read what colleagues think of customers find one pulse among many."""

import pytest
from django.test import Client

from banso.accounts.testing import an_account
from banso.health.pages.pulses import ON_A_PAGE
from banso.health.testing import a_pulse
from banso.people.testing import a_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    client = Client()
    client.force_login(a_manager())
    return client


def _body(client: Client, query: str = "") -> str:
    answer = client.get(f"/health/pulses/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_pulses_are_found_by_account_grade_and_giver(reader: Client) -> None:
    happy = a_pulse(an_account("a", name="Acme"), rating=5, reason="very glad")
    unhappy = a_pulse(an_account("z", name="Zenith"), rating=1, reason="very cross")
    for query, found in (
        ("?q=acm", [True, False]),
        ("?rating=1", [False, True]),
        (f"?by={reader.session['_auth_user_id']}", [False, False]),
        ("?q=zenith&rating=5", [False, False]),
        ("?rating=abc&by=x&page=-3", [True, True]),
    ):
        body = _body(reader, query)
        assert [happy.reason in body, unhappy.reason in body] == found, query


def test_where_nothing_matches_the_page_says_so_and_leads_back(reader: Client) -> None:
    a_pulse(an_account("Acme"))
    body = _body(reader, "?q=nobody")
    assert "No pulse matches" in body
    assert "No pulse was recorded yet" not in body
    assert 'href="/health/pulses/"' in body


def test_more_than_a_page_of_pulses_is_read_page_by_page(reader: Client) -> None:
    account = an_account("Acme")
    for place in range(ON_A_PAGE + 1):
        a_pulse(account, reason=f"remark number {place};")
    first, second = _body(reader), _body(reader, "?page=2")
    assert f"1–{ON_A_PAGE} of {ON_A_PAGE + 1}" in first
    assert first.count("remark number") == ON_A_PAGE
    assert second.count("remark number") == 1
