"""How figures are written and drawn: numbers, dates, signs, lines and bars."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from urllib.parse import parse_qsl, urlencode

from banso.shared.money import MINUS
from banso.shared.numbers import rounded

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TENTHS_BELOW: Final = 10
CONDITIONS: Final = ("good", "normal", "poor", "unknown")


@dataclass(frozen=True)
class Bar:
    """One bar of a diverging chart in a box of 100 units: where it begins and how long it is."""

    start: float
    length: float
    is_loss: bool


def day(value: date, language: str) -> str:
    """Write a date: 2026/11/22 in Japanese, 22 Nov 2026 in English."""
    if language == "ja":
        return f"{value:%Y/%m/%d}"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime, language: str) -> str:
    """Write a time of the reader's zone to the minute: 2026/11/22 09:05, 22 Nov 2026, 09:05."""
    return f"{day(value, language)}{' ' if language == 'ja' else ', '}{value:%H:%M}"


def clock_parts(seconds: float) -> list[tuple[str, str]]:
    """Cut a time into at most two units, the larger first: [("min", "3"), ("s", "5")]; below ten seconds in tenths."""
    if seconds < TENTHS_BELOW:
        return [("s", str(rounded(seconds, 1)).removesuffix(".0"))]
    whole = int(rounded(seconds, 0))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    parts = [("h", hours), ("min", minutes), ("s", 0 if hours else rest)]
    return [(unit, str(figure)) for unit, figure in parts if figure]


def number(value: float | Decimal, places: int = 0) -> str:
    """Write a number with commas, a true minus and a fixed number of places."""
    figure = rounded(value, places)
    return f"{MINUS if figure < 0 else ''}{abs(figure):,}"


def signed(value: float | Decimal, places: int = 0) -> str:
    """Write a change with its sign: +3, −8, ±0."""
    figure = rounded(value, places)
    return f"±{abs(figure):,}" if not figure else f"{'+' if figure > 0 else MINUS}{abs(figure):,}"


def percent(share: float | Decimal, places: int = 0) -> str:
    """Write a share of one as a percentage: 0.423 is 42%."""
    return f"{number(Decimal(str(share)) * 100, places)}%"


def with_query(query: str, **changes: object) -> str:
    """Return a query string with parameters set, or removed where None; another filter always starts at page one."""
    kept = [(key, value) for key, value in parse_qsl(query, keep_blank_values=True) if key not in changes]
    if "page" not in changes:
        kept = [(key, value) for key, value in kept if key != "page"]
    kept += [(key, str(value)) for key, value in changes.items() if value is not None]
    return f"?{urlencode(kept)}"


def without_value(query: str, name: str, value: str) -> str:
    """Return a query string less one value of one parameter: what the cross of a filter chip does."""
    kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair != (name, value) and pair[0] != "page"]
    return f"?{urlencode(kept)}"


def next_sort(current: str, name: str) -> str:
    """Return what a click on a column sorts by: ascending first, then descending."""
    return f"-{name}" if current == name else name


def runs(
    values: Sequence[float | None], width: float, height: float, bounds: tuple[float, float] | None = None
) -> list[str]:
    """Return the points of a sparkline's polylines, one per stretch without gaps; missing values leave a gap."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, high = bounds or (min(known), max(known))
    step = width / max(len(values) - 1, 1)
    found: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            found.append([])
            continue
        share = 0.5 if high == low else (min(max(value, low), high) - low) / (high - low)
        found[-1].append(f"{place * step:.1f},{height - share * height:.1f}")
    return [" ".join(run) for run in found if run]


def arc(share: float, radius: float, centre: float) -> str:
    """Return the SVG path of a dial's arc: three quarters of a circle, filled by a share of one from the lower left."""
    share = min(max(share, 0.0), 1.0)
    start, sweep = math.radians(135), math.radians(270) * share
    ends = [(centre + radius * math.cos(at), centre + radius * math.sin(at)) for at in (start, start + sweep)]
    (x1, y1), (x2, y2) = ends
    is_large = int(sweep > math.pi)
    return f"M{x1:.2f} {y1:.2f}A{radius:g} {radius:g} 0 {is_large} 1 {x2:.2f} {y2:.2f}"


def bars(values: Sequence[float]) -> tuple[float, list[Bar]]:
    """Return where zero lies in a box of 100 units, and each value's bar: losses to its left, gains to its right."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        return 0.0, [Bar(0.0, 0.0, is_loss=False) for _ in values]
    span = high - low
    zero = -low / span * 100
    return zero, [
        Bar(zero + min(value, 0) / span * 100, abs(value) / span * 100, is_loss=value < 0) for value in values
    ]


def direction(change: float) -> str:
    """Return up, down or same: what an arrow shows for a change that is rounded to whole points."""
    points = rounded(change, 0)
    return "same" if not points else "up" if points > 0 else "down"


def page_numbers(page: int, pages: int) -> list[int | None]:
    """Return the pages that a pager offers: the ends and the neighbours, None for each gap."""
    shown = sorted({1, pages, page - 1, page, page + 1} & set(range(1, pages + 1)))
    offered: list[int | None] = []
    for at, value in enumerate(shown):
        if at and value - shown[at - 1] > 1:
            offered.append(None)
        offered.append(value)
    return offered
