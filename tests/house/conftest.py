"""What the tests of the laws stand on: the project's folder, and small projects with a planted fault."""

from collections.abc import Callable
from pathlib import Path

import pytest

type Plant = Callable[[dict[str, str]], Path]


@pytest.fixture(scope="session")
def project() -> Path:
    """Return the folder of this project."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Return a function that writes a small project from its files' texts and returns its folder."""

    def write(texts: dict[str, str]) -> Path:
        for name, text in texts.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write
