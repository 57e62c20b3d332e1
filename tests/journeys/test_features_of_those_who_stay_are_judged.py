"""From adoption to what features say of staying, in words also where too little is known."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Language, Visitors

pytestmark = pytest.mark.journey


def test_the_way_leads_from_adoption_and_from_health(visitors: Visitors) -> None:
    page = visitors.page("ja")
    page.goto("/adoption/")
    page.get_by_role("link", name="定着につながる機能").click()
    expect(page.get_by_role("heading", level=1, name="定着につながる機能")).to_be_visible()
    page.goto("/health/")
    page.get_by_role("link", name="定着につながる機能").click()
    expect(page.get_by_role("heading", level=1, name="定着につながる機能")).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("ja", 1440), ("en", 390)])
def test_the_page_is_seen_as_it_is(visitors: Visitors, language: Language, width: int) -> None:
    page = visitors.page(language, width=width)
    page.goto("/health/markers/")
    expect(page.locator("main h1")).to_be_visible()
    visitors.picture(page, f"markers-{language}-{width}")
