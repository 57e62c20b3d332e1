"""Somebody forgets their password, chooses a new one by the link in the mail, and is signed out everywhere else."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Visitors, sign_in
from tests.journeys.installation import PASSWORD

pytestmark = pytest.mark.journey
EMAIL = "forgets@example.jp"  # nobody else signs in as her
NEW = "nine-herons-wait-in-rain"
SIGN_IN = re.compile("/account/login/")
LINK = r"/account/password/reset/key/[^\s]+"


def test_a_new_password_comes_by_mail_and_the_old_one_is_refused(visitors: Visitors) -> None:
    elsewhere = visitors.stranger()
    sign_in(elsewhere, EMAIL)
    page = visitors.stranger()
    page.goto("/account/login/")
    page.get_by_role("link", name="パスワードを忘れ").click()
    page.fill("[name=email]", EMAIL)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("メールを確認してください")
    link = visitors.installation.mailed(LINK)
    page.goto(link)
    page.fill("[name=password1]", "short")
    page.fill("[name=password2]", "short")
    page.keyboard.press("Enter")
    expect(page.locator(".field-error").first).to_be_visible()
    visitors.picture(page, "password-refused")
    page.fill("[name=password1]", NEW)
    page.fill("[name=password2]", NEW)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="サインインに進む").click()

    enter(page, PASSWORD)
    expect(page.locator("main")).to_contain_text("パスワードが")
    expect(page).to_have_url(SIGN_IN)
    enter(page, NEW)
    page.wait_for_url("**/")
    elsewhere.goto("/accounts/")
    expect(elsewhere).to_have_url(SIGN_IN)
    used = visitors.stranger()
    used.goto(link)
    expect(used.get_by_role("heading", level=1)).to_have_text("このリンクは使えません")


def enter(page: Page, password: str) -> None:
    page.fill("[name=login]", EMAIL)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
