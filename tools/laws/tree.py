"""What the laws read: the project's files, and Python as a syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CODE: Final = ("src", "tests", "tools", "benchmarks", "conftest.py", "hatch_build.py", "manage.py")
NOT_OURS: Final = frozenset({"node_modules", "dist", "__pycache__", "migrations", ".venv", "var"})


@dataclass(frozen=True)
class Source:
    """One Python file: its path below the project's folder, and its syntax tree."""

    path: Path
    tree: ast.Module

    @property
    def area(self) -> str:
        """Return the area that the file belongs to; empty outside of the product."""
        parts = self.path.parts
        return parts[2] if parts[:2] == ("src", "banso") and len(parts) > 3 else ""  # noqa: PLR2004  # src/banso/<area>/<file>

    @property
    def word(self) -> str:
        """Return the file's word in its area: `actions` for both actions.py and actions/opening.py."""
        return Path(self.path.parts[3]).stem if self.area else self.path.stem


def files(root: Path, *suffixes: str) -> Iterator[Path]:
    """Yield the project's own source files with one of the suffixes, below the project's folder, in order."""
    for name in CODE:
        start = root / name
        found = [start] if start.is_file() else sorted(start.rglob("*"))
        for path in found:
            inside = path.relative_to(root)
            if path.suffix in suffixes and path.is_file() and not NOT_OURS & set(inside.parts):
                yield inside


def sources(root: Path) -> Iterator[Source]:
    """Yield the project's Python files."""
    for path in files(root, ".py"):
        yield Source(path, ast.parse((root / path).read_text(encoding="utf-8")))


def product(root: Path) -> Iterator[Source]:
    """Yield the Python files of the product, without its tests."""
    for source in sources(root):
        if source.area and source.word not in {"tests", "testing"}:
            yield source


def dotted(node: ast.expr) -> str:
    """Return a name such as `timezone.now` as it stands in the source; empty for other expressions."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            inner = dotted(value)
            return f"{inner}.{attr}" if inner else ""
        case _:
            return ""
