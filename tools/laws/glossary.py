"""The law of words: each word of the trade stands once in GLOSSARY.md, in both languages, with its place."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

COLUMNS: Final = 4
OUSTED: Final = re.compile(r"^- (\S+) → (\S+)$", re.MULTILINE)
PLACE: Final = re.compile(r"`([a-z_]+(?:\.[A-Za-z_]+)+)`")


@dataclass(frozen=True)
class Row:
    """A word, what it means, its Japanese, and where in the code it lives."""

    word: str
    english: str
    japanese: str
    where: str


def rows(root: Path) -> list[list[str]]:
    """Return the cells of the glossary's table, without its head."""
    lines = (root / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells[1:] if not set("".join(row)) <= set("-: ")]


def faults(root: Path, models: set[str]) -> list[str]:
    """Return incomplete rows, words twice, places that do not exist, and tables (`area.Model`) without a word."""
    found, seen, places = [], set(), set()
    for row in rows(root):
        if len(row) != COLUMNS or not all(row):
            found.append(f"GLOSSARY.md: the row of “{row[0]}” is not complete")
            continue
        one = Row(*row)
        if one.word.lower() in seen:
            found.append(f"GLOSSARY.md: “{one.word}” stands twice")
        seen.add(one.word.lower())
        named = set(PLACE.findall(one.where))
        places |= named
        found += [
            f"GLOSSARY.md: “{one.word}” names {place}, which is not there"
            for place in sorted(named)
            if not _exists(root, place)
        ]
    return found + [f"GLOSSARY.md: no word for the table {model}" for model in sorted(models - places)]


def ousted(root: Path) -> list[str]:
    """Return where Japanese catalogues, guides and built-in words say what the glossary has another word for."""
    pairs = OUSTED.findall((root / "GLOSSARY.md").read_text(encoding="utf-8"))
    papers = [*root.glob("src/banso/*/locale/ja/LC_MESSAGES/*.po"), *root.glob("docs/**/ja/*.md")]
    papers.append(root / "src/banso/health/rules/starting.py")
    found = []
    for path in sorted(path for path in papers if path.exists()):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            found += [
                f"{path.relative_to(root)}:{number}: says “{old}”; the glossary says “{new}”"
                for old, new in pairs
                if old in line.replace(new, "") and "{" + old not in line
            ]
    return found


def _exists(root: Path, place: str) -> bool:
    """Tell whether `area.file.name`, `area.Model` or `area.file` is in the source."""
    area, *_between, name = place.split(".")
    folder = root / "src" / "banso" / area
    if not folder.is_dir():
        return False
    inside = folder.joinpath(*place.split(".")[1:])
    if inside.with_suffix(".py").exists() or inside.is_dir():
        return True
    pattern = re.compile(rf"^\s*(?:class|def|type) {re.escape(name)}\b|^\s*{re.escape(name)}\s*[:=]", re.MULTILINE)
    return any(
        pattern.search(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py") if "tests" not in path.parts
    )
