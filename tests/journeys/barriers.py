"""What axe objects to on a page, by WCAG 2.2 AA and good practice."""

import json
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS: Final = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": TAGS},
    "preload": False,  # it would fetch styles anew; the page has them
}


def barriers(page: Page) -> list[str]:
    """Return what axe objects to, one sentence for each element."""
    # Evaluated by the debugger, not put into the page as a script: the page's CSP stays in force.
    page.evaluate(Axe().axe_script)
    result: dict[str, Any] = page.evaluate(f"axe.run(document, {json.dumps(OPTIONS)})")
    return [
        f"{one['id']} {node['target']}: {node['failureSummary']}".replace("\n", " ") + f" {node['html'][:160]}"
        for one in result["violations"]
        for node in one["nodes"]
    ]
