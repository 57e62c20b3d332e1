"""Both themes reach 4.5:1 for text and 3:1 for edges, graphs and focus."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[1] / "assets" / "styles" / "tokens.css").read_text()
GROUNDS = ["--ground", "--ground-sunk", "--ground-hover", "--ground-selected", "--overlay"]
TONES = ["good", "normal", "poor", "unknown", "warn", "info"]
TEXT = [
    *[(ink, ground) for ink in ("--ink", "--ink-muted", "--link", "--poor") for ground in GROUNDS],
    *[(f"--{tone}", f"--{tone}-ground") for tone in TONES],
    *[("--ink", f"--{tone}-ground") for tone in TONES],
    *[(f"--{tone}", "--ground") for tone in TONES],
    ("--color-primary-content", "--color-primary"),
]
EDGES = [
    (part, ground)
    for part in ("--edge", "--focus", *[f"--chart-{n}" for n in range(1, 7)])
    for ground in ("--ground", "--ground-sunk", "--overlay")
]


def colours(theme: str) -> dict[str, str]:
    """Read a theme's tokens, every light-dark() and var() resolved to a colour."""
    blocks = re.findall(r'name: "(\w+)";(.*?)\n\}', TOKENS, re.DOTALL)
    found = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", dict(blocks)[theme]))
    root = TOKENS[TOKENS.index(":root {") :]
    for name, light, dark in re.findall(r"(--[\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", root):
        found[name] = light if theme == "light" else dark
    for name, source in re.findall(r"(--[\w-]+): var\((--[\w-]+)\);", root):
        found[name] = found[source]
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_readable(theme: str, ink: str, ground: str) -> None:
    found = colours(theme)
    assert contrast(found[ink], found[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("part", "ground"), EDGES)
def test_edges_and_graphs_stand_out(theme: str, part: str, ground: str) -> None:
    found = colours(theme)
    assert contrast(found[part], found[ground]) >= 3


def test_the_measure_itself_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
