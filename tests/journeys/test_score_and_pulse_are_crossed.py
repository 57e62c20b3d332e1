"""Where a score and a CSM disagree, both reasons and a day to speak by are shown; a new pulse settles it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.barriers import barriers
from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey


def test_what_score_and_csm_say_of_an_account_is_compared_and_settled(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/health/")
    page.click("main a[href='/health/disagreements/']")
    row = page.locator("main tbody tr").first
    expect(row).to_contain_text("今すぐ連絡")
    assert re.search(r"[12345] / 5", row.inner_text())
    assert not barriers(page)
    name = row.locator("th a").inner_text()
    is_good = "好調" in row.inner_text()

    page.locator("details.how summary").click()
    expect(page.locator("details.how")).to_contain_text("今すぐ（5営業日以内）")

    # Who has found out which is right says so, and the account is no longer listed as disputed.
    row.locator("td a").click()
    page.check(f"[name=rating][value='{5 if is_good else 1}']")
    page.fill("[name=reason]", "確かめたところ、スコアのとおりだった")
    page.locator("#pulse-form button[type=submit]").click()
    expect(page.get_by_text("を記録しました").first).to_be_visible()
    page.goto("/health/disagreements/")
    expect(page.locator("main tbody th", has_text=name)).to_have_count(0)

    page.goto("/health/disagreements/?tab=agree")
    page.fill("[name=q]", name)
    page.locator("form[role=search] button").click()
    expect(page.locator("main tbody tr").first).to_contain_text("確かめたところ、スコアのとおりだった")
