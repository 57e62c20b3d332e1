"""Every page, ja and en, light and dark, wide and narrow: no barrier that axe finds, nothing runs off the screen."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.barriers import barriers
from tests.journeys.browser import Language, Theme, Visitors

pytestmark = pytest.mark.journey

STRANGER: Final = ("/account/login/",)
PAGES: Final = (
    "/",
    "/?whose=all",
    "/?whose=all&when=soon",
    "/accounts/",
    "/accounts/?q=nobody-is-called-so",
    "/accounts/add/",
    "/accounts/{account}/",
    "/accounts/{account}/health/",
    "/accounts/{account}/edit/",
    "/accounts/{account}/people/",
    "/accounts/views/",
    "/accounts/settings/segments/",
    "/accounts/settings/stages/",
    "/accounts/settings/fields/",
    "/contracts/accounts/{account}/new/",
    "/contracts/rates/",
    "/health/accounts/{account}/pulse/",
    "/health/pulses/",
    "/health/scorecard/",
    "/health/scorecard/templates/usage_led/",
    "/health/scorecard/versions/1/",
    "/health/how/",
    "/imports/",
    "/imports/new/",
    "/settings/",
    "/settings/me/",
    "/settings/me/password/",
    "/settings/users/",
    "/settings/users/add/",
    "/settings/users/1/",
    "/settings/roles/",
    "/settings/teams/",
    "/settings/keys/",
    "/settings/company/",
    "/settings/audit/",
    "/operations/",
    "/operations/schedule/",
    "/operations/state/",
    "/account/logout/",
    "/ui/",
)
LOOKS: Final[tuple[tuple[Language, int, Theme], ...]] = (
    ("ja", 1440, "light"),
    ("ja", 390, "dark"),
    ("en", 1440, "dark"),
    ("en", 390, "light"),
)


@pytest.mark.parametrize(("language", "width", "theme"), LOOKS)
def test_no_page_has_a_barrier(visitors: Visitors, language: Language, width: int, theme: Theme) -> None:
    faults: list[str] = []
    stranger = visitors.stranger(language, width=width, theme=theme)
    for address in STRANGER:
        faults += _look(visitors, stranger, address, f"{language}-{width}-{theme}")
    page = visitors.page(language, width=width, theme=theme)
    account = _an_account(page)
    for address in PAGES:
        faults += _look(visitors, page, address.format(account=account), f"{language}-{width}-{theme}")
    assert not faults, "\n".join(faults)


def _an_account(page: Page) -> str:
    page.goto("/accounts/?sort=health")
    href = page.locator("main tbody th[scope=row] a").first.get_attribute("href")
    assert href
    return href.strip("/").split("/")[-1]


def _look(visitors: Visitors, page: Page, address: str, look: str) -> list[str]:
    answer = page.goto(address)
    assert answer
    assert answer.ok, f"{answer.status} {address}"
    for chart in page.locator("banso-chart").all():
        chart.scroll_into_view_if_needed()
        expect(chart).to_have_attribute("data-drawn", "")
    visitors.picture(page, f"{address.strip('/').replace('/', '-').replace('?', '-') or 'today'}-{look}")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    beyond = [f"{address} ({look}): {wide} px run off the screen"] if wide > 0 else []
    raw = [f"{address} ({look}): a component was left as it is written"] if "<c-" in page.content() else []
    return beyond + raw + [f"{address} ({look}): {text}" for text in barriers(page)]
