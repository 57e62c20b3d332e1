"""From the list of limits to the chart of one, and to what counts for it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Language, Visitors

pytestmark = pytest.mark.journey


def test_a_limit_leads_to_its_chart_and_to_what_counts(visitors: Visitors) -> None:
    page = visitors.page("ja")
    page.goto("/")
    page.get_by_role("link", name="上限", exact=True).first.click()
    expect(page.get_by_role("heading", level=1, name="上限")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="メール配信").first
    row.get_by_role("link").first.click()
    expect(page.get_by_text("日ごとの利用量と見込み").first).to_be_visible()
    page.get_by_role("link", name="メール配信の集計方法を設定").click()
    expect(page.get_by_label("集計するイベント")).to_have_value("mails_delivered")
    page.get_by_label("集計する期間").select_option("term")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("数分以内に反映されます")).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("ja", 1440), ("ja", 390), ("en", 1440), ("en", 390)])
def test_the_pages_are_seen_as_they_are(visitors: Visitors, language: Language, width: int) -> None:
    page = visitors.page(language, width=width)
    page.goto("/growth/limits/")
    expect(page.locator("main h1")).to_be_visible()
    visitors.picture(page, f"limits-list-{language}-{width}")
    page.locator("main tbody th a").first.click()
    expect(page.locator("main h1")).to_be_visible()
    visitors.picture(page, f"limits-account-{language}-{width}")
