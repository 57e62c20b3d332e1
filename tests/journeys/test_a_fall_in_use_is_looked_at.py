"""From the list of alerts to the evidence of one, to its rest, and back."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Language, Visitors

pytestmark = pytest.mark.journey


def test_an_alert_is_looked_at_snoozed_and_heard_again(visitors: Visitors) -> None:
    page = visitors.page("ja")
    page.goto("/")
    page.get_by_role("link", name="ヘルス", exact=True).first.click()
    page.get_by_role("link", name="予兆", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="予兆")).to_be_visible()
    first = page.locator("main tbody th a").first
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("の利用が減少")
    expect(page.get_by_text("週ごとのイベント数と見込み").first).to_be_visible()
    page.get_by_label("理由").fill("決算期のため、来月まで様子を見る")
    page.get_by_role("button", name="スヌーズ", exact=True).click()
    expect(page.get_by_text("決算期のため、来月まで様子を見る")).to_be_visible()
    page.goto("/health/alerts/?tab=snoozed")
    expect(page.get_by_role("row").filter(has_text=name)).to_be_visible()
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("button", name="スヌーズを解除").click()
    expect(page.get_by_text("スヌーズを解除しました")).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("ja", 1440), ("ja", 390), ("en", 1440), ("en", 390)])
def test_the_pages_are_seen_as_they_are(visitors: Visitors, language: Language, width: int) -> None:
    page = visitors.page(language, width=width)
    page.goto("/health/alerts/")
    expect(page.locator("main h1")).to_be_visible()
    visitors.picture(page, f"alerts-list-{language}-{width}")
    page.locator("main tbody th a").first.click()
    expect(page.locator("main h1")).to_be_visible()
    visitors.picture(page, f"alerts-one-{language}-{width}")
