"""The law of jobs: every job has a name that operators can read."""

import ast
from pathlib import Path

from tools.laws import tree


def faults(root: Path, names: set[str]) -> list[str]:
    """Return the jobs that have no name, and the names that belong to no job."""
    found = _jobs(root)
    unnamed = [f"{place}: {path} has no name in operations.rules.NAMES" for path, place in found.items()]
    return sorted(
        [fault for fault, path in zip(unnamed, found, strict=True) if path not in names]
        + [f"operations.rules.NAMES: there is no job {name}" for name in names - set(found)]
    )


def _jobs(root: Path) -> dict[str, str]:
    """Return the dotted paths of all functions that are decorated as tasks, each with its place."""
    found: dict[str, str] = {}
    for source in tree.product(root):
        if source.word != "jobs":
            continue
        module = ".".join(source.path.with_suffix("").parts[1:])
        for node in source.tree.body:
            if isinstance(node, ast.FunctionDef) and any(_is_task(one) for one in node.decorator_list):
                found[f"{module}.{node.name}"] = f"{source.path}:{node.lineno}"
    return found


def _is_task(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return tree.dotted(called) == "task"
