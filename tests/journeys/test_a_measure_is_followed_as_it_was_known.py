"""A measure's page shows half a year, as it happened and as it was known on each Monday."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey


def test_a_measure_is_followed_as_it_happened_and_as_it_was_known(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/usage/measures/")
    page.click("main a[href='/usage/measures/active_days/']")
    course = page.locator("#course")
    expect(course.locator(".chart")).to_be_visible()
    expect(course.locator("[aria-current=page]")).to_have_text("発生日で数える")

    course.get_by_role("link", name="当時わかっていた分だけ").click()

    expect(page).to_have_url(re.compile(r"/usage/measures/active_days/\?known=received#course$"))
    expect(course.locator(".chart")).to_be_visible()
    expect(course.locator("[aria-current=page]")).to_have_text("当時わかっていた分だけ")
    expect(course).to_contain_text("月曜日までに届いていたイベントだけ")
