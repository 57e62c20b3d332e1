"""The law of settings: every BANSO_* name is explained to operators, and none is explained that does not exist."""

import re
from pathlib import Path


def faults(root: Path, names: set[str]) -> list[str]:
    """Return the settings that docs/configuration.md misses or makes up; `names` are those that exist."""
    text = (root / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = {match.lower() for match in re.findall(r"^\| `BANSO_([A-Z_]+)`", text, flags=re.MULTILINE)}
    missing = [f"docs/configuration.md does not explain BANSO_{name.upper()}" for name in sorted(names - rows)]
    return missing + [
        f"docs/configuration.md explains BANSO_{name.upper()}, which does not exist" for name in sorted(rows - names)
    ]
