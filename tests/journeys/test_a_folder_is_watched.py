"""An administrator watches a folder: sets it up, tries it, reads it, sees what was refused, pauses and removes it."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey

DONE_MS = 60_000
QUIET_SECONDS = 31  # a file is read once it has been left alone for thirty
NAME = "営業部の共有フォルダー"
CSV = "顧客コード,会社名\nW-001,株式会社うみかぜ\nW-002,山びこ食品株式会社\n,顧客コードのない会社\n"


def test_a_folder_is_set_up_tried_read_paused_and_removed(visitors: Visitors) -> None:
    folder = visitors.installation.folder / "data" / "incoming" / "sales"
    folder.mkdir(parents=True)
    page = visitors.page("ja")
    set_up(page, folder)
    # From here on it is read by hand alone: nobody can say when the worker comes to it by itself.
    page.get_by_role("button", name="一時停止").click()
    expect(page.get_by_text("このデータ元は一時停止中です")).to_be_visible()
    # Nobody knows yet how its files are read.
    expect(page.get_by_role("button", name="今すぐ読み込む")).to_have_count(0)
    write(folder / "customers.csv", CSV)
    confirm_columns(page)

    page.goto("/imports/sources/")
    page.get_by_role("link", name=NAME).click()
    read_now(page, 1)
    newest = page.get_by_role("table", name="実行履歴").locator("tbody tr").first
    expect(newest).to_contain_text("一部失敗")
    assert numbers(newest) == [1, 3, 0, 0, 2, 1]  # files, rows, added, changed, there already, refused
    visitors.picture(page, "source-read")
    page.get_by_role("table", name="最近の取り込み").get_by_role("link", name="customers.csv").first.click()
    expect(page.get_by_role("table").filter(has_text="顧客コード").first).to_be_visible()

    page.go_back()
    write(folder / "customers-2.csv", "顧客コード,会社名\nW-003,ひだまり薬局\n")
    read_now(page, 2)
    assert numbers(newest) == [1, 1, 1, 0, 0, 0]
    page.get_by_role("button", name="再開").click()
    expect(page.get_by_text("自動の読み込みを再開しました。")).to_be_visible()

    page.get_by_role("button", name="削除", exact=True).click()
    page.get_by_role("button", name="データ元を削除").click()
    expect(page.get_by_text(f"「{NAME}」を削除しました")).to_be_visible()
    page.goto("/accounts/?q=うみかぜ")
    expect(page.get_by_role("link", name="株式会社うみかぜ", exact=True)).to_be_visible()


def set_up(page: Page, folder: Path) -> None:
    """Add a source that watches a folder, after a place that is not allowed was refused."""
    page.goto("/imports/")
    page.get_by_role("link", name="データ元").first.click()
    page.get_by_role("link", name="データ元を追加").click()
    page.get_by_role("link", name="監視フォルダー").click()
    page.get_by_label("名前").fill(NAME)
    page.get_by_label("サーバー上のフォルダー").fill("/etc")
    page.get_by_role("button", name="データ元を追加する").click()
    expect(page.get_by_text("BANSO_SOURCE_FOLDERS").first).to_be_visible()
    page.get_by_label("サーバー上のフォルダー").fill(str(folder))
    page.get_by_label("読み込みの間隔").select_option("1440")
    page.get_by_role("button", name="データ元を追加する").click()
    expect(page.get_by_role("heading", level=1, name=NAME)).to_be_visible()


def write(file: Path, text: str) -> None:
    """Let another system write a file, and leave it alone for as long as it takes to be believed complete."""
    file.write_text(text, encoding="utf-8")
    time.sleep(QUIET_SECONDS)


def confirm_columns(page: Page) -> None:
    """Say which files are read, confirm their columns, see the preview, and start."""
    page.get_by_label("ファイル名").fill("customers*.csv")
    page.get_by_role("button", name="列の割り当てに進む").click()
    page.wait_for_url("**/columns/")
    page.locator("main form:not([action]) button[type=submit]").click()
    page.wait_for_url("**/preview/")
    expect(page.get_by_text("株式会社うみかぜ")).to_be_visible()
    page.check("[name=bad_rows][value=skip]")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("#quality")).to_be_visible(timeout=DONE_MS)


def read_now(page: Page, runs: int) -> None:
    """Let the source be read, and wait until the worker is done: the page follows by itself."""
    page.get_by_role("button", name="今すぐ読み込む").click()
    rows = page.get_by_role("table", name="実行履歴").locator("tbody tr")
    expect(rows).to_have_count(runs)
    expect(rows.first).not_to_contain_text("待機中", timeout=DONE_MS)
    expect(rows.first).not_to_contain_text("処理中", timeout=DONE_MS)


def numbers(row: Locator) -> list[int]:
    """Return the counts of a run."""
    return [int(text.replace(",", "")) for text in row.locator("td").all_inner_texts()[1:]]
