"""Somebody signs in and sees at once whom to contact, what for, why and until when."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors, sign_in

pytestmark = pytest.mark.journey


def test_the_first_page_says_in_japanese_whom_what_why_and_until_when(visitors: Visitors) -> None:
    page = visitors.stranger()
    page.goto("/accounts/")
    expect(page).to_have_url(f"{visitors.installation.address}/account/login/?next=/accounts/")
    sign_in(page, "ja@example.jp")
    page.goto("/?whose=all")
    assert page.locator("html").get_attribute("lang") == "ja"
    expect(page.locator("h1")).to_have_count(1)
    rows = page.locator("main table[data-rows] tbody tr")
    if not rows.count():
        page.goto("/?whose=all&when=soon")
    assert rows.count()
    for row in rows.all():
        name, what, why, until = (
            row.locator("th[scope=row] a").inner_text(),
            row.locator("td strong").first.inner_text(),
            row.locator("td .second").first.inner_text(),
            row.locator("td.nowrap").inner_text(),
        )
        assert name
        assert what
        assert why
        assert "/" in until  # a day such as 2026/11/22
    days = [row.locator("td.nowrap .second").inner_text() for row in rows.all()]
    assert all(day[:4].isdecimal() for day in days)


def test_a_wrong_password_is_refused_in_words(visitors: Visitors) -> None:
    page = visitors.stranger()
    page.goto("/account/login/")
    page.fill("[name=login]", "nobody@example.jp")
    page.fill("[name=password]", "not the password")
    page.click("main button[type=submit]")
    expect(page.locator("main .notice")).to_be_visible()
    assert page.locator("main .notice").inner_text().strip()
    assert page.url.endswith("/account/login/")
