"""The report of the week leads from a fall to its breakdown, and goes along as a file."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey


def test_who_fell_is_seen_by_cause_and_taken_along(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/health/")
    page.get_by_role("link", name="今週の動き").click()
    rows = page.locator("main table").first.locator("tbody tr")
    expect(rows.first).to_contain_text("手動の上書き")
    name = rows.nth(1).get_by_role("link").inner_text()
    page.get_by_text("エクスポート").click()
    with page.expect_download() as file:
        page.get_by_role("link", name="CSV").click()
    assert name.replace("\n", " ") in file.value.path().read_text(encoding="utf-8-sig")
    rows.nth(1).get_by_role("link").click()
    expect(page.locator("main h1")).to_contain_text(name.split("\n", maxsplit=1)[0])
