"""Compiles and checks the translations, with Babel instead of GNU gettext, which a fresh machine does not have."""

import sys
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT: Final = Path(__file__).resolve().parent.parent


def catalogues(root: Path = ROOT) -> list[Path]:
    """Return all .po files of the product."""
    return sorted((root / "src" / "banso").rglob("LC_MESSAGES/*.po"))


def compile_all(root: Path = ROOT) -> None:
    """Write the .mo beside each .po that is newer than it."""
    for source in catalogues(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        unfinished = target.with_suffix(".mo.new")
        with unfinished.open("wb") as file:
            write_mo(file, catalogue)
        unfinished.replace(target)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["compile"]:
            compile_all()
        case _:
            sys.exit("Usage: python -m tools.messages compile")
