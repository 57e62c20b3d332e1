"""Which fields a file of definitions may have, and of what kind each is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, Final, Literal

from banso.health.rules.checking import Fault, gettext_noop
from banso.health.rules.lines import Lines, Path

type Kind = Literal[
    "text", "number", "whole", "words", "texts", "pairs", "numbers", "table", "tables", "weights", "day"
]


@dataclass(frozen=True)
class Shape:
    """The fields of a table by name, those that must be there, and the shapes of tables within."""

    fields: Mapping[str, Kind]
    needed: tuple[str, ...] = ()
    within: Mapping[str, "Shape"] = field(default_factory=dict)


MEASURE: Final = Shape(
    {
        "label": "words",
        "kind": "text",
        "source": "text",
        "window_days": "whole",
        "of": "text",
        "against": "text",
        "events": "texts",
        "per": "text",
        "level": "text",
        "where": "texts",
        "value_of": "text",
    },
    needed=("label", "kind"),
)
CUTS: Final = Shape({"normal_from": "number", "good_from": "number"})
SCORECARD: Final = Shape(
    {
        "name": "text",
        "measures": "tables",
        "groups": "tables",
        "overrides": "tables",
        "levels": "numbers",
        "cuts": "table",
        "cuts_by_stage": "table",
        "scales": "tables",
        "missing": "text",
        "exceptions": "tables",
        "rollup": "text",
    },
    needed=("name", "measures", "groups"),
    within={
        "measures": Shape(
            {
                **MEASURE.fields,
                "key": "text",
                "group": "text",
                "weight": "number",
                "points": "pairs",
                "better": "text",
                "shape": "text",
            },
            needed=("key", "label", "kind", "group", "weight", "points"),
        ),
        "groups": Shape({"key": "text", "label": "words"}, needed=("key", "label")),
        "overrides": Shape({"segment": "text", "stage": "text", "weights": "weights"}, needed=("weights",)),
        "cuts": CUTS,
        "scales": Shape(
            {"segment": "text", "stage": "text", "levels": "numbers", "cuts": "table"}, within={"cuts": CUTS}
        ),
        "exceptions": Shape(
            {
                "measure": "text",
                "when": "text",
                "value": "number",
                "limit": "text",
                "points": "number",
                "reason": "text",
                "until_on": "day",
                "segment": "text",
                "stage": "text",
            },
            needed=("measure", "when", "limit", "points", "reason", "until_on"),
        ),
    },
)
FILE: Final = Shape({"measures": "table", "scorecard": "table"})

_EXPECTED: Final[Mapping[Kind, str]] = {
    "text": gettext_noop("Write a text in %(field)s."),
    "number": gettext_noop("Write a number in %(field)s, such as 12.5."),
    "whole": gettext_noop("Write a whole number in %(field)s, such as 28."),
    "words": gettext_noop("Write a text in %(field)s, or one for each language: {ja: 利用者数, en: Active people}."),
    "texts": gettext_noop("Write a list of texts in %(field)s, such as [report.opened, export.done]."),
    "pairs": gettext_noop("Write pairs of numbers in %(field)s, such as [[0, 0], [20, 100]]."),
    "numbers": gettext_noop("Write a list of numbers in %(field)s, such as [30, 50, 70]."),
    "table": gettext_noop("Write names with their values in %(field)s, indented below it."),
    "tables": gettext_noop("Write a list in %(field)s, each entry with names and their values."),
    "day": gettext_noop("Write a day in %(field)s, such as 2027-03-31."),
    "weights": gettext_noop("Write keys of measures with numbers in %(field)s, such as {active_days: 30}."),
}


def faults_of_shape(plain: Any, shape: Shape, path: Path, lines: Lines) -> Iterator[Fault]:
    """Return what a table has that it may not have, lacks that it must have, or has of the wrong kind."""
    place = ".".join(map(str, path)) or "file"
    if not isinstance(plain, Mapping):
        yield Fault(place, _EXPECTED["table"], {"field": place}, line=lines.at(path))
        return
    for name in plain:
        if name not in shape.fields:
            yield _unknown(name, shape, place, lines.at((*path, name)))
        elif plain[name] is not None or name in shape.needed:
            yield from _of_field(plain[name], name, shape, path, lines)
    for name in shape.needed:
        if name not in plain:
            message = gettext_noop("%(field)s is missing. Add it.")
            yield Fault(place, message, {"field": name}, name, lines.at(path))


def _unknown(name: str, shape: Shape, place: str, line: int) -> Fault:
    if near := get_close_matches(name, shape.fields, 1):
        message = gettext_noop("There is no field %(field)s. Did you mean %(near)s?")
        return Fault(place, message, {"field": name, "near": near[0]}, name, line)
    message = gettext_noop("There is no field %(field)s. Choose one of: %(known)s.")
    return Fault(place, message, {"field": name, "known": ", ".join(shape.fields)}, name, line)


def _of_field(value: Any, name: str, shape: Shape, path: Path, lines: Lines) -> Iterator[Fault]:
    kind, here = shape.fields[name], (*path, name)
    if not _FITS[kind](value):
        place = ".".join(map(str, path)) or "file"
        yield Fault(place, _EXPECTED[kind], {"field": name}, name, lines.at(here))
    elif within := shape.within.get(name):
        if kind == "table":
            yield from faults_of_shape(value, within, here, lines)
        else:
            for at, one in enumerate(value):
                yield from faults_of_shape(one, within, (*here, at), lines)


def _is_day(value: Any) -> bool:
    if not isinstance(value, str):
        return isinstance(value, date)
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_list(value: Any, of: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and all(map(of, value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_pair(value: Any) -> bool:
    return _is_list(value, _is_number) and len(value) == 2  # noqa: PLR2004  # that is what a pair is


def _is_words(value: Any) -> bool:
    if isinstance(value, Mapping):
        return set(value) == {"ja", "en"} and all(map(_is_said, value.values()))
    return _is_said(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_said(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


_FITS: Final[Mapping[Kind, Callable[[Any], bool]]] = {
    "text": _is_text,
    "number": _is_number,
    "whole": lambda value: _is_number(value) and not isinstance(value, float),
    "words": _is_words,
    "texts": lambda value: _is_list(value, _is_text),
    "numbers": lambda value: _is_list(value, _is_number),
    "pairs": lambda value: _is_list(value, _is_pair),
    "weights": lambda value: _is_table(value) and all(map(_is_number, value.values())),
    "day": _is_day,
    "table": _is_table,
    "tables": lambda value: isinstance(value, list),
}
