"""Values that no other system sends come in as a file by account and day, and are measured."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors
from tests.journeys.test_files_come_in_through_the_form import counts, start, upload

pytestmark = pytest.mark.journey
FILE = "顧客ID,指標名,対象日,値\n{account},導入店舗数,2026/06/01,12\n{account},導入店舗数,2026/07/01,15\n"


def test_a_file_of_values_comes_in_is_corrected_and_can_be_measured(visitors: Visitors, tmp_path: Path) -> None:
    page = visitors.page()
    page.goto("/accounts/")
    page.locator("main tbody th[scope=row] a").first.click()
    account = page.locator("main p").first.inner_text().split(" · ")[0]
    path = tmp_path / "店舗数.csv"
    path.write_text(FILE.format(account=account), encoding="utf-8")

    upload(page, path, "series")
    start(page)
    assert counts(page) == [2, 2, 0, 0, 0]

    path.write_text(FILE.format(account=account).replace(",15", ",18"), encoding="utf-8")
    upload(page, path, "series")
    start(page)
    assert counts(page) == [2, 0, 1, 1, 0]

    page.goto("/usage/measures/add-measure/")
    page.fill("[name=label_ja]", "導入店舗数")
    page.fill("[name=label_en]", "Stores")
    page.fill("[name=key]", "stores")
    page.select_option("[name=kind]", "value_last")
    page.check("[name=events][value='series:導入店舗数']")
    page.fill("[name=window_days]", "365")
    page.locator("main form.form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("365日間で最新の値")
    expect(page.locator("main")).to_contain_text("導入店舗数")
