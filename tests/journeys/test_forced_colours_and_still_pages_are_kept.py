"""For those who choose their own colours or want nothing to move: forced colours and reduced motion."""

from typing import Final

import pytest

from tests.journeys.browser import Visitors
from tests.journeys.marks import seen_first

pytestmark = pytest.mark.journey

EDGES: Final = """() => [...document.querySelectorAll(".btn, .badge, .chip, .notice, .input, .select, .checkbox")]
    .filter(one => one.checkVisibility() && !one.disabled)
    .map(one => [one, getComputedStyle(one)])
    .filter(([, look]) => look.borderTopStyle === "none" || parseFloat(look.borderTopWidth) === 0)
    .map(([one]) => one.outerHTML.slice(0, 100))"""
CURRENT: Final = """() => [...document.querySelectorAll("[aria-current]:is(a)")]
    .filter(one => one.checkVisibility())
    .filter(one => getComputedStyle(one).outlineStyle === "none")
    .map(one => one.outerHTML.slice(0, 100))"""
MOVING: Final = """() => document.getAnimations()
    .filter(one => one.effect.getComputedTiming().duration > 20 || one.effect.getComputedTiming().iterations > 1)
    .map(one => one.effect.target.outerHTML.slice(0, 100))"""


def test_edges_and_places_are_seen_in_forced_colours_and_nothing_moves(visitors: Visitors) -> None:
    addresses = {name: one.address for name, one in seen_first(visitors).items() if one.headers}
    page = visitors.page()
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    for name, address in {**addresses, "kit": "/ui/"}.items():
        page.goto(address)
        for chart in page.locator("banso-chart").all():
            chart.scroll_into_view_if_needed()
            chart.locator("svg").first.wait_for()
        assert page.evaluate(EDGES) == [], name
        assert page.evaluate(CURRENT) == [], name
        assert page.evaluate(MOVING) == [], name
        visitors.picture(page, f"forced-colours-{name.replace(' ', '-')}")
