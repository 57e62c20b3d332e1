"""Every page, ja and en, light and dark, wide and narrow: no barrier that axe finds, and within its budgets."""

from functools import partial

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Page, Route

from tests.journeys.browser import Language, Visitors
from tests.journeys.looks import SIDES, Looks
from tests.journeys.walk import STATES, STRANGERS, Walk, not_walked

pytestmark = pytest.mark.journey

LANGUAGES: tuple[Language, ...] = ("ja", "en")
ERRORS = ("400", "403", "403_csrf", "404", "429", "500")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_barrier_or_breaks_its_budget(visitors: Visitors, language: Language) -> None:
    looks = Looks(visitors, language)
    stranger = _stranger(visitors, language)
    for address in STRANGERS:
        looks.open(stranger, address)
    by_mail = _mailed_link(visitors, stranger, "guest@example.jp")
    looks.open(stranger, by_mail)
    page = visitors.page(language)
    walk = Walk(STATES)
    for address in walk:
        walk.meet(looks.open(page, address))
    assert not looks.faults, "\n".join(looks.faults)
    missed = not_walked([*STRANGERS, by_mail, *walk.walked])
    assert not missed, "\n".join(missed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_refusal_has_a_barrier(visitors: Visitors, language: Language) -> None:
    looks = Looks(visitors, language)
    page = _stranger(visitors, language)
    for name in ERRORS:
        with translation.override(language):
            text = render_to_string(f"{name}.html", request=HttpRequest() if name != "500" else None)
        page.route(f"**/refused/{name}/", partial(_answer, text))
        looks.open(page, f"/refused/{name}/")
    assert not looks.faults, "\n".join(looks.faults)


def _stranger(visitors: Visitors, language: Language) -> Page:
    width, theme = SIDES[language][0]
    return visitors.stranger(language, width=width, theme=theme)


def _answer(text: str, route: Route) -> None:
    route.fulfill(body=text, content_type="text/html; charset=utf-8")


def _mailed_link(visitors: Visitors, page: Page, email: str) -> str:
    """Ask for a new password and return the address in the mail."""
    page.goto("/account/password/reset/")
    page.fill("[name=email]", email)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/done/")
    return visitors.installation.mailed(r"/account/password/reset/key/[^\s]+")
