"""Somebody finds out why events were not counted, corrects one, discards others, and takes that back."""

import json

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey
REASON = "日時が存在しません。"


def test_an_event_is_corrected_and_others_are_discarded_and_brought_back(visitors: Visitors) -> None:
    page = visitors.page("ja")
    page.goto("/imports/")
    page.get_by_role("link", name="隔離").click()
    page.get_by_role("table", name="理由").get_by_role("link", name=REASON).click()
    events = page.get_by_role("table", name="隔離中のイベント")
    expect(events.locator("tbody tr")).to_have_count(3)
    visitors.picture(page, "quarantine-of-a-reason")

    events.get_by_role("link").first.click()
    page.get_by_text("イベントを修正").click()
    field = page.get_by_label("イベント（JSON）")
    said = json.loads(field.input_value())
    field.fill("{")
    page.get_by_role("button", name="修正して取り込む").click()
    expect(page.get_by_text("イベントがJSONではありません。").first).to_be_visible()
    page.get_by_label("イベント（JSON）").fill(json.dumps(said | {"timestamp": "2026-04-01T10:00:00+09:00"}))
    page.get_by_role("button", name="修正して取り込む").click()
    expect(page.get_by_text("イベントを取り込みました。")).to_be_visible()

    page.get_by_role("table", name="理由").get_by_role("link", name=REASON).click()
    page.get_by_label("このページをすべて選択").check()
    page.get_by_role("button", name="破棄", exact=True).click()
    expect(page.get_by_text("2件のイベントを破棄しました。")).to_be_visible()
    visitors.picture(page, "quarantine-discarded")
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_text("2件のイベントを戻しました。")).to_be_visible()
    expect(page.get_by_role("table", name="理由").get_by_role("row").filter(has_text=REASON)).to_contain_text("2")
