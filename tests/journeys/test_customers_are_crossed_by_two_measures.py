"""Customers are crossed by two of their measures; the matrix is kept, a cell opened, and what is done for it said."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey


def test_a_matrix_is_made_kept_described_and_removed_again(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/health/")
    page.locator("main").get_by_role("link", name="マトリクス").click()
    page.select_option("[name=rows]", "measure:core_adoption")
    page.fill("[name=row_cuts]", "25% 50%")
    page.select_option("[name=columns]", "condition")
    page.select_option("[name=weeks]", "26")
    page.get_by_role("button", name="表示").click()
    matrix = page.locator("table.matrix")
    expect(matrix.locator("tbody tr").first).to_contain_text("25%未満")
    expect(page.locator(".chart canvas, .chart svg").first).to_be_attached()

    page.get_by_role("button", name="このマトリクスを保存").click()
    page.fill("dialog[open] [name=name]", "定着×状態")
    page.locator("dialog[open]").get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("main h1")).to_have_text("定着×状態")
    visitors.picture(page, "matrix-kept")

    matrix.locator("a.matrix-count").first.click()
    page.fill("[name=play]", "2つ目の機能を一緒に設定する")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[name=play]")).to_have_value("2つ目の機能を一緒に設定する")
    page.locator("nav[aria-label] a", has_text="定着×状態").click()
    expect(matrix).to_contain_text("2つ目の機能を一緒に設定する")

    page.get_by_role("button", name="削除").click()
    expect(page.locator("main")).to_contain_text("マトリクスを削除しました")
    page.get_by_role("button", name="元に戻す").click()
    expect(page).to_have_url(re.compile(r"\?kept=\d+$"))
    expect(page.locator("main h1")).to_have_text("定着×状態")


def test_cut_offs_that_do_not_rise_are_named_beside_the_field(visitors: Visitors) -> None:
    page = visitors.page("en")
    page.goto("/health/matrix/?rows=score&row_cuts=70+40&columns=stage&column_cuts=&weeks=13")
    expect(page.locator("#id_row_cuts_error")).to_contain_text("rising numbers")
    page.fill("[name=row_cuts]", "40 70")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("table.matrix")).to_contain_text("40 to under 70")
