"""Finds every sentence that the product says: in Python by its syntax, in templates by Django's own reading of them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation.template import templatize

from tools.laws import tree

KINDS: Final = {
    "_": "gettext",
    "gettext": "gettext",
    "pgettext": "pgettext",
    "ngettext": "ngettext",
    "npgettext": "npgettext",
}
KINDS_OF_LAZY: Final = {f"{name}_{ending}": name for name in list(KINDS.values()) for ending in ("lazy", "noop")}
STRING: Final = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
CALL: Final = re.compile(rf"\b(gettext|pgettext|ngettext|npgettext|_)\(\s*({STRING}(?:\s*,\s*{STRING})*)")


@dataclass(frozen=True, order=True)
class Sentence:
    """One sentence as gettext knows it; `plural` and `context` are empty where there are none."""

    text: str
    plural: str = ""
    context: str = ""


def said_in(area: Path) -> dict[Sentence, str]:
    """Return the sentences of one area, each with the file that says it first, in the order of the files."""
    found: dict[Sentence, str] = {}
    for path in sorted(area.rglob("*")):
        inside = path.relative_to(area)
        if tree.NOT_OURS & set(inside.parts) or {"tests", "static", "assets"} & set(inside.parts[:1]):
            continue
        if path.suffix == ".py":
            said = _in_python(path.read_text(encoding="utf-8"))
        elif path.suffix in {".html", ".txt"} and "templates" in inside.parts:
            said = _in_template(path.read_text(encoding="utf-8"))
        else:
            continue
        for sentence in said:
            found.setdefault(sentence, str(inside))
    return found


def _in_python(text: str) -> Iterator[Sentence]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = tree.dotted(node.func).split(".")[-1]
        kind = KINDS.get(name) or KINDS_OF_LAZY.get(name)
        if kind is None:
            continue
        texts = []
        for argument in node.args:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                break
            texts.append(argument.value)
        yield from _sentence(kind, texts)


def _in_template(text: str) -> Iterator[Sentence]:
    for kind, strings in CALL.findall(templatize(text)):
        yield from _sentence(KINDS[kind], [str(ast.literal_eval(one)) for one in re.findall(STRING, strings)])


def _sentence(kind: str, texts: list[str]) -> Iterator[Sentence]:
    match kind, texts:
        case "gettext", [text, *_]:
            yield Sentence(text)
        case "pgettext", [context, text, *_]:
            yield Sentence(text, context=context)
        case "ngettext", [text, plural, *_]:
            yield Sentence(text, plural)
        case "npgettext", [context, text, plural, *_]:
            yield Sentence(text, plural, context)
        case _:
            return
