"""Pages are taken to a meeting on paper: no navigation, all within the sheet, heads of tables on each."""

from typing import Final

import pytest

from tests.journeys.browser import Visitors
from tests.journeys.marks import seen_first

pytestmark = pytest.mark.journey

# What A4 leaves between margins of 14 mm, in CSS pixels, upright and on its side.
SHEETS: Final = ((688, 1017), (1017, 688))
SCREEN_ONLY: Final = (
    ".shell-bar, .shell-nav, .page-actions, .toolbar, .pagination nav, .check-cell, .actions-cell, .how"
)
SEEN: Final = """selector =>
    [...document.querySelectorAll(selector)].filter(one => one.checkVisibility()).map(one => one.className)"""
HEADS: Final = "[...document.querySelectorAll('.table thead')].map(one => getComputedStyle(one).display)"


def test_pages_are_printed_without_what_only_a_screen_needs(visitors: Visitors) -> None:
    pages = seen_first(visitors)
    page = visitors.page()
    for name in ("today", "list of accounts", "account"):
        page.goto(pages[name].address)
        page.emulate_media(media="print")
        for width, height in SHEETS:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(SEEN, SCREEN_ONLY) == [], name
            assert set(page.evaluate(HEADS)) <= {"table-header-group"}, name
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name}: {wide} px beyond a sheet of {width}"
            visitors.picture(page, f"print-{name.replace(' ', '-')}-{width}")
        assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
        page.emulate_media(media="screen")
