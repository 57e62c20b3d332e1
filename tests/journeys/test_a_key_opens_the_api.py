"""Somebody makes an API key; with it another program reads accounts, and without the right one it is told why not."""

import json
import urllib.error
import urllib.request
from http.client import HTTPResponse

import pytest

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey


def call(address: str, secret: str) -> HTTPResponse:
    """Call the API as another program does."""
    asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {secret}"})  # noqa: S310  # our own
    answer: HTTPResponse = urllib.request.urlopen(asked, timeout=15)  # noqa: S310  # our own
    return answer


def test_a_key_is_made_and_used(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/settings/keys/")
    page.fill("[name=name]", "夜間の集計")
    page.select_option("[name=scope]", "read")
    page.locator("main form.form button[type=submit]").click()
    secret = page.locator("[data-secret]").inner_text().strip()
    address = f"{visitors.installation.address}/api/v1/accounts"
    with call(address, secret) as answer:
        assert answer.status == 200
        assert json.load(answer)
    with pytest.raises(urllib.error.HTTPError) as refusal:
        call(address, f"{secret}x")
    with refusal.value as told:
        assert told.code == 401
        assert told.headers["Content-Type"].startswith("application/problem+json")
        problem = json.load(told)
    assert problem["status"] == 401
    assert problem["title"]
    page.goto("/settings/keys/")
    assert page.locator("[data-secret]").count() == 0
    assert "夜間の集計" in page.locator("main table").inner_text()
