"""Who may leave is found in the list, and the account says how sure that is and what it rests on."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey


def test_the_likeliest_to_leave_is_found_and_explained(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/accounts/?column=risk&sort=-risk")
    first = page.locator("main tbody tr").first
    shown = re.search(r"(\d+)%\s+(\d+)%–(\d+)%", first.inner_text())
    assert shown is not None
    risk, low, high = map(int, shown.groups())
    assert 0 < low <= risk <= high <= 100
    first.locator("th a").click()
    told = page.locator("#risk")
    expect(told).to_contain_text(f"{risk}%（{low}〜{high}%）")
    expect(told).to_contain_text("根拠となる解約は")
    # The company of the journeys is small: it is told what is missing, and no model is made of it.
    expect(told).to_contain_text("モデルを作るには解約の件数が足りません")
