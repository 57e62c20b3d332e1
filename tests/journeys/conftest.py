"""What every journey stands on: a running installation, and people before real browsers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.browser import FLAGS, Faults, Visitors, chromium
from tests.journeys.installation import EMPTY, Installation, running


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", type=Path, default=None, help="Folder into which a picture of every page goes.")


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Installation]:
    """Fill and start an installation, after it is known that there is a browser for it."""
    assert browser.is_connected()
    with running(tmp_path_factory.mktemp("installation")) as one:
        yield one


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the machine's own Chromium."""
    path = chromium()
    if path is None:
        why = "There is no Chromium on this machine. On Debian: apt-get install chromium fonts-noto-cjk"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield one
        one.close()


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """Keep who signed in for the whole run."""
    return {}


@pytest.fixture
def visitors(
    browser: Browser, installation: Installation, signed_in: dict[str, Any], request: pytest.FixtureRequest
) -> Iterator[Visitors]:
    """Open pages; whatever went wrong on one of them fails the journey."""
    with _visiting(browser, installation, signed_in, request) as them:
        yield them


@pytest.fixture
def first_visitors(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Visitors]:
    """Open pages of an installation that holds nothing but its staff."""
    assert browser.is_connected()
    with running(tmp_path, fill=EMPTY) as one, _visiting(browser, one, {}, request) as them:
        yield them


@contextmanager
def _visiting(
    browser: Browser, installation: Installation, signed_in: dict[str, Any], request: pytest.FixtureRequest
) -> Iterator[Visitors]:
    screenshots: Path | None = request.config.getoption("--screenshots")
    if screenshots:
        screenshots.mkdir(parents=True, exist_ok=True)
    faults = Faults()
    all_of_them = Visitors(browser, installation, faults, signed_in, screenshots)
    yield all_of_them
    all_of_them.close()
    assert not faults.seen, "\n".join(faults.seen)
