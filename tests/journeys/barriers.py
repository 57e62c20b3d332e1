"""What axe objects to on a page, by WCAG 2.2 AA and good practice, and what opens on it."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS: Final = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": TAGS},
    "preload": False,  # it would fetch styles anew; the page has them
}
# Bars that stay on the screen cover what happens to be scrolled below them, and axe calls that half a target. One
# scrolls on, so the page is looked at as it lies without them; that what has the focus is never covered, by any key,
# the journey of the keyboard sees.
RUN: Final = """async ([region, options]) => {
    const lying = new CSSStyleSheet();
    lying.replaceSync(":is(.shell-bar, .shell-nav, .summary-bar, .bulk, thead th) { position: static !important; }");
    document.adoptedStyleSheets.push(lying);
    try {
        return await axe.run(region ?? document, options);
    } finally {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== lying);
    }
}"""


def barriers(page: Page, *, within: str | None = None) -> list[str]:
    """Return what axe objects to on a page, or within what a selector finds, one sentence for each element."""
    bring_axe(page)
    return _sentences(page.evaluate(RUN, [within, OPTIONS]))


def bring_axe(page: Page) -> None:
    """Have axe on the page, once for each load."""
    # Evaluated by the debugger, not put into the page as a script: the page's CSP stays in force.
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)


def _sentences(result: dict[str, Any]) -> list[str]:
    return [
        f"{one['id']} {node['target']}: {node['failureSummary']}".replace("\n", " ") + f" {node['html'][:160]}"
        for one in result["violations"]
        for node in one["nodes"]
    ]
