"""A person before a real browser: signed in once for each language, and everything that goes wrong is written down."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.journeys.installation import PASSWORD, Installation

type Language = Literal["ja", "en"]
type Theme = Literal["light", "dark"]

CHROMIUM: Final = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FAILURE: Final = 500
WAIT_MS: Final = 15_000
# Chromium says this of every form that comes back with its errors, which is how forms come back.
HARMLESS: Final = "the server responded with a status of 422"


@dataclass
class Faults:
    """What no page may do: errors in the console (a refusal by the CSP is one), uncaught errors, failed answers."""

    seen: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"{page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and HARMLESS not in message.text:
            self.seen.append(f"console: {message.text} ({message.location})")

    def _response(self, response: Response) -> None:
        if response.status >= FAILURE:
            self.seen.append(f"{response.status} {response.url}")


@dataclass
class Visitors:
    """Opens pages for people who are signed in; each signs in once in a whole run, so that no limit bites."""

    browser: Browser
    installation: Installation
    faults: Faults
    signed_in: dict[str, Any]
    screenshots: Path | None
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(
        self, language: Language = "ja", *, width: int = 1440, theme: Theme = "light", email: str | None = None
    ) -> Page:
        """Return a page of somebody who is signed in, in a window of this width and theme."""
        who = email or f"{language}@example.jp"
        if who not in self.signed_in:
            stranger = self.stranger(language)
            sign_in(stranger, who)
            self.signed_in[who] = json.dumps(stranger.context.storage_state())
        return self._open(language, width, theme, json.loads(self.signed_in[who]))

    def stranger(self, language: Language = "ja", *, width: int = 1440, theme: Theme = "light") -> Page:
        """Return a page of somebody who is not signed in."""
        return self._open(language, width, theme, None)

    def picture(self, page: Page, name: str) -> None:
        """Take a picture of the whole page, where pictures are wanted."""
        if self.screenshots:
            page.evaluate("scrollTo(0, 0)")  # what sticks to the screen would stand in the middle of the picture
            page.screenshot(path=self.screenshots / f"{name}.png", full_page=True)

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _open(self, language: Language, width: int, theme: Theme, state: Any) -> Page:
        context = self.browser.new_context(
            base_url=self.installation.address,
            locale={"ja": "ja-JP", "en": "en-GB"}[language],
            timezone_id="Asia/Tokyo",
            color_scheme=theme,
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            storage_state=state,
        )
        context.set_default_timeout(WAIT_MS)
        self.contexts.append(context)
        page = context.new_page()
        self.faults.watch(page)
        return page


def sign_in(page: Page, email: str) -> None:
    """Sign somebody in at the front door."""
    page.goto("/account/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/")


def chromium() -> str | None:
    """Return the browser of this machine."""
    return next((path for path in CHROMIUM if os.access(path, os.X_OK)), None)
