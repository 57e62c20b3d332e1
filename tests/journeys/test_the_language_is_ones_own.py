"""Somebody switches the language, before signing in by the browser and afterwards for good."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey


def test_the_language_is_switched_and_stays(visitors: Visitors) -> None:
    page = visitors.page(email="guest@example.jp")
    page.goto("/accounts/")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    assert page.locator("h1").inner_text() == "アカウント"
    page.locator(".shell-user details.menu > summary").click()
    page.locator(".shell-user button[name=language][value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/accounts/")
    assert page.locator("h1").inner_text() == "Accounts"
    page.goto("/settings/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_strangers_browser_says_which_language(visitors: Visitors) -> None:
    for language, words in (("ja", "サインイン"), ("en", "Sign in")):
        page = visitors.stranger("ja" if language == "ja" else "en")
        page.goto("/account/login/")
        expect(page.locator("html")).to_have_attribute("lang", language)
        heading = page.locator("h1").inner_text()
        assert heading.isascii() == words.isascii()
