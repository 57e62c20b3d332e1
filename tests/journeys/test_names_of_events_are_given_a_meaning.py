"""Somebody merges two spellings of a feature, sees before what depends on it, and takes it back."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey


def test_two_spellings_become_one_feature_and_are_separated_again(visitors: Visitors) -> None:
    page = visitors.page("ja")
    page.goto("/settings/")
    page.get_by_role("link", name="イベント一覧").click()
    expect(page.get_by_role("table", name="イベント一覧")).to_contain_text("レポート閲覧")
    visitors.picture(page, "events")
    page.get_by_label("名前に含まれる文字").fill("Report Viewed")
    page.get_by_role("button", name="絞り込む").click()
    page.get_by_role("link", name="Report Viewed").click()
    expect(page.get_by_text("影響を受けるもの")).to_be_visible()
    page.get_by_label("統合先").select_option(label="レポート閲覧 (report_viewed)")
    visitors.picture(page, "event")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("このイベントは「レポート閲覧」として集計されます。")).to_be_visible()
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_text("元に戻しました。")).to_be_visible()
    expect(page.get_by_text("このイベントは「レポート閲覧」として集計されます。")).to_have_count(0)

    page.goto("/events/?text=debug")
    page.get_by_label("debug_ping").check()
    page.get_by_role("button", name="対象外にする").click()
    expect(page.get_by_text("1件の名前を集計の対象外にしました。")).to_be_visible()
