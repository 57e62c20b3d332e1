"""Days and files are asked for in the language of the page, whatever the browser speaks, and by keyboard too."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Language, Visitors

pytestmark = pytest.mark.journey
CHOOSE: dict[Language, str] = {"ja": "ファイルを選択", "en": "Choose a file"}
NONE: dict[Language, str] = {"ja": "ファイルは選択されていません", "en": "No file chosen"}


def test_a_day_is_typed_in_the_japanese_way_or_chosen_from_a_calendar(visitors: Visitors) -> None:
    page = visitors.page("ja")
    page.goto("/ui/")
    day = page.get_by_label("開始日").first
    day.fill("令和8年4月1日")
    calendar = page.get_by_role("button", name="開始日をカレンダーから選択").first
    day.press("Tab")
    expect(calendar).to_be_focused()
    calendar.press("Enter")
    # The calendar itself is the browser's; what it gives stands in the field as if it had been typed.
    page.locator("banso-day .day-calendar").first.evaluate(
        "one => { one.value = '2026-05-20'; one.dispatchEvent(new Event('change')) }"
    )
    expect(day).to_have_value("2026/05/20")
    expect(day).to_be_focused()


@pytest.mark.parametrize(("language", "width"), [("ja", 1440), ("ja", 390), ("en", 1440)])
def test_a_file_is_chosen_by_a_button_in_the_pages_language(
    visitors: Visitors, tmp_path: Path, language: Language, width: int
) -> None:
    page = visitors.page(language, width=width)
    page.goto("/imports/new/")
    field = page.get_by_role("button", name=CHOOSE[language])
    expect(page.locator(".drop-name")).to_have_text(NONE[language])
    field.focus()
    assert page.locator(".drop").evaluate("one => getComputedStyle(one).outlineStyle") != "none"
    visitors.picture(page, f"file-{language}-{width}")
    path = tmp_path / "取引先.csv"
    path.write_text("id,name\nA-1,アクメ\n")
    with page.expect_file_chooser() as chooser:
        field.press("Enter")
    chooser.value.set_files(path)
    expect(page.locator(".drop-name")).to_contain_text("取引先.csv")
