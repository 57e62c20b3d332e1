"""Starts `banso` as a person would: another process, a folder of its own, no settings of ours."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

COMMAND: Final = (sys.executable, "-m", "banso.site.cli")


def environment(data: Path | None, **settings: str) -> dict[str, str]:
    """Return an environment with these settings only."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("BANSO_", "DJANGO_", "PYTEST_"))}
    own = {"BANSO_DATA": str(data)} if data else {}
    return {**plain, "BANSO_LANGUAGE": "en", "LANG": "C.UTF-8", **own, **settings}


def banso(
    *arguments: str, data: Path | None, cwd: Path | None = None, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return _ended([*COMMAND, *arguments], environment(data, **(settings or {})), cwd)


def fill(script: str, *, data: Path) -> None:
    """Run a script that puts something into an installation, as another process."""
    done = _ended([sys.executable, "-c", script], environment(data))
    assert done.returncode == 0, done.stderr


def _ended(
    command: list[str], surroundings: dict[str, str], cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own commands
        command,
        env=surroundings,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
