"""Definitions are taken out, edited, checked to the line, applied, and an earlier version is put in force again."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey

KEY = "weekly_people"
ENTRY = """\
  weekly_people:
    label: {ja: 週の利用者数, en: Weekly people}
    kind: active_people
    window_days: 7
"""


def test_definitions_go_out_are_edited_checked_applied_and_rolled_back(visitors: Visitors, tmp_path: Path) -> None:
    page = visitors.page()
    page.goto("/usage/measures/")
    page.click("a[href$='/as-file/']")
    with page.expect_download() as taken:
        page.click("a[href$='.yaml']")
    file = tmp_path / taken.value.suggested_filename
    taken.value.save_as(file)
    text = file.read_text(encoding="utf-8").replace("measures:\n", f"measures:\n{ENTRY}", 1)
    assert ENTRY in text
    line = 1 + text.splitlines().index("    window_days: 7")

    page.fill("[name=text]", text.replace("window_days: 7\n", "window_day: 7\n", 1))
    page.click("main form .btn-primary")
    notice = page.locator(".notice")
    expect(notice).to_contain_text(f"{line}行目")
    expect(notice).to_contain_text("window_days ではありませんか")

    page.fill("[name=text]", text)
    page.fill("[name=note]", "週ごとに見ます")
    page.click("main form .btn-primary")
    expect(page.locator("#changes")).to_contain_text("+ window_days: 7")
    page.click("[name=apply]")
    expect(page.locator(f"main a[href='/usage/measures/{KEY}/']")).to_be_visible()

    page.goto(f"/usage/measures/{KEY}/change/")
    page.fill("[name=window_days]", "14")
    page.click("[name=preview]")
    expect(page.locator("#preview-of-measure .chart")).to_be_visible()
    page.click("main form .btn-primary")
    expect(page.locator("main")).to_contain_text("+ window_days: 14")
    page.click(f"form[action$='/{KEY}/versions/1/roll-back/'] button")
    versions = page.locator("main table").last.locator("tbody tr")
    expect(versions).to_have_count(3)
    expect(versions.first).to_contain_text("+ window_days: 7")
