"""The law of sizes: what does not fit on a few screens is two things."""

import ast
from pathlib import Path
from typing import Final

from tools.laws import tree

FILE_LINES: Final = 400
CLASS_LINES: Final = 200
FUNCTION_LINES: Final = 40


def faults(root: Path) -> list[str]:
    """Return the files, classes and functions that are too long."""
    found = []
    for path in tree.files(root, ".py", ".js", ".css", ".html"):
        lines = len((root / path).read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            found.append(f"{path}: {lines} lines, at most {FILE_LINES}; make it a package of the same name")
    for source in tree.sources(root):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                found += _too_long(source, node, CLASS_LINES)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found += _too_long(source, node, FUNCTION_LINES)
    return found


def _too_long(source: tree.Source, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, most: int) -> list[str]:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    return [f"{source.path}:{node.lineno}: {node.name} has {lines} lines, at most {most}"] if lines > most else []
