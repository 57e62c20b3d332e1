"""The law of the clock: only those at the edge ask what time it is; all below are told."""

import ast
from pathlib import Path
from typing import Final

from tools.laws import tree

ASKING: Final = frozenset(
    {
        "timezone.now",
        "timezone.localdate",
        "timezone.localtime",
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "datetime.datetime.now",
        "datetime.date.today",
        "date.today",
        "time.time",
        "Now",
    }
)
MAY_ASK: Final = frozenset({"pages", "rest", "jobs", "management"})
# They stand where a page would: the guard of every call of the API, which asks for limits and keys, and what looks at
# every request of the browser, which ends sessions.
EDGE: Final = frozenset({("api", "access"), ("people", "middleware")})


def faults(root: Path) -> list[str]:
    """Return the places that ask for the time and may not."""
    return [
        f"{source.path}:{node.lineno}: {name}() asks the clock; take now= instead"
        for source in tree.product(root)
        if source.area != "site" and source.word not in MAY_ASK and (source.area, source.word) not in EDGE
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and (name := tree.dotted(node.func)) in ASKING and not _converts(name, node)
    ]


def _converts(name: str, call: ast.Call) -> bool:
    """Tell whether a call only turns a given time into local time."""
    return name in {"timezone.localtime", "timezone.localdate"} and bool(call.args)
