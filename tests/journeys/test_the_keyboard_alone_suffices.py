"""Without a mouse: an account is found by its name, a pulse recorded, and read on the account's page."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Visitors

pytestmark = pytest.mark.journey

MOST_STEPS = 60
# Where the focus stands, whether it is seen at all, and how much of it lies free of what sticks to the screen.
FOCUS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const box = one.getBoundingClientRect(), look = getComputedStyle(one);
    const parts = [0.1, 0.5, 0.9];
    const points = parts.flatMap(x => parts.map(y => [box.left + box.width * x, box.top + box.height * y]));
    const free = points.filter(([x, y]) => {
        const top = document.elementFromPoint(x, y);
        return top && (one.contains(top) || top.contains(one));
    });
    const seen = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 1;
    return { name: one.outerHTML.slice(0, 100), seen, free: free.length };
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands on the element, as somebody does who has no mouse."""
    for _step in range(MOST_STEPS):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def test_an_account_is_found_and_judged(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/accounts/?sort=name")
    link = page.locator("main tbody th[scope=row] a").nth(1)
    name, address = link.inner_text(), link.get_attribute("href")
    page.goto("/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.type(name)
    expect(page.locator("#palette [role=option]").first).to_contain_text(name)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    page.keyboard.press("p")
    page.wait_for_url("**/pulse/**")
    tab_to(page, "#pulse-form [name=rating]")
    page.keyboard.press("Space")
    tab_to(page, "#pulse-form [name=reason]")
    page.keyboard.type("電話で話し、満足の声を聞きました。")
    tab_to(page, "#pulse-form button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status] form.notice-action")).to_be_visible()
    page.goto(str(address))
    expect(page.locator(".summary-bar .stat").nth(1)).to_contain_text("5 / 5")
    expect(page.locator("#timeline")).to_contain_text("5")


def test_shortcuts_are_listed_and_let_go(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/")
    page.keyboard.press("?")
    expect(page.locator("dialog#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#shortcuts")).to_be_hidden()


def test_a_file_is_brought_in(visitors: Visitors, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("顧客コード,会社名\nT-001,株式会社たぬき運送\n", encoding="utf-8")
    page = visitors.page()
    page.goto("/imports/new/")
    tab_to(page, "[name=file]")
    # The field has the focus; the window that the key would open is the browser's own, and a busy one opens none.
    page.locator(":focus").set_input_files(path)
    tab_to(page, "main button[type=submit].btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/columns/")
    tab_to(page, "main button[type=submit].btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/preview/")
    tab_to(page, "main button[type=submit].btn-primary")
    page.keyboard.press("Enter")
    expect(page.locator("#quality")).to_be_visible()
    page.goto("/accounts/?q=たぬき運送")
    expect(page.locator("main tbody th[scope=row] a")).to_have_text(["株式会社たぬき運送"])


@pytest.mark.parametrize("width", [1440, 390])
def test_the_focus_is_seen_and_never_under_what_sticks(visitors: Visitors, width: int) -> None:
    page = visitors.page(width=width)
    page.goto("/accounts/?sort=health")
    account = str(page.locator("main tbody th[scope=row] a").first.get_attribute("href"))
    hidden = []
    for address, key in ((account, "Tab"), (account, "Shift+Tab"), ("/accounts/", "Tab"), ("/accounts/", "Shift+Tab")):
        page.goto(address)
        page.locator("h1").first.wait_for()
        for _step in range(MOST_STEPS):
            page.keyboard.press(key)
            focus = page.evaluate(FOCUS)
            if focus and not (focus["seen"] and focus["free"]):
                hidden.append(f"{address} ({width}, {key}): {focus}")
    assert not hidden, "\n".join(hidden)
