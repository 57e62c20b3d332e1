"""What axe objects to on a page, by WCAG 2.2 AA and good practice, and what opens on it."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.browser import Theme

TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS: Final = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": TAGS},
    "preload": False,  # it would fetch styles anew; the page has them
}
# A theme changes colours and nothing else, so only what looks at colours is asked again.
COLOURS: Final = {**OPTIONS, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
RUN: Final = "([region, options]) => axe.run(region ?? document, options)"


def barriers(page: Page, options: dict[str, Any] = OPTIONS, *, within: str | None = None) -> list[str]:
    """Return what axe objects to on a page, or within what a selector finds, one sentence for each element."""
    bring_axe(page)
    return _sentences(page.evaluate(RUN, [within, options]))


def bring_axe(page: Page) -> None:
    """Have axe on the page, once for each load."""
    # Evaluated by the debugger, not put into the page as a script: the page's CSP stays in force.
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)


def barriers_in_both_themes(page: Page, first: Theme) -> list[str]:
    """Return what axe objects to in one theme, and what it says of the colours of the other."""
    other: Theme = "dark" if first == "light" else "light"
    found = []
    for theme, options in ((first, OPTIONS), (other, COLOURS)):
        page.emulate_media(color_scheme=theme)
        found += [f"({theme}) {one}" for one in barriers(page, options)]
    return found


def _sentences(result: dict[str, Any]) -> list[str]:
    return [
        f"{one['id']} {node['target']}: {node['failureSummary']}".replace("\n", " ") + f" {node['html'][:160]}"
        for one in result["violations"]
        for node in one["nodes"]
    ]
