"""The law of news: whatever the journal can hold, people can read in words."""

import ast
import re
from pathlib import Path
from typing import Final

from tools.laws import tree

# `area.happened`: the words before the dot are those that the journal speaks about.
VERB: Final = re.compile(
    r"^(?:account|company|contract|field|health|import|job|key|note|person|schedule|segment|stage|team|usage|user|view)\.[a-z_]+$"
)
FILES: Final = (".parquet", ".json", ".yaml", ".csv")


def written(root: Path) -> dict[str, str]:
    """Return the verbs that actions write into the journal, each with its place."""
    found: dict[str, str] = {}
    for source in tree.product(root):
        if source.word != "actions":
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_verb(node.value):
                found.setdefault(node.value, f"{source.path}:{node.lineno}")
    return found


def faults(root: Path, words: set[str], area: str = "journal") -> list[str]:
    """Return the verbs that have no words in the area that shows them."""
    return [
        f"{place}: “{verb}” has no words in {area}"
        for verb, place in sorted(written(root).items())
        if verb not in words
    ]


def _is_verb(text: str) -> bool:
    return bool(VERB.match(text)) and not text.endswith(FILES)
