"""Files come in through the web form: a Japanese list with a bad row, and the real one of another company."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.barriers import barriers
from tests.journeys.browser import Visitors
from tests.journeys.installation import ROOT

pytestmark = pytest.mark.journey

DONE_MS = 120_000
RAVENSTACK = ROOT.parent / "shared" / "data" / "ravenstack"
ACCOUNTS = {
    "account_id": "external_id",
    "account_name": "name",
    "signup_date": "customer_since_on",
    "plan_tier": "segment",
    "industry": "",  # the company chooses among industries of its own
}
CONTRACTS = {
    "subscription_id": "external_id",
    "account_id": "account",
    "start_date": "starts_on",
    "end_date": "ends_on",
    "plan_tier": "line_name",
    "seats": "seats",
    "mrr_amount": "amount",
    "arr_amount": "",
}
USAGE = {
    "usage_id": "message_id",
    "subscription_id": "contract",
    "usage_date": "at",
    "feature_name": "name",
    "usage_count": "value",
}
CSV = """顧客コード,会社名,利用開始日,セグメント
K-001,株式会社ひかり印刷,2025/04/01,スモール
K-002,（株）あさひ商店,令和の初め,スモール
K-003,みどり建設株式会社,２０２５年６月１日,ミドル
"""


def upload(page: Page, path: Path, kind: str) -> None:
    page.goto("/imports/new/")
    page.select_option("[name=kind]", kind)
    page.set_input_files("[name=file]", path)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/columns/")


def choose(page: Page, column: str, target: str) -> None:
    """Say what a column becomes."""
    page.get_by_label(column, exact=True).select_option(target)


def fix(page: Page, **values: str) -> None:
    """Give facts one value for all rows."""
    page.locator("#fixed details summary").click()
    for name, value in values.items():
        page.fill(f"[name=fixed_{name}]", value)


def start(page: Page, *, skips: bool = True) -> None:
    """Go on to the preview, start, and wait until the result is there."""
    page.locator("main form:not([action]) button[type=submit]").click()
    page.wait_for_url("**/preview/")
    page.check(f"[name=bad_rows][value={'skip' if skips else 'refuse'}]")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("#quality")).to_be_visible(timeout=DONE_MS)


def counts(page: Page) -> list[int]:
    """Return rows, added, changed, already there, refused."""
    return [int(text.replace(",", "")) for text in page.locator("main dl.stats dd").all_inner_texts()]


def test_a_list_in_cp932_with_a_bad_row_comes_in_without_it(visitors: Visitors, tmp_path: Path) -> None:
    path = tmp_path / "顧客一覧.csv"
    path.write_text(CSV, encoding="cp932")
    page = visitors.page()
    upload(page, path, "accounts")
    expect(page.locator("#reading")).to_contain_text("CP932")
    assert not barriers(page)
    page.locator("main form:not([action]) button[type=submit]").click()
    page.wait_for_url("**/preview/")
    assert not barriers(page)
    page.go_back()
    start(page)
    assert counts(page) == [3, 2, 0, 0, 1]
    assert not barriers(page)
    expect(page.locator("#refusals")).to_contain_text("3")
    with page.expect_download() as waiting:
        page.locator("a[href$='errors.csv']").click()
    kept = tmp_path / "errors.csv"
    waiting.value.save_as(kept)
    refused = kept.read_text(encoding="utf-8-sig")
    assert "K-002" in refused
    assert "K-001" not in refused
    page.goto("/accounts/?q=ひかり印刷")
    expect(page.locator("main tbody th[scope=row] a")).to_have_text(["株式会社ひかり印刷"])
    upload(page, path, "accounts")
    start(page)
    assert counts(page) == [3, 0, 0, 2, 1]


def set_rate(page: Page, currency: str, on: str, rate: str) -> None:
    """Say what a currency is worth: contracts in a currency without a rate are refused."""
    page.goto("/contracts/rates/")
    page.fill("[name=currency]", currency)
    page.fill("[name=on]", on)
    page.fill("[name=rate]", rate)
    page.locator("main form.form button[type=submit]").click()
    expect(page.locator("main table")).to_contain_text(currency)


def accounts_come_in(page: Page) -> None:
    upload(page, RAVENSTACK / "ravenstack_accounts.csv", "accounts")
    for column, target in ACCOUNTS.items():
        choose(page, column, target)
    start(page)
    assert counts(page) == [500, 500, 0, 0, 0]


def contracts_come_in(page: Page) -> None:
    upload(page, RAVENSTACK / "ravenstack_subscriptions.csv", "contracts")
    for column, target in CONTRACTS.items():
        choose(page, column, target)
    fix(page, currency="USD", term_months="1", name="{plan_tier} ({billing_frequency})")
    start(page)
    assert counts(page) == [5000, 5000, 0, 0, 0]


def usage_comes_in(page: Page) -> None:
    upload(page, RAVENSTACK / "ravenstack_feature_usage.csv", "usage")
    for column, target in USAGE.items():
        choose(page, column, target)
    start(page)
    assert counts(page) == [25_000, 24_979, 0, 21, 0]


def test_the_files_of_ravenstack_come_in_with_their_defects_reported(visitors: Visitors) -> None:
    if not RAVENSTACK.exists():
        pytest.skip(f"The data of ravenstack is not there: {RAVENSTACK}")
    page = visitors.page("en")
    set_rate(page, "USD", "2020-01-01", "150")
    accounts_come_in(page)
    contracts_come_in(page)
    usage_comes_in(page)
    rows = page.locator("#quality tbody tr").all()
    found = {row.locator("th").inner_text().splitlines()[0]: row.inner_text() for row in rows}
    assert "76.6%" in found["Use before the contract began"]
    assert any("21" in text for name, text in found.items() if "usage_id" in name or "ID" in name)
    with page.expect_download() as waiting:
        page.locator("a[href$='report.csv']").click()
    assert waiting.value.suggested_filename.endswith(".csv")
    page.goto("/accounts/?q=Company_0")
    expect(page.locator("main tbody th[scope=row] a").first).to_have_text("Company_0")
