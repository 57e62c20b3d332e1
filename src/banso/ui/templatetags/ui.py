"""Tags for what stands in rows by the hundred: icons, badges, scores, sparklines, column headers."""

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import lucide
from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from banso.ui import rules
from banso.ui.templatetags.ui_text import day

register = template.Library()

ICONS = {
    "good": "circle-check",
    "normal": "circle-dot",
    "poor": "circle-alert",
    "unknown": "circle-dashed",
    "warn": "triangle-alert",
    "info": "info",
}
LEVEL_TONES = {1: "poor", 2: "warn", 3: "normal", 4: "good"}
ARROWS = {"up": "arrow-up-right", "down": "arrow-down-right", "same": "arrow-right"}
PAGES = (
    ("today", "/", "sun", "t"),
    ("accounts", "/accounts/", "building-2", "a"),
    ("health", "/health/", "heart-pulse", "h"),
    ("adoption", "/adoption/", "layers", "u"),
    ("limits", "/growth/limits/", "gauge", "l"),
    ("imports", "/imports/", "upload", "i"),
    ("settings", "/settings/", "settings", "s"),
)
# What is set for everybody, wherever its area lies.
SET_APART = (
    "/contracts/rates/",
    "/operations/",
    "/events/",
    "/usage/unclaimed/",
)
# What health is made of lies in usage's addresses.
OF_HEALTH = "/usage/measures/"
BLOCK_ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&"}
PERMISSIONS = {"health": "health.view", "adoption": "usage.view", "limits": "usage.view", "imports": "intake.import"}


@cache
def drawing(name: str, size: int = 16, label: str = "") -> SafeString:
    """Return an icon of the lucide set, drawn once per name and size; without a label it is decoration."""
    read = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return mark_safe(lucide._render_icon(name, size, **{"class": "icon", "stroke-width": "1.75", **read}))  # noqa: SLF001  # lucide's own template tags call it so


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """Draw an icon; give a label where it stands alone."""
    return drawing(str(name), int(size), str(label))


@register.simple_tag
def badge(tone: str, text: str, name: str = "") -> SafeString:
    """Write a status: word, icon and colour. Tones: good, normal, poor, unknown, warn, info."""
    return format_html('<span class="badge is-{}">{}{}</span>', tone, drawing(name or ICONS[tone], 13), text)


def condition_words() -> dict[str, str]:
    """Return the words of the conditions in the reader's language."""
    return {"good": _("Good"), "normal": _("Normal"), "poor": _("Poor"), "unknown": _("No verdict")}


@register.simple_tag
def condition(value: str | None) -> SafeString:
    """Write a condition of an account: good, normal, poor or unknown."""
    value = value or "unknown"
    return badge(value, condition_words()[value])


@register.simple_tag
def change(points: float | None) -> SafeString:
    """Write a change since last week with its arrow."""
    if points is None:
        return mark_safe("")
    way = rules.direction(points)
    return format_html(
        '<span class="change change-{}"><span class="visually-hidden">{}</span>{}{}</span>',
        way,
        _("Change since last week:"),
        drawing(ARROWS[way], 13),
        rules.signed(points),
    )


@register.simple_tag
def score(
    value: float | None, condition: str | None, change: float | None = None, reason: str = "", href: str = ""
) -> SafeString:  # the trade's words
    """Write a health score: number, word, direction, one reason; a link where the breakdown is."""
    state = condition or "unknown"
    figure = "—" if value is None else rules.number(value)
    tag, address = ("a", format_html(' href="{}"', href)) if href else ("span", "")
    return format_html(
        '<{0} class="score is-{1}"{2}><span class="score-head">'
        '<span class="score-number">{3}</span>{4}{5}</span>{6}</{0}>',
        tag,
        state,
        address,
        figure,
        badge(state, condition_words()[state]),
        _change(change),
        format_html('<span class="score-reason">{}</span>', reason) if reason else "",
    )


_change = change


