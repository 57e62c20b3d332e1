"""A score that is known to be wrong is set by hand, is shown as that, and goes back."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey


def test_a_score_is_set_seen_and_taken_back(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/health/scorecard/")
    page.goto("/accounts/?sort=-health")
    page.locator("main tbody th a").first.click()
    account = page.url
    page.goto(f"{account}health/")
    page.get_by_role("link", name="スコアを手動で設定").click()
    page.fill("[name=score]", "22.5")
    page.fill("[name=reason]", "経営者の交代")
    page.fill("[name=until_on]", (date.today() + timedelta(days=14)).strftime("%Y/%m/%d"))  # noqa: DTZ011  # the page's
    page.get_by_role("button", name="スコアを設定").click()
    expect(page.locator("main")).to_contain_text("計算値")
    visitors.picture(page, "override")
    page.goto(account)
    expect(page.locator(".summary-bar")).to_contain_text("手動の上書き")
    page.goto(f"{account}health/")
    expect(page.locator("main")).to_contain_text("手動の上書き")
    visitors.picture(page, "override-explained")
    page.goto("/health/overrides/")
    row = (
        page.locator("main tbody tr", has_text="経営者の交代")
        .filter(has_text="22.5")
        .or_(page.locator("main tbody tr", has_text="23"))
    )
    row.first.get_by_role("link").click()
    page.get_by_role("button", name="計算値に戻す").press("Enter")
    page.goto(account)
    expect(page.locator(".summary-bar")).not_to_contain_text("手動の上書き")
