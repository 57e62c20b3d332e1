"""A list is read to its end without gaps or repeats, whatever is added meanwhile."""

import re

import pytest
from pytest_django import DjangoAssertNumQueries

from banso.api.testing import ApiClient, an_api_client
from banso.people.testing import a_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("banso.api.tests.tiny")]


def _all_pages(caller: ApiClient, path: str, limit: int) -> list[str]:
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = caller.get(path, limit=limit, **cursor).json()
        assert len(page["items"]) <= limit
        found += [item["email"] for item in page["items"]]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


@pytest.mark.parametrize(("path", "limit"), [("users", 1), ("users", 2), ("users", 7), ("by-time", 3)])
def test_pages_together_are_the_list(path: str, limit: int) -> None:
    caller = an_api_client()
    # Two names, so that most neighbours differ by their key only.
    emails = [a_user(f"u{number}@banso.example", name="ab"[number % 2]).email for number in range(7)]
    found = _all_pages(caller, path, limit)
    assert sorted(found) == sorted(emails)
    assert found == (emails[1::2] + emails[::2] if path == "users" else emails)


def test_a_row_added_meanwhile_shifts_nothing() -> None:
    caller = an_api_client()
    for name in "bcde":
        a_user(f"{name}@banso.example", name=name)
    first = caller.get("users", limit=2).json()
    a_user("z@banso.example", name="z")
    second = caller.get("users", limit=2, cursor=first["next_cursor"]).json()
    assert [item["name"] for item in first["items"] + second["items"]] == ["e", "d", "c", "b"]
    assert second["next_cursor"] is None


def test_the_next_page_is_linked_with_what_else_was_asked() -> None:
    caller = an_api_client()
    for name in "ab":
        a_user(f"{name}@banso.example", name=name)
    answer = caller.get("users", limit=1)
    found = re.fullmatch(r'<http://testserver/api/v1/(.+)>; rel="next"', answer.headers["Link"])
    assert found
    assert "limit=1" in found[1]
    following = caller.get(found[1])
    assert following.json()["items"][0]["name"] == "a"
    assert "Link" not in following.headers


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "é", "a" * 1999])
def test_a_cursor_that_we_did_not_give_is_refused(cursor: str) -> None:
    answer = an_api_client().get("users", cursor=cursor)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "cursor"


def test_a_cursor_of_another_list_is_refused() -> None:
    caller = an_api_client()
    for name in "ab":
        a_user(f"{name}@banso.example", name=name)
    cursor = caller.get("users", limit=1).json()["next_cursor"]
    assert caller.get("by-time", cursor=cursor).status_code == 422


def test_a_page_costs_the_same_queries_at_any_size(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    caller = an_api_client()
    for number in range(20):
        a_user(f"u{number}@banso.example")
    caller.get("users")
    for limit in (1, 20):
        with django_assert_num_queries(3):  # the key, the count, the rows
            caller.get("users", limit=limit)
