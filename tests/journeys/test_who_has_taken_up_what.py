"""From the adoption of features to the accounts that have not begun, and the order of first uses."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Language, Visitors

pytestmark = pytest.mark.journey


def test_a_number_leads_to_the_accounts_behind_it(visitors: Visitors) -> None:
    page = visitors.page("ja")
    page.goto("/")
    page.get_by_role("link", name="機能活用").first.click()
    expect(page.get_by_role("heading", level=1, name="機能活用")).to_be_visible()
    page.goto("/adoption/?sort=-release")
    row = page.get_by_role("row").filter(has_text="workflow_run")
    number = row.get_by_role("cell").nth(4).get_by_role("link")
    wanted = int((number.inner_text()).replace(",", ""))
    number.click()
    expect(page.get_by_text("「ワークフロー」を未利用")).to_be_visible()
    expect(page.get_by_text(f"{wanted}件中")).to_be_visible()


def test_a_release_is_added_and_shows_beside_its_features(visitors: Visitors) -> None:
    page = visitors.page("ja")
    page.goto("/usage/releases/")
    page.get_by_role("link", name="リリースを追加").first.click()
    page.get_by_label("名前").fill("冬のアップデート")
    page.get_by_role("textbox", name="リリース日").fill("2026-10-01")
    page.get_by_label("見積作成").check()
    page.get_by_role("button", name="リリースを保存").click()
    expect(page.get_by_role("row").filter(has_text="冬のアップデート")).to_contain_text("見積作成")
    page.goto("/adoption/?sort=-release")
    expect(page.get_by_role("row").filter(has_text="quote_made")).to_contain_text("冬のアップデート")


@pytest.mark.parametrize(("language", "width"), [("ja", 1440), ("ja", 390), ("en", 1440), ("en", 390)])
def test_the_pages_are_seen_as_they_are(visitors: Visitors, language: Language, width: int) -> None:
    page = visitors.page(language, width=width)
    for name, address in (
        ("list", "/adoption/"),
        ("feature", "/adoption/features/workflow_run/"),
        ("funnel", "/adoption/funnel/"),
        ("releases", "/usage/releases/"),
    ):
        page.goto(address)
        expect(page.locator("main h1")).to_be_visible()
        visitors.picture(page, f"adoption-{name}-{language}-{width}")
