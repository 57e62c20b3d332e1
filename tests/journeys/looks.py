"""Looks at a page from two sides: two widths, each in a theme, and the narrowest; what opens on it, what it weighs."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect

from tests.journeys.barriers import barriers, bring_axe
from tests.journeys.browser import Language, Theme, Visitors

MEASURING: Final = Path(__file__).with_name("measuring.js").read_text()
WIDE: Final = 1440
PHONE: Final = 390
NARROWEST: Final = 320
HEIGHT: Final = 900
# Each language loads its pages in another width, so that the layout is seen to stand still while it loads in both, and
# looks at the other width in the dark: any two of language, width and theme are met together.
SIDES: Final[dict[Language, tuple[tuple[int, Theme], ...]]] = {
    "ja": ((WIDE, "light"), (PHONE, "dark")),
    "en": ((PHONE, "light"), (WIDE, "dark")),
}


@dataclass
class Looks:
    """Looks at pages in one language, and keeps what is wrong with them."""

    visitors: Visitors
    language: Language
    faults: list[str] = field(default_factory=list)
    _opened: set[str] = field(default_factory=set)

    def open(self, page: Page, address: str) -> list[str]:
        """Open a page, look at it from its sides, and return the addresses that it links to."""
        width, theme = SIDES[self.language][0]
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=theme)
        answer = page.goto(address)
        assert answer
        assert answer.ok, f"{answer.status} {address}"
        return self.look(page, address)

    def look(self, page: Page, name: str) -> list[str]:
        """Look at a page that has just been loaded and at what opens on it; return the addresses that it links to."""
        for chart in page.locator("banso-chart").all():
            chart.scroll_into_view_if_needed()
            expect(chart).to_have_attribute("data-drawn", "")
        self._bring_tools(page)
        self._note(name, page.evaluate("measuring.budgets()"))
        self.around(page, name, opens=True)
        links: list[str] = page.evaluate("measuring.links()")
        return links

    def around(self, page: Page, name: str, *, opens: bool = False) -> None:
        """Look at a page as it stands, in all widths."""
        self._bring_tools(page)
        for width, theme in SIDES[self.language]:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.emulate_media(color_scheme=theme)
            where = f"{name} ({self.language}-{width}-{theme})"
            self._note(where, page.evaluate("(async () => [...(await measuring.beyond()), ...measuring.small()])()"))
            self._note(where, barriers(page))
            if opens:
                self._openings(page, where)
            self.visitors.picture(page, f"{_file_name(name)}-{self.language}-{width}-{theme}")
        page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
        self._note(f"{name} ({self.language}-{NARROWEST})", page.evaluate("measuring.beyond()"))

    def _bring_tools(self, page: Page) -> None:
        if not page.evaluate("'measuring' in window"):
            page.evaluate(MEASURING)
        bring_axe(page)

    def _openings(self, page: Page, where: str) -> None:
        width = page.evaluate("innerWidth")
        for kind, at in page.evaluate("measuring.openers()"):
            if f"{width} {kind}" in self._opened:
                continue
            self._opened.add(f"{width} {kind}")
            self._note(f"{where}, {kind!r} open", page.evaluate("at => measuring.opened(at)", at))
            self._note(f"{where}, {kind!r} open", barriers(page, within="[data-walked]"))
            page.evaluate("measuring.close()")

    def _note(self, where: str, found: list[str]) -> None:
        self.faults += [f"{where}: {one}" for one in found]


def _file_name(name: str) -> str:
    return name.strip("/").translate(str.maketrans("/?&=", "----"))[:60] or "today"
