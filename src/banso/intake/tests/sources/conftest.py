"""A folder that sources may read, and a time at which its files lie quiet."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def incoming(settings: Settings, tmp_path: Path) -> Path:
    root = tmp_path / "incoming"
    root.mkdir()
    settings.SOURCE_FOLDERS = (root,)
    return root


@pytest.fixture
def later() -> datetime:
    """Return a moment at which files written in this test have long been left alone."""
    return datetime.now(UTC) + timedelta(minutes=10)
