"""The law of calls: calls go down only; nothing is called because something else happened to be imported."""

import ast
from pathlib import Path
from typing import Final

from tools.laws import tree

FORBIDDEN: Final = ("django.dispatch", "django.db.models.signals", "django.core.signals", "blinker")


def faults(root: Path) -> list[str]:
    """Return the imports of signals, the names that are signals, and the ready() hooks."""
    found = []
    for source in tree.product(root):
        for node in ast.walk(source.tree):
            match node:
                case ast.ImportFrom(module=str(module), lineno=line) if _is_signal(module):
                    found.append(
                        f"{source.path}:{line}: {module} is about signals; call what you need, or read the journal"
                    )
                case ast.Import(names=names, lineno=line) if any(_is_signal(one.name) for one in names):
                    found.append(f"{source.path}:{line}: signals; call what you need, or read the journal")
                case ast.FunctionDef(name="ready", lineno=line):
                    found.append(f"{source.path}:{line}: ready() runs code because a file was imported")
    return found


def _is_signal(module: str) -> bool:
    return module in FORBIDDEN or module.endswith(".signals")
