"""Markdown is shown, never run."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.shared.markdown import MOST_CHARACTERS, render


def test_what_people_write_is_shown() -> None:
    assert render("**太字** と `code`") == "<p><strong>太字</strong> と <code>code</code></p>\n"
    assert "<h3>件名</h3>" in render("# 件名")
    assert "<td>1</td>" in render("|a|\n|-|\n|1|")


def test_links_lend_nobody_our_name() -> None:
    assert render("[外](https://x.example)") == (
        '<p><a href="https://x.example" rel="nofollow ugc noopener">外</a></p>\n'
    )


def test_a_picture_is_a_link_that_nobody_loads() -> None:
    shown = render('![図 "1"](https://x.example/p.png) ![](https://x.example/q.png)')
    assert "<img" not in shown
    assert 'href="https://x.example/p.png"' in shown
    assert ">https://x.example/q.png</a>" in shown


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](java\x01script:alert(1))",
        "[x](data:text/html,<script>)",
        '[x](https://x.example "onclick=alert(1)")',
        "<svg/onload=alert(1)>",
        "\ud800<b onmouseover=alert(1)>x",
    ],
)
def test_nothing_hostile_is_run(text: str) -> None:
    shown = render(text)
    for danger in ("<script", "<img", "<svg", 'href="javascript', 'href="data', "<b "):
        assert danger not in shown
    shown.encode("utf-8")


@pytest.mark.parametrize("bad", ["[", ">", "*a ", "`", "- ", "[a](", "![](", "<", "a**b", "|", "_*", "&#"])
def test_a_hostile_text_takes_no_longer_than_a_breath(bad: str) -> None:
    started = time.perf_counter()
    render(bad * (MOST_CHARACTERS // len(bad)))
    assert time.perf_counter() - started < 5


def test_what_is_too_long_is_cut() -> None:
    assert len(render("a" * (MOST_CHARACTERS * 2))) < MOST_CHARACTERS + 20


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_any_text_can_be_rendered(text: str) -> None:
    render(text).encode("utf-8")
