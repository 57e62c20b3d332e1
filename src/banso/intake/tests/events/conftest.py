"""Nothing of one test is remembered in the next: no key, no open segment."""

from collections.abc import Iterator

import pytest

from banso.intake.actions.events import spooling
from banso.intake.rest import events


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    """Be as a server process that has just started."""
    events.KEYS.forget()
    yield
    spooling.close_spool()
