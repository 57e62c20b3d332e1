"""Somebody sees where they are signed in, signs out a device that was left behind, and then all others."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors, sign_in

pytestmark = pytest.mark.journey
EMAIL = "guest@example.jp"
SIGN_IN = re.compile("/account/login/")


def test_one_device_is_signed_out_then_all_others(visitors: Visitors) -> None:
    left_behind, mine, tablet = visitors.stranger(), visitors.stranger(), visitors.stranger("ja", width=390)
    for device in (tablet, left_behind, mine):
        sign_in(device, EMAIL)
    visitors.signed_in.pop(EMAIL, None)  # the session that other journeys share ends here, too
    mine.goto("/settings/")
    mine.get_by_role("link", name="個人設定").first.click()
    rows = mine.locator("#sessions tbody tr")
    here = rows.filter(has_text="この端末")
    expect(here).to_have_count(1)
    expect(here.get_by_role("button")).to_have_count(0)
    before = rows.count()
    visitors.picture(mine, "sessions-ja-1440")
    # The one in hand first, then the newest.
    rows.nth(1).get_by_role("button", name="サインアウト").press("Enter")
    expect(mine.get_by_text("その端末からサインアウトしました。")).to_be_visible()
    expect(rows).to_have_count(before - 1)
    left_behind.reload()
    expect(left_behind).to_have_url(SIGN_IN)
    tablet.goto("/settings/me/")
    expect(tablet.locator("#sessions tbody tr").filter(has_text="この端末")).to_have_count(1)
    visitors.picture(tablet, "sessions-ja-390")

    mine.get_by_role("button", name="ほかの端末からサインアウト").click()
    expect(rows).to_have_count(1)
    tablet.reload()
    expect(tablet).to_have_url(SIGN_IN)
    mine.reload()
    expect(here).to_have_count(1)
