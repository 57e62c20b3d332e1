"""The law of file words: a file says by its name what role it has, and there is no room for leftovers."""

from pathlib import Path
from typing import Final

from tools.laws import tree

WORDS: Final = frozenset(
    {
        "__init__",
        "rules",
        "models",
        "queries",
        "actions",
        "access",
        "jobs",
        "forms",
        "pages",
        "rest",
        "urls",
        "middleware",
        "testing",
        "templatetags",
        "templates",
        "locale",
        "migrations",
        "management",
        "tests",
        "static",
    }
)
# What one area has beside these words, and why.
OWN_WORDS: Final = {
    # Wiring: how an installation is set, started, watched and spoken to.
    "site": frozenset({"settings", "environment", "wsgi", "cli", "worker", "schedule", "pulse", "api", "mail"}),
    "ui": frozenset({"assets"}),  # sources of what Vite builds
    "intake": frozenset({"samples"}),  # mappings for the data sets of the demo
}
FREE_AREAS: Final = frozenset({"science", "shared"})  # libraries: their files are named after what they compute
LEFTOVERS: Final = frozenset({"utils", "util", "helpers", "helper", "common", "services", "misc", "lib", "core"})


def faults(root: Path) -> list[str]:
    """Return the files and folders of areas whose names are no role, and rooms for leftovers anywhere."""
    found = [
        f"{path}: there is no room called {', '.join(sorted(leftovers))}"
        for path in tree.files(root, ".py")
        if (leftovers := LEFTOVERS & {Path(part).stem for part in path.parts})
    ]
    for area in sorted(path for path in (root / "src" / "banso").iterdir() if path.is_dir()):
        if area.name in FREE_AREAS or area.name in tree.NOT_OURS:
            continue
        allowed = WORDS | OWN_WORDS.get(area.name, frozenset())
        found += [
            f"src/banso/{area.name}/{entry.name}: {entry.stem} is no role that a file may have"
            for entry in sorted(area.iterdir())
            if entry.stem not in allowed and entry.name not in tree.NOT_OURS and not _is_empty(entry)
        ]
    return found


def _is_empty(entry: Path) -> bool:
    return entry.is_dir() and not any(path.is_file() and "__pycache__" not in path.parts for path in entry.rglob("*"))