@register.simple_tag
def level(value: int | None) -> SafeString:
    """Write a health level from 1 (at risk) to 4, by filled blocks and a word."""
    if value is None:
        return badge("unknown", condition_words()["unknown"])
    blocks = format_html_join(
        "",
        '<rect x="{}" y="{}" width="4" height="{}" rx="1" fill="currentColor" fill-opacity="{}"/>',
        ((place * 6, 9 - place * 3, 3 + place * 3, 1 if place < value else 0.25) for place in range(4)),
    )
    text = _("Level %(level)s") % {"level": value}
    svg = (
        '<span class="level is-{}"><svg width="22" height="12" viewBox="0 0 22 12" aria-hidden="true">{}</svg>{}</span>'
    )
    return format_html(svg, LEVEL_TONES[value], blocks, text)


@register.simple_tag
def sparkline(
    values: Sequence[float | None], label: str = "", tone: str = "", low: float | None = None, high: float | None = None
) -> SafeString:
    """Draw a small line of values, oldest first; None is a gap. `low` and `high` fix its scale."""
    bounds = (low, high) if low is not None and high is not None else None
    lines = rules.runs(values, 88, 20, bounds)
    if not lines:
        return format_html('<span class="muted">{}</span>', _("No data yet"))
    x, y = lines[-1].split(" ")[-1].split(",")
    known = [value for value in values if value is not None]
    text = label or _("From %(first)s to %(last)s") % {"first": rules.number(known[0]), "last": rules.number(known[-1])}
    return format_html(
        '<svg class="sparkline{}" width="92" height="24" viewBox="-2 -2 92 24" role="img" aria-label="{}">'
        '{}<circle cx="{}" cy="{}" r="2"/></svg>',
        f" is-{tone}" if tone else "",
        text,
        format_html_join("", '<polyline points="{}"/>', ((line,) for line in lines)),
        x,
        y,
    )


@register.simple_tag
def dial(value: float | None, condition: str | None = None) -> SafeString:  # the trade's word
    """Draw a score from 0 to 100 as a dial with its number and word."""
    state = condition or "unknown"
    word = condition_words()[state]
    figure = "—" if value is None else rules.number(value)
    return format_html(
        '<span class="dial is-{}"><svg width="112" height="96" viewBox="0 0 112 96" role="img" aria-label="{}">'
        '<path class="dial-track" d="{}"/>{}<text class="dial-number" x="56" y="62">{}</text>'
        '<text class="dial-word" x="56" y="84">{}</text></svg></span>',
        state,
        f"{figure} {word}",
        rules.arc(1, 46, 54),
        format_html('<path class="dial-value" d="{}"/>', rules.arc(value / 100, 46, 54)) if value else "",
        figure,
        word,
    )


@register.simple_tag
def bar(value: float, whole: float = 100, tone: str = "") -> SafeString:
    """Draw a share of a whole as a bar; its number stands beside it in the row."""
    length = min(max(100 * value / whole, 0), 100) if whole else 0
    fill = "parts-share" if not tone else "toned"
    return format_html(
        '<svg class="bar" width="100" height="8" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="parts-track" width="100" height="8" rx="2"/>'
        '<rect class="{} is-{}" width="{}" height="8" rx="2" fill="currentColor"/></svg>',
        fill,
        tone or "info",
        f"{length:.1f}",
    )


@register.simple_tag(takes_context=True)
def column(context: Context, text: str, sort: str = "", css: str = "", unit: str = "") -> SafeString:
    """Write a column header: a sort link that keeps the query string and says its state."""
    label = format_html('{} <span class="unit">({})</span>', text, unit) if unit else text
    request = context.get("request")
    if not sort or not isinstance(request, HttpRequest):
        return format_html('<th scope="col" class="{}">{}</th>', css, label)
    now = request.GET.get("sort") or str(context.get("default_sort", ""))
    state = {sort: "ascending", f"-{sort}": "descending"}.get(now, "")
    shape = {"ascending": "arrow-up", "descending": "arrow-down"}.get(state, "chevrons-up-down")
    return format_html(
        '<th scope="col" class="{}"{}><a href="{}">{}{}</a></th>',
        css,
        format_html(' aria-sort="{}"', state) if state else "",
        rules.with_query(request.GET.urlencode(), sort=rules.next_sort(now, sort)),
        label,
        drawing(shape, 12),
    )


