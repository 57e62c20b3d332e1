"""A scorecard is chosen among the templates, seen before it counts, and published with a note."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey

NOTE = "利用の広がりを重く見ます"


def test_a_template_is_tried_and_published_with_a_note(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/health/scorecard/")
    versions = page.locator("main table tbody a[href*='/versions/']")
    before = versions.count()
    page.locator("#templates a[href*='/templates/']").last.click()
    expect(page.locator("main h1")).not_to_be_empty()
    page.fill("[name=note]", NOTE)
    page.locator("main form button[type=submit]").click()
    page.goto("/health/scorecard/")
    expect(versions).to_have_count(before + 1)
    expect(page.locator("main table").last).to_contain_text(NOTE)
    versions.first.click()
    expect(page.locator("main")).to_contain_text(NOTE)


def test_an_earlier_version_is_put_in_force_again(visitors: Visitors) -> None:
    page = visitors.page("en")
    page.goto("/health/scorecard/templates/adoption_led/")
    page.get_by_role("button", name="Publish as the next version").click()
    versions = page.locator("main table").last.locator("tbody tr")
    expect(versions.first).to_contain_text("In force")
    before = versions.count()
    versions.last.get_by_role("link").click()
    visitors.picture(page, "scorecard-version")
    page.get_by_role("button", name="Put version 1 in force again").press("Enter")
    expect(versions).to_have_count(before + 1)
    expect(versions.first).to_contain_text("As version 1")
    expect(versions.first).to_contain_text("In force")
