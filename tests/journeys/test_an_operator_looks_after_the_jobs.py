"""An operator sees what the installation does by itself, runs a job at once, and pauses one."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey
HEALTH = "ヘルスの計算"


def test_a_job_is_run_at_once_and_its_rhythm_paused_and_resumed(visitors: Visitors) -> None:
    page = visitors.page("ja")
    page.goto("/settings/")
    page.get_by_role("link", name="運用").click()
    expect(page.get_by_role("heading", level=1, name="運用")).to_be_visible()
    page.get_by_role("link", name="スケジュール", exact=True).click()
    nightly = page.get_by_role("row").filter(has_text="契約の更新と解約通知期限の計算")
    nightly.get_by_role("button", name="を一時停止").click()
    expect(nightly).to_contain_text("一時停止中")
    visitors.picture(page, "operations-schedule-paused")
    nightly.get_by_role("button", name="を再開").click()
    expect(nightly).not_to_contain_text("一時停止中")

    page.get_by_role("row").filter(has_text=HEALTH).first.get_by_role("button", name="をすぐに実行").click()
    page.get_by_role("link", name="ジョブ", exact=True).click()
    newest = page.locator("#jobs tbody tr").filter(has_text=HEALTH).first
    expect(newest).to_contain_text("成功", timeout=60_000)
    visitors.picture(page, "operations-jobs")
    newest.get_by_role("link", name=HEALTH).click()
    expect(page.get_by_text("banso.health.jobs.recompute_health")).to_be_visible()
    visitors.picture(page, "operations-job")


@pytest.mark.parametrize(("language", "width"), [("ja", 1440), ("ja", 390), ("en", 1440), ("en", 390)])
def test_the_state_of_every_part_is_said_in_words(visitors: Visitors, language: str, width: int) -> None:
    page: Page = visitors.page("ja" if language == "ja" else "en", width=width)
    for name in ("", "schedule/", "state/"):
        page.goto(f"/operations/{name}")
        visitors.picture(page, f"operations-{name.strip('/') or 'list'}-{language}-{width}")
    expect(page.get_by_role("row").filter(has_text="duckdb")).to_contain_text("正常" if language == "ja" else "Works")
