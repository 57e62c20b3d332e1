"""An installation whose tables are made once, as the tests of the command line need it many times."""

import shutil
from pathlib import Path

import pytest

from banso.site.tests.command_line import banso

EMAIL = "admin@example.jp"


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an installation with one user."""
    folder = tmp_path_factory.mktemp("made-once")
    done = banso("user", "create", "--email", EMAIL, "--name", "管理 者", data=folder)
    assert done.returncode == 0, done.stderr
    assert "Password: " in done.stdout
    return folder


@pytest.fixture
def installed(made_once: Path, tmp_path: Path) -> Path:
    """Return a folder with a copy of that installation."""
    return Path(shutil.copytree(made_once, tmp_path / "installed"))
