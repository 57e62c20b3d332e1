"""No template needs what the content policy refuses, and none piles up utility classes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

AREAS = Path(__file__).resolve().parents[2]
REFUSED = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=|<style[\s>]"),
    "an inline script": re.compile(r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))[^>]*>"),
    "a handler in an attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*="),
    "script in a value": re.compile(r"=\s*[\"'](?:js:|javascript:)"),
}
CLASSES = re.compile(r'\bclass="([^"]*)"')
MOST_CLASSES = 8


def faults(text: str, *, is_component: bool = False) -> Iterator[str]:
    """Say what a template does that it must not."""
    for fault, shape in REFUSED.items():
        if shape.search(text):
            yield fault
    if not is_component:
        for classes in CLASSES.findall(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text)):
            if len(classes.split()) > MOST_CLASSES:
                yield f"more than {MOST_CLASSES} classes: {classes}"


@pytest.mark.parametrize(
    "path", sorted(AREAS.glob("*/templates/**/*.html")), ids=lambda path: str(path.relative_to(AREAS))
)
def test_a_template_keeps_the_policy(path: Path) -> None:
    assert list(faults(path.read_text(), is_component="cotton" in path.parts)) == []


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="width: 3px">',
        "<style>p {}</style>",
        "<script>alert(1)</script>",
        '<script type="module">1</script>',
        '<a onclick="x()">',
        '<a hx-on:click="x()">',
        '<a href="javascript:x()">',
        '<a hx-vals="js:{a: 1}">',
        '<p class="a b c d e f g h i">',
    ],
)
def test_a_planted_fault_is_caught(planted: str) -> None:
    assert list(faults(planted))


def test_what_is_allowed_is_not_a_fault() -> None:
    scripts = '<script src="/a.js"></script><script type="application/json">{}</script>'
    shapes = '<svg><rect width="3"/></svg><p class="a b {% if c %}d{% endif %}">'
    assert list(faults(scripts + shapes)) == []
