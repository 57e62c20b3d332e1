"""The list of accounts: filtered, sorted, kept as a view, taken along as a file, and changed many at a time."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey

FORMULA = ("=", "+", "@")


def names(page: Page) -> list[str]:
    return page.locator("main tbody th[scope=row] a").all_inner_texts()


def test_a_list_is_filtered_sorted_and_kept_as_a_view(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/accounts/")
    everybody = names(page)
    page.select_option("#id_segment", index=1)
    page.locator("form[role=search] > button[type=submit]").click()
    expect(page).to_have_url(re.compile("segment=[0-9]"))
    filtered = names(page)
    assert 0 < len(filtered) < len(everybody)
    page.locator("thead th a").first.click()
    expect(page.locator("thead th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    assert "sort=name" in page.url
    assert sorted(names(page)) == sorted(filtered)
    page.locator("ul.tabs a[href*='/accounts/views/']").click()
    page.fill("[name=name]", "私の見方")
    page.locator("main form.form button[type=submit]").click()
    page.goto("/accounts/")
    page.get_by_role("link", name="私の見方").click()
    assert sorted(names(page)) == sorted(filtered)
    expect(page.locator("ul.tabs a[aria-current=page]")).to_contain_text("私の見方")


def test_custom_fields_narrow_sort_and_stay_in_a_view_and_a_file(visitors: Visitors, tmp_path: Path) -> None:
    page = visitors.page()
    page.goto("/accounts/?state=all&column=stage&column=field.employees&column=field.industry")
    choose = page.locator("form[role=search] details.menu", has_text="カスタム項目")
    choose.locator("summary").click()
    choose.get_by_label("製造").check()
    choose.get_by_label("従業員数の下限").fill("２０人以上")
    visitors.picture(page, "custom-fields-are-asked-for")
    choose.get_by_role("button", name="絞り込む").click()
    expect(page.locator(".notice")).to_contain_text("「２０人以上」は数値ではありません。")
    choose.locator("summary").click()
    choose.get_by_label("従業員数の下限").fill("２０")
    choose.get_by_role("button", name="絞り込む").click()
    expect(page.locator(".chip")).to_have_text(["業種：製造", "従業員数：20以上"])
    page.get_by_role("link", name="従業員数", exact=True).click()
    expect(page.locator("thead th[aria-sort=ascending]")).to_have_text("従業員数")
    visitors.picture(page, "custom-fields-narrow-and-sort")
    sizes = [int(text.replace(",", "")) for text in page.locator("main tbody td.number").all_inner_texts()]
    assert sizes
    assert sizes == sorted(size for size in sizes if size >= 20)
    narrowed = names(page)
    with page.expect_download() as waiting:
        page.locator(".page-actions details.menu > summary").click()
        page.get_by_role("link", name="CSV").click()
    path = tmp_path / "accounts.csv"
    waiting.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["従業員数"]) for row in rows] == sizes
    assert {row["業種"] for row in rows} == {"製造"}
    page.locator("ul.tabs a[href*='/accounts/views/']").click()
    page.fill("[name=name]", "大きな製造業")
    page.locator("main form.form button[type=submit]").click()
    page.goto("/accounts/")
    page.get_by_role("link", name="大きな製造業").click()
    assert names(page) == narrowed
    page.get_by_role("link", name="絞り込み「業種：製造」を外す").click()
    expect(page.locator(".chip")).to_have_text(["従業員数：20以上"])
    assert len(names(page)) > len(narrowed)


def test_the_whole_list_is_taken_along_without_a_formula(visitors: Visitors, tmp_path: Path) -> None:
    page = visitors.page()
    page.goto("/accounts/?state=all")
    page.locator(".page-actions details.menu > summary").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    path = tmp_path / "accounts.csv"
    waiting.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert len(rows) >= 30
    assert {len(row) for row in rows} == {len(header)}
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA)]
    shown = page.locator("main tbody th[scope=row] a").first.inner_text()
    assert shown in {row[1] for row in rows}


def test_the_stage_of_many_is_changed_and_put_back(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/accounts/?column=stage")
    before = page.locator("main tbody tr").all_inner_texts()
    for place in range(2):
        page.locator("input.row-check").nth(place).check()
    expect(page.locator(".bulk p[data-sentence]")).to_contain_text("2")
    menu = page.locator(".bulk details.menu").nth(1)
    menu.locator("summary").click()
    button = menu.locator("button").last
    stage = button.inner_text()
    button.click()
    undo = page.locator("form.notice-action button")
    expect(undo).to_be_visible()
    page.goto("/accounts/?column=stage")
    assert all(stage in page.locator("main tbody tr").nth(place).inner_text() for place in range(2))
    page.go_back()
    page.locator("form.notice-action button").click()
    page.goto("/accounts/?column=stage")
    assert page.locator("main tbody tr").all_inner_texts() == before


def test_all_that_the_filter_finds_are_changed_and_put_back(visitors: Visitors) -> None:
    page = visitors.page()
    list_of_shops = "/accounts/?q=タビジ商店&column=stage"
    page.goto(list_of_shops)
    assert len(names(page)) == 50
    page.locator("input[data-check-page]").check()
    expect(page.locator(".bulk p[data-sentence]")).to_have_text("50件のアカウントが選択されています。")
    page.get_by_role("button", name="60件すべて").click()
    expect(page.locator(".bulk p[data-sentence]")).to_have_text("60件のアカウントが選択されています。")
    visitors.picture(page, "all-are-selected")
    menu = page.locator(".bulk details.menu").nth(1)
    menu.locator("summary").click()
    button = menu.locator("button").last
    stage = button.inner_text()
    button.click()
    expect(page.get_by_role("status").first).to_contain_text("60件のアカウントを変更しました。")
    page.goto(f"{list_of_shops}&page=2")
    assert len(names(page)) == 10
    assert all(stage in row for row in page.locator("main tbody tr").all_inner_texts())
    page.go_back()
    page.locator("form.notice-action button").click()
    expect(page).to_have_url(re.compile("q="))
    assert not [row for row in page.locator("main tbody tr").all_inner_texts() if stage in row]


def test_an_account_is_looked_at_beside_the_list(visitors: Visitors) -> None:
    page = visitors.page()
    for address in ("/accounts/", "/?whose=all&when=soon"):
        page.goto(address)
        for _row in range(2):
            page.keyboard.press("j")
        row = page.locator("main tbody tr").nth(1).locator("th[scope=row] a")
        expect(row).to_be_focused()
        page.keyboard.press("p")
        beside = page.locator("dialog#preview")
        expect(beside.locator("h3").first).to_have_text(row.inner_text())
        expect(beside.get_by_role("button")).to_be_focused()
        visitors.picture(page, "preview-beside-the-list")
        page.keyboard.press("Escape")
        expect(beside).to_be_hidden()
        expect(row).to_be_focused()
        assert page.url.endswith(address)


def test_on_a_phone_the_preview_fills_the_width(visitors: Visitors) -> None:
    page = visitors.page(width=390)
    page.goto("/accounts/")
    page.locator("a[data-preview]").first.click()
    beside = page.locator("dialog#preview")
    expect(beside.locator("h3").first).to_be_visible()
    box = beside.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, page.evaluate("document.body.clientWidth"))
    visitors.picture(page, "preview-on-a-phone")
