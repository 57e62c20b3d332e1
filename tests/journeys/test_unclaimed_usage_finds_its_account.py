"""Somebody gives usage of an unknown account to a customer, takes it back, and adds an account for another."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey


def test_usage_is_attached_taken_back_and_given_to_a_new_account(visitors: Visitors) -> None:
    page = visitors.page("ja")
    page.goto("/settings/")
    page.get_by_role("link", name="アカウント未特定の利用").click()
    rows = page.get_by_role("table", name="アカウント未特定の利用")
    expect(rows).to_contain_text("trial-7731")
    visitors.picture(page, "unclaimed")
    rows.get_by_label("trial-7731").check()
    rows.get_by_label("ws-20418").check()
    page.get_by_role("button", name="アカウントにひも付け").click()
    expect(page.get_by_text("2件のIDの利用を")).to_be_visible()
    page.get_by_label("アカウント", exact=True).fill("タビジ商店7")
    page.get_by_role("button", name="検索", exact=True).click()
    page.get_by_label("株式会社タビジ商店7").check()
    visitors.picture(page, "unclaimed-attach")
    page.get_by_role("button", name="ひも付け", exact=True).click()
    expect(page.get_by_text("2件のIDをひも付けました。")).to_be_visible()
    expect(page.get_by_role("table", name="アカウント未特定の利用")).not_to_contain_text("trial-7731")
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_text("2件のIDを未対応に戻しました。")).to_be_visible()

    page.get_by_role("table", name="アカウント未特定の利用").get_by_label("trial-7731").check()
    page.get_by_role("button", name="新しいアカウントを追加").click()
    page.get_by_label("アカウント trial-7731 の名前").fill("株式会社トライアル")
    page.get_by_role("button", name="アカウントを追加").click()
    expect(page.get_by_text("1件のアカウントを追加しました。")).to_be_visible()
    page.get_by_role("link", name="ひも付け済み").click()
    page.get_by_role("link", name="株式会社トライアル").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("株式会社トライアル")
