"""Definitions as people write them: YAML, in which every fault names its line and what to do."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any, Final

import yaml

from banso.health.rules.checking import Fault, WrongDefinition, faults_of_count, gettext_noop
from banso.health.rules.definition import WITHOUT_WINDOW, Count, Definition, Words
from banso.health.rules.lines import Lines, Path, read_lines
from banso.health.rules.plain import from_plain, to_plain
from banso.health.rules.shapes import FILE, MEASURE, SCORECARD, faults_of_shape

HEAD: Final = (
    "# Banso definitions. Check with “banso definitions check FILE”, apply with “banso definitions apply FILE”.\n"
)
KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,49}\Z")
_DEFAULTS: Final = {one.name: one.default for one in fields(Count) if one.default is not MISSING}


@dataclass(frozen=True)
class Written:
    """What a file of definitions holds: measures by key, and a scorecard or none."""

    measures: tuple[Count, ...]
    scorecard: Definition | None = None


def read(text: str, also: Callable[[Count], Iterable[Fault]] = lambda _count: ()) -> Written:
    """Return what a file says; raises WrongDefinition with every fault found, each with its line.

    `also` finds faults of a measure that only who knows the events can find.
    """
    plain, lines = read_lines(text)
    faults = list(faults_of_shape(plain, FILE, (), lines))
    if faults:
        raise WrongDefinition(faults)
    measures = []
    for key, one in (plain.get("measures") or {}).items():
        path = ("measures", key)
        wrong = [*(_placed(fault, path, lines) for fault in faults_of_key(key))]
        wrong.extend(faults_of_shape(one, MEASURE, path, lines))
        if not wrong:
            made = count_from(key, one)
            measures.append(made)
            found = [*faults_of_count(made, f"measures.{key}"), *also(made)]
            wrong = [_placed(fault, path, lines) for fault in found]
        faults.extend(wrong)
    scorecard, wrong = _scorecard(plain.get("scorecard"), lines)
    if faults := [*faults, *wrong]:
        raise WrongDefinition(sorted(faults, key=lambda fault: fault.line))
    return Written(tuple(measures), scorecard)


def written(measures: Sequence[Count], scorecard: Definition | None = None) -> str:
    """Return definitions as a file; `read` makes the same of it."""
    plain: dict[str, Any] = {"measures": {one.key: plain_of(one) for one in sorted(measures, key=lambda one: one.key)}}
    if scorecard is not None:
        plain["scorecard"] = _without_defaults(scorecard)
    return HEAD + as_yaml(plain)


def as_yaml(plain: Any) -> str:
    """Return plain values as YAML in the form of our files, whole numbers without a point."""
    return str(yaml.safe_dump(_whole(plain), allow_unicode=True, sort_keys=False, default_flow_style=None, width=110))


def plain_of(count: Count) -> dict[str, Any]:
    """Return a measure as JSON values, without its key and what is as usual."""
    given = {one.name: getattr(count, one.name) for one in fields(Count)}
    said = {name: value for name, value in given.items() if name != "key" and _is_told(count, name, value)}
    said["label"] = {"ja": count.label.ja, "en": count.label.en}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


def count_from(key: str, plain: Mapping[str, Any]) -> Count:
    """Return the measure that well-shaped JSON values describe."""
    given = dict(plain)
    label = given.pop("label")
    for name in ("events", "where"):
        given[name] = tuple(given.get(name) or ())
    return Count(key=key, label=Words(label, label) if isinstance(label, str) else Words(**label), **given)


def faults_of_key(key: str) -> list[Fault]:
    """Return what is wrong with a key."""
    if KEY.match(key):
        return []
    message = gettext_noop("%(key)s cannot be a key. Write small letters, digits and _, a letter first, up to 50.")
    return [Fault(f"measures.{key}", message, {"key": key}, "key")]


def _whole(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {name: _whole(value) for name, value in plain.items()}
    if isinstance(plain, list):
        return [_whole(value) for value in plain]
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain


def _is_told(count: Count, name: str, value: object) -> bool:
    """Return whether a field is written: all that is not as usual, and the window wherever there is one."""
    if name == "window_days" and count.source != "contract" and count.kind not in WITHOUT_WINDOW:
        return True
    return name not in _DEFAULTS or (tuple(value) if isinstance(value, list) else value) != _DEFAULTS[name]


def _without_defaults(scorecard: Definition) -> dict[str, Any]:
    plain = to_plain(scorecard)
    plain["measures"] = [
        {name: value for name, value in one.items() if _is_told(measure, name, value)}
        for measure, one in zip(scorecard.measures, plain["measures"], strict=True)
    ]
    return {name: value for name, value in plain.items() if value not in ([], {})}


def _scorecard(plain: Any, lines: Lines) -> tuple[Definition | None, list[Fault]]:
    if plain is None:
        return None, []
    if faults := list(faults_of_shape(plain, SCORECARD, ("scorecard",), lines)):
        return None, faults
    ready = dict(plain)
    for name in ("measures", "groups"):
        ready[name] = [{**one, "label": _words(one["label"])} for one in plain[name]]
    try:
        return from_plain(ready), []
    except WrongDefinition as wrong:
        keys = [str(one["key"]) for one in plain["measures"]]
        return None, [_placed(fault, _path_of(fault.place, keys), lines) for fault in wrong.faults]


def _words(label: Any) -> Any:
    return {"ja": label, "en": label} if isinstance(label, str) else label


def _path_of(place: str, keys: Sequence[str]) -> Path:
    """Return the path in the file of a place in a scorecard, such as measures.recency.points."""
    path: list[str | int] = ["scorecard", *place.split(".")]
    if path[1:2] == ["measures"] and len(path) > 2 and path[2] in keys:  # noqa: PLR2004  # its key comes third
        path[2] = keys.index(str(path[2]))
    if path[1:2] in (["overrides"], ["scales"], ["exceptions"]) and len(path) > 2:  # noqa: PLR2004  # their number
        path[2] = int(path[2]) - 1
    return tuple(path)


def _placed(fault: Fault, path: Path, lines: Lines) -> Fault:
    place = fault.place if path[0] == "measures" else f"scorecard.{fault.place}"
    return replace(fault, place=place, line=lines.at((*path, fault.field) if fault.field else path))
