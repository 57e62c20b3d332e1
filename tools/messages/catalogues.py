"""Where the translations lie, and how they are compiled."""

from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT: Final = Path(__file__).resolve().parents[2]
PLACE: Final = Path("locale") / "ja" / "LC_MESSAGES" / "django.po"


def areas(root: Path = ROOT) -> list[Path]:
    """Return the folders of all areas."""
    return sorted(path for path in (root / "src" / "banso").iterdir() if (path / "__init__.py").exists())


def read(path: Path) -> Catalog:
    """Read one .po file."""
    with path.open("rb") as file:
        return read_po(file, locale="ja", abort_invalid=True)


def compile_all(root: Path = ROOT) -> None:
    """Write the .mo beside each .po that is newer than it."""
    for source in (area / PLACE for area in areas(root)):
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns):
            continue
        unfinished = target.with_suffix(".mo.new")
        with unfinished.open("wb") as file:
            write_mo(file, read(source))
        unfinished.replace(target)
