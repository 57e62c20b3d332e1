"""Areas, files and doors: import-linter finds no fault, and would find each kind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.conftest import Plant

AREAS = [
    "site",
    "demo",
    "desk",
    "intake",
    "growth",
    "health",
    "usage",
    "contracts",
    "accounts",
    "journal",
    "operations",
    "api",
    "people",
    "ui",
    "shared",
    "science",
]
FAULTS = {
    "an area that knows a higher one": ({"accounts/queries.py": "from banso.health import queries"}, "banso.accounts"),
    "siblings that know each other": ({"usage/actions.py": "from banso.contracts import queries"}, "banso.contracts"),
    "an area that nobody placed": ({"attic/__init__.py": ""}, "attic"),
    "rules that know their tables": ({"health/rules.py": "from banso.health import models"}, "banso.health.rules"),
    "queries that act": ({"health/queries.py": "from banso.health import actions"}, "banso.health.queries"),
    "an action that shows a page": ({"health/actions.py": "from banso.health import pages"}, "banso.health.actions"),
    "a way in through the window": (
        {"health/actions.py": "from banso.accounts import models"},
        "banso.accounts.models",
    ),
    "a way in through an inner room": (
        {
            "accounts/models/__init__.py": "",
            "accounts/models/tree.py": "",
            "health/queries.py": "import banso.accounts.models.tree",
        },
        "banso.accounts.models.tree",
    ),
    "a product that stands on test data": (
        {"health/actions.py": "from banso.accounts import testing"},
        "banso.accounts.testing",
    ),
    "jobs started from somewhere else": ({"desk/pages.py": "from banso.health import jobs"}, "banso.health.jobs"),
}
ROOMS = ("models", "queries", "actions", "pages", "jobs", "rules", "testing")


def test_the_house_has_no_fault(project: Path) -> None:
    done = _lint(project, project)
    assert done.returncode == 0, done.stdout


def test_a_house_without_fault_passes(project: Path, plant: Plant) -> None:
    done = _lint(_house(project, plant, {}), project)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(project: Path, plant: Plant, fault: str) -> None:
    files, named = FAULTS[fault]
    done = _lint(_house(project, plant, files), project)
    assert done.returncode != 0
    assert named in " ".join(done.stdout.split())


def test_the_doors_allowed_are_open(project: Path, plant: Plant) -> None:
    files = {
        "health/actions.py": "from banso.accounts import queries\nfrom banso.science import scorecard",
        "science/scorecard.py": "",
        "health/tests/__init__.py": "",
        "health/tests/test_it.py": "from banso.accounts import testing",
        "site/worker.py": "from banso.health import jobs",
    }
    done = _lint(_house(project, plant, files), project)
    assert done.returncode == 0, done.stdout


def _house(project: Path, plant: Plant, files: dict[str, str]) -> Path:
    texts = {"banso/__init__.py": "", ".importlinter": (project / ".importlinter").read_text(encoding="utf-8")}
    for area in AREAS:
        texts[f"banso/{area}/__init__.py"] = ""
        if area not in {"science", "shared"}:
            texts |= {f"banso/{area}/{room}.py": "" for room in ROOMS if f"{area}/{room}/__init__.py" not in files}
    return plant(texts | {f"banso/{name}": text for name, text in files.items()})


def _lint(folder: Path, project: Path) -> subprocess.CompletedProcess[str]:
    source = folder / "src" if (folder / "src").exists() else folder
    environment = {**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{project}", "COLUMNS": "200", "NO_COLOR": "1"}
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
