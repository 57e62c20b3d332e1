"""Pages in the states that work brings about: opened, chosen, refused, in the middle of an import, and empty."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Language, Visitors
from tests.journeys.looks import Looks

pytestmark = pytest.mark.journey

LANGUAGES: Final[tuple[Language, ...]] = ("ja", "en")
REFUSING: Final = (
    "/accounts/add/",
    "/accounts/{account}/edit/",
    "/accounts/{account}/people/",
    "/contracts/accounts/{account}/new/",
    "/health/accounts/{account}/pulse/",
    "/imports/new/",
    "/settings/me/password/",
    "/settings/users/add/",
    "/usage/releases/add/",
)
EMPTY: Final = (
    "/",
    "/accounts/",
    "/accounts/settings/fields/",
    "/accounts/settings/segments/",
    "/accounts/views/",
    "/adoption/",
    "/adoption/funnel/",
    "/contracts/rates/",
    "/health/how/",
    "/health/pulses/",
    "/health/scorecard/",
    "/imports/",
    "/operations/",
    "/settings/audit/",
    "/settings/keys/",
    "/settings/teams/",
    "/usage/releases/",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_keys_and_boxes_open_has_no_barrier(visitors: Visitors, language: Language) -> None:
    page, looks = visitors.page(language), Looks(visitors, language)
    page.goto("/accounts/")
    page.keyboard.press("?")
    expect(page.locator("dialog#shortcuts")).to_be_visible()
    looks.around(page, "shortcuts")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("タビジ商店")
    expect(page.locator("#palette [role=option]").nth(1)).to_be_visible()
    looks.around(page, "palette")
    page.keyboard.press("Escape")
    for place in range(2):
        page.locator("input.row-check").nth(place).check()
    expect(page.locator(".bulk")).to_be_visible()
    looks.around(page, "rows chosen")
    page.locator("a[data-preview]").first.click()
    expect(page.locator("dialog#preview h3").first).to_be_visible()
    looks.around(page, "preview beside the list")
    assert not looks.faults, "\n".join(looks.faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_that_is_refused_has_no_barrier(visitors: Visitors, language: Language) -> None:
    page, looks = visitors.page(language), Looks(visitors, language)
    page.goto("/accounts/?sort=health")
    account = str(page.locator("main tbody th[scope=row] a").first.get_attribute("href")).strip("/").split("/")[-1]
    for address in REFUSING:
        page.goto(address.format(account=account))
        _send_nothing(page)
        expect(page.locator(".field-error, .notice").first).to_be_visible()
        looks.around(page, f"{address} refused")
    assert not looks.faults, "\n".join(looks.faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_step_of_an_import_has_a_barrier(visitors: Visitors, language: Language, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text(
        f"顧客コード,会社名,利用開始日\nL-{language}-1,株式会社いろは,2025/04/01\nL-{language}-2,株式会社にほへ,初夏\n",
        encoding="utf-8",
    )
    page, looks = visitors.page(language), Looks(visitors, language)
    page.goto("/imports/new/")
    page.select_option("[name=kind]", "accounts")
    page.set_input_files("[name=file]", path)
    looks.around(page, "a file is chosen")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/columns/")
    looks.look(page, "columns of an import")
    page.locator("main form:not([action]) button[type=submit]").click()
    page.wait_for_url("**/preview/")
    looks.look(page, "preview of an import")
    page.check("[name=bad_rows][value=skip]")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("#quality")).to_be_visible(timeout=60_000)
    page.reload()
    looks.look(page, "result of an import")
    assert not looks.faults, "\n".join(looks.faults)


def test_nothing_that_is_empty_has_a_barrier(first_visitors: Visitors) -> None:
    faults = []
    for language in LANGUAGES:
        page, looks = first_visitors.page(language), Looks(first_visitors, language)
        for address in EMPTY:
            looks.open(page, address)
        faults += looks.faults
    assert not faults, "\n".join(faults)


def _send_nothing(page: Page) -> None:
    """Send the page's own form with all that can be typed taken out, past the checks of the browser."""
    form = page.locator("main form:has(.btn-primary[type=submit])").last
    form.evaluate("""form => {
        form.noValidate = true;
        for (const field of form.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), textarea"))
            field.value = "";
    }""")
    form.locator(".btn-primary[type=submit]").click()
