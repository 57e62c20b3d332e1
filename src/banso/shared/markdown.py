"""Markdown as readers may safely see it: the same renderer for notes, minutes, posts and mail."""

from collections.abc import MutableMapping, Sequence
from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from banso.shared.text import clean

# Rendering time grows faster than length; nobody reads a longer note.
MOST_CHARACTERS: Final = 20_000
# The page's own headings are h1 and h2.
_HEADING_SHIFT: Final = 2
_LOWEST_HEADING: Final = 6
_TAGS: Final = (
    {"a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong"}
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)  # fmt: skip
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES: Final = {"http", "https", "mailto", "tel"}


def render(text: str) -> str:
    """Return Markdown (CommonMark, tables, ~~struck~~) as safe HTML.

    HTML in the text is shown as text; links carry rel="nofollow ugc noopener"; pictures become links, so that reading
    tells nobody; headings begin at h3. What is longer than MOST_CHARACTERS is cut, with an ellipsis.
    """
    cleaned = clean(text)
    if len(cleaned) > MOST_CHARACTERS:
        cleaned = f"{cleaned[:MOST_CHARACTERS]}…"
    return nh3.clean(
        _RENDERER.render(cleaned),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="nofollow ugc noopener",
    )


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(_LOWEST_HEADING, int(token.tag[1]) + _HEADING_SHIFT)}"


def _picture_as_link(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: Any,
    env: MutableMapping[str, Any],
) -> str:
    token = tokens[index]
    address = escapeHtml(str(token.attrs.get("src", "")))
    words = escapeHtml(renderer.renderInlineAsText(token.children, options, env)) or address
    return f'<a href="{address}">{words}</a>'


def _renderer() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.core.ruler.push("lower_headings", _lower_headings)
    made.add_render_rule("image", _picture_as_link)
    return made


_RENDERER: Final = _renderer()