@register.simple_tag
def pages_around(page: int, pages: int) -> list[int | None]:
    """Return the page numbers that a pager offers, None for each gap."""
    return rules.page_numbers(page, pages)


@register.simple_tag
def diverging(parts: Sequence[Any]) -> list[dict[str, Any]]:
    """Pair parts (anything with `.label` and `.points`) with their bars about a common zero."""
    zero, drawn = rules.bars([float(part.points) for part in parts])
    return [{"part": part, "bar": one, "zero": zero} for part, one in zip(parts, drawn, strict=True)]


@register.simple_tag
def chart_rows(spec: dict[str, Any]) -> list[tuple[Any, list[Any]]]:
    """Turn a chart's facts into the rows of its data table: each x with the value of every series."""
    columns = [item["values"] for item in spec["series"]]
    return [(x, [values[place] for values in columns]) for place, x in enumerate(_along(spec))]


@register.simple_tag
def chart_facts(spec: dict[str, Any]) -> SafeString:
    """Write a chart's facts for the script that draws it, dates in the reader's language."""
    marks = [{**mark, "x": _said(mark["x"])} if "x" in mark else mark for mark in spec.get("marks", ())]
    return as_json({**spec, "x": _along(spec), **({"marks": marks} if marks else {})})


def _along(spec: dict[str, Any]) -> list[Any]:
    return [_said(x) for x in spec["x"]]


def _said(x: Any) -> Any:
    return day(x) if isinstance(x, date) else x


@register.simple_tag(name="json")
def as_json(value: object) -> SafeString:
    """Write plain data into a JSON data block; what could end the block is escaped."""
    return mark_safe(json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).translate(BLOCK_ESCAPES))


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """Return the theme that this reader has chosen: light, dark, or nothing for that of the system."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if isinstance(request, HttpRequest) else ""
    return chosen if chosen in {"light", "dark"} else ""


@register.simple_tag(takes_context=True)
def nav_pages(context: Context) -> list[dict[str, Any]]:
    """Return the main pages that this user may open, with a mark on the current one.

    A user that answers `may(permission)` is asked; ui is below people and cannot know its rules.
    """
    words = {
        "today": _("Today"),
        "accounts": _("Accounts"),
        "health": _("Health"),
        "adoption": _("Adoption"),
        "limits": _("Limits"),
        "imports": _("Imports"),
        "settings": _("Settings"),
    }
    request = context.get("request")
    path = request.path if isinstance(request, HttpRequest) else ""
    here = _page_of(path)
    ask = getattr(getattr(request, "user", None), "may", None)
    shown = [page for page in PAGES if not ask or page[0] not in PERMISSIONS or ask(PERMISSIONS[page[0]])]
    return [
        {
            "label": words[name],
            "url": url,
            "icon": shape,
            "key": key,
            "is_current": name == here,
        }
        for name, url, shape, key in shown
    ]


def _page_of(path: str) -> str:
    """Return the main page that an address belongs to; what areas let one set belongs to the settings."""
    if "/settings/" in path or path.startswith(SET_APART):
        return "settings"
    if path.startswith(OF_HEALTH):
        return "health"
    return next((name for name, url, _shape, _key in PAGES if path == url or (path.startswith(url) and url != "/")), "")


@register.simple_tag
def words() -> dict[str, str]:
    """Return the sentences that the page's own elements say."""
    return {
        "close": _("Close"),
        "page": _("Page"),
        "action": _("Action"),
        "found": _("{count} found"),
        "found_none": _("Nothing found"),
        "error_403": _("You may not do this. Ask an administrator for the permission."),
        "error_404": _("This is not there any more. Reload the page."),
        "error_429": _("Too many requests. Wait a minute, then try again."),
        "error_server": _("Something went wrong on the server. Nothing was changed; please try again."),
        "error_offline": _("The server did not answer. Check the connection, then try again."),
    }
