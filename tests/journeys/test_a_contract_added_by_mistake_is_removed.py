"""A manager adds a contract to the wrong account, is stopped where it has no line, and takes it away again."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Language, Visitors

pytestmark = pytest.mark.journey
SHOP = "株式会社タビジ商店1"


def test_a_contract_is_added_without_a_line_then_with_one_and_removed(visitors: Visitors) -> None:
    page = visitors.page("ja")
    page.goto("/accounts/?q=タビジ商店1&state=all")
    page.get_by_role("link", name=SHOP, exact=True).click()
    page.get_by_role("link", name="契約を追加").click()
    page.get_by_label("契約名").fill("誤って登録した契約")
    page.get_by_role("button", name="契約を追加").click()
    expect(page.get_by_text("明細がないため、収益に数えられません。").first).to_be_visible()
    visitors.picture(page, "contract-without-lines")
    page.locator("[name=lines-0-name]").fill("スタンダード")
    page.locator("[name=lines-0-amount]").fill("１２０万円")
    page.locator("[name=lines-0-term]").fill("12")
    page.get_by_role("button", name="契約を追加").click()
    expect(page.get_by_text("契約を追加しました。")).to_be_visible()

    page.goto("/accounts/?q=タビジ商店1&state=all")
    page.get_by_role("link", name=SHOP, exact=True).click()
    account = page.url
    page.get_by_role("link", name="誤って登録した契約").click()
    remove = page.get_by_role("button", name="削除", exact=True)
    remove.press("Enter")
    dialog = page.get_by_role("dialog", name="契約「誤って登録した契約」を削除しますか？")
    expect(dialog).to_contain_text("明細1件も削除され")
    visitors.picture(page, "contract-remove")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(remove).to_be_focused()
    remove.press("Enter")
    dialog.get_by_role("button", name="契約を削除").click()
    expect(page).to_have_url(re.compile(f"^{re.escape(account)}"))
    expect(page.get_by_text("契約を削除しました。")).to_be_visible()
    expect(page.get_by_role("link", name="誤って登録した契約")).to_have_count(0)
    expect(page.get_by_text("が契約「誤って登録した契約」を削除しました")).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("ja", 390), ("en", 1440)])
def test_what_goes_is_said_in_every_window(visitors: Visitors, language: Language, width: int) -> None:
    page = visitors.page(language, width=width)
    page.goto("/accounts/?sort=-mrr")
    page.locator("main tbody th a").first.click()
    page.locator("main a[href^='/contracts/']:not([href*=new])").first.click()
    page.locator("main [data-opens=remove-contract]").click()
    expect(page.locator("#remove-contract")).to_be_visible()
    visitors.picture(page, f"contract-remove-{language}-{width}")
