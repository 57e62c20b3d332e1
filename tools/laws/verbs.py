"""The law of news: whatever the journal can hold, people can read as a sentence."""

import ast
import re
from pathlib import Path
from typing import Final

from tools.laws import tree

VERB: Final = re.compile(r"^[a-z_]+\.[a-z_]+$")


def written(root: Path) -> dict[str, str]:
    """Return the verbs that the product writes into the journal, each with the place where it does."""
    found: dict[str, str] = {}
    for source in tree.product(root):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and tree.dotted(node.func).split(".")[-1] == "News":
                for value in _verbs(node):
                    found.setdefault(value, f"{source.path}:{node.lineno}")
    return found


def faults(root: Path, sentences: set[str]) -> list[str]:
    """Return the verbs that have no sentence, and sentences for verbs that nobody writes."""
    verbs = written(root)
    missing = [
        f"{place}: “{verb}” has no sentence in desk" for verb, place in sorted(verbs.items()) if verb not in sentences
    ]
    return missing + [
        f"desk has a sentence for “{verb}”, which nobody writes" for verb in sorted(sentences - set(verbs))
    ]


def _verbs(call: ast.Call) -> list[str]:
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "verb")]
    texts = [node.value for start in given for node in ast.walk(start) if isinstance(node, ast.Constant)]
    return [text for text in texts if isinstance(text, str) and VERB.match(text)]
