"""What a list of accounts is narrowed by: custom fields, each by its type, as an address says it.

`field.plan=Gold&field.plan=Silver` asks for one of two choices, `field.seats.from=10&field.seats.to=50` for a range,
`field.is_partner=yes` for a yes, `field.note=word` for a text that contains the word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from banso.accounts.rules.checking import TEXT_FIELD_LENGTH, FieldSpec, field_value
from banso.shared.text import one_line

type Way = Literal["is", "contains", "from", "to"]

PREFIX: Final = "field."
SHOWN_LENGTH: Final = 60  # of what an address says, in the sentence that refuses it
_WAYS: Final[Mapping[str, tuple[Way, ...]]] = {
    "text": ("contains",),
    "number": ("is", "from", "to"),
    "date": ("is", "from", "to"),
    "boolean": ("is",),
    "choice": ("is",),
}


@dataclass(frozen=True)
class FieldCondition:
    """What the value of a custom field has to be; `name` and `said` are the parameter that says so."""

    field: FieldSpec
    way: Way
    value: Any  # a number, an ISO date, a text or a boolean, by the field's kind
    name: str
    said: str


@dataclass(frozen=True)
class FilterFault:
    """Why a part of an address was left out: its parameter, a code, and the facts for the sentence."""

    name: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def read_conditions(
    parameters: Iterable[tuple[str, str]], fields: Mapping[str, FieldSpec]
) -> tuple[list[FieldCondition], list[FilterFault]]:
    """Return what the parameters of an address ask of custom fields, and what of it makes no sense.

    A range that ends before it begins is left out whole, since nobody can say which end is meant.
    """
    found: list[FieldCondition] = []
    faults: list[FilterFault] = []
    for name, said in dict.fromkeys(parameters):
        if name.startswith(PREFIX) and said.strip():
            match _read(name, said, fields):
                case FieldCondition() as condition:
                    found.append(condition)
                case fault:
                    faults.append(fault)
    turned = _turned(found)
    faults += [
        FilterFault(
            f"{PREFIX}{low.field.key}.from",
            "range_turned",
            {"label": low.field.label, "low": low.said.strip(), "high": high.said.strip()},
        )
        for low, high in turned.values()
    ]
    kept = [one for one in found if one.field.key not in turned or one.way not in {"from", "to"}]
    return kept, faults


def gone_fields(names: Iterable[str], fields: Mapping[str, FieldSpec]) -> list[FilterFault]:
    """Return which columns and orders name a custom field that is no more, each once."""
    keys = {name.removeprefix(PREFIX): name for name in names if name.startswith(PREFIX)}
    return [_gone(name, key) for key, name in keys.items() if key not in fields]


def _read(name: str, said: str, fields: Mapping[str, FieldSpec]) -> FieldCondition | FilterFault:
    key, _dot, end = name.removeprefix(PREFIX).partition(".")
    spec = fields.get(key)
    if spec is None:
        return _gone(name, key)
    ways = _WAYS[spec.kind]
    way = next((way for way in ways if way == (end or ways[0])), None)
    shown = one_line(said)[:SHOWN_LENGTH]
    if way is None:
        return FilterFault(name, "no_such_way", {"label": spec.label, "value": one_line(name)[:SHOWN_LENGTH]})
    try:
        return FieldCondition(spec, way, field_value(spec, said), name, said)
    except ValueError as fault:
        facts = {"label": spec.label, "value": shown, "choices": ", ".join(spec.choices), "limit": TEXT_FIELD_LENGTH}
        return FilterFault(name, str(fault), facts)


def _gone(name: str, key: str) -> FilterFault:
    return FilterFault(name, "field_gone", {"value": one_line(key)[:SHOWN_LENGTH]})


def _turned(found: Iterable[FieldCondition]) -> dict[str, tuple[FieldCondition, FieldCondition]]:
    """Return the ranges that end before they begin, by the key of the field."""
    ends: dict[str, dict[Way, FieldCondition]] = {}
    for one in found:
        ends.setdefault(one.field.key, {})[one.way] = one
    ranges = {key: (some["from"], some["to"]) for key, some in ends.items() if "from" in some and "to" in some}
    return {key: (low, high) for key, (low, high) in ranges.items() if low.value > high.value}
