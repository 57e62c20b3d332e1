"""What a browser loads first stays small, and is spelled by the manifest."""

import gzip
import json
import os
from pathlib import Path

import pytest

DIST = Path(__file__).resolve().parents[1] / "static" / "dist"
KB = 1024


@pytest.fixture
def manifest() -> dict[str, dict[str, object]]:
    path = DIST / "manifest.json"
    if not path.exists() and not os.environ.get("CI"):
        pytest.skip("The assets are not built: run `npm ci && npm run build`.")
    found: dict[str, dict[str, object]] = json.loads(path.read_text())
    return found


def weight(*names: object) -> int:
    return sum(len(gzip.compress((DIST / str(name)).read_bytes())) for name in names)


def test_the_style_sheet_weighs_at_most_25_kb(manifest: dict[str, dict[str, object]]) -> None:
    css = manifest["main.js"]["css"]
    assert isinstance(css, list)
    assert 0 < weight(*css) <= 25 * KB


def test_the_entry_script_weighs_at_most_30_kb(manifest: dict[str, dict[str, object]]) -> None:
    assert weight(manifest["main.js"]["file"]) <= 30 * KB


def test_a_page_with_charts_weighs_at_most_350_kb(manifest: dict[str, dict[str, object]]) -> None:
    assert weight(*(part["file"] for part in manifest.values())) <= 300 * KB


def test_charts_are_loaded_late(manifest: dict[str, dict[str, object]]) -> None:
    assert manifest["main.js"].get("imports", []) == []
    assert manifest["elements/chart-drawing.js"]["isDynamicEntry"] is True


def test_nothing_third_party_is_named_by_address(manifest: dict[str, dict[str, object]]) -> None:
    assert not any(str(part["file"]).startswith(("http:", "https:", "//")) for part in manifest.values())


def test_a_gzipped_copy_of_everything_is_at_hand_for_the_server(manifest: dict[str, dict[str, object]]) -> None:
    assert manifest
    built = [path for path in (DIST / "assets").iterdir() if path.suffix in {".js", ".css"}]
    assert built
    for path in built:
        assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes()
