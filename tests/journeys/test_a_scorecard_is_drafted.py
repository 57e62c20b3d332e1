"""A scorecard is changed in a draft, seen before it counts, and published; the versions are compared."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey


def test_a_draft_is_edited_previewed_and_published(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/health/scorecard/")
    page.get_by_role("button", name="下書きを作成").click()
    page.fill("[name=name]", "秋の見直し")
    first = page.locator("[data-measure]").first
    share = first.locator("output").inner_text()
    first.locator("[name=measure-0-weight]").fill("60")
    expect(first.locator("output")).not_to_have_text(share)
    line = first.locator("polyline").get_attribute("points")
    first.locator("[name=measure-0-hundred]").fill("120")
    assert first.locator("polyline").get_attribute("points") != line
    visitors.picture(page, "draft")
    page.fill("[name=level_3]", "10")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("main")).to_contain_text("例：30、50、70")
    page.fill("[name=level_3]", "50")
    page.get_by_role("button", name="保存してプレビュー").click()
    expect(page.locator("main")).to_contain_text("重みの割合")
    expect(page.locator("main")).to_contain_text("秋の見直し")
    visitors.picture(page, "draft-preview")
    page.fill("[name=note]", "利用日数を重く見る")
    page.get_by_role("button", name="次のバージョンとして公開").press("Enter")
    versions = page.locator("main table").last.locator("tbody tr")
    expect(versions.first).to_contain_text("利用日数を重く見る")
    versions.first.get_by_role("link").click()
    page.get_by_role("link", name="と比べる").click()
    expect(page.locator("main")).to_contain_text("秋の見直し")
    visitors.picture(page, "versions-compared")


def test_a_discarded_draft_is_brought_back(visitors: Visitors) -> None:
    page = visitors.page("en")
    page.goto("/health/scorecard/")
    page.get_by_role("button", name="Begin a draft").click()
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.locator("main")).to_contain_text("This draft was discarded")
    page.get_by_role("button", name="Bring the draft back").click()
    expect(page.get_by_role("button", name="Save and preview")).to_be_visible()
