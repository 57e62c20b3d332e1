"""Events told apart by their properties: what a measure asks of them, and the SQL that finds them in the lake.

Roll-ups keep no properties. What a measure names is declared: the roll-ups count the events that meet its conditions a
second time, as an event of their own, whose value may be that of a property.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from banso.shared.conditions import Condition, condition_of, number_of

# The numbers of declared events begin past every bit that a name can have.
FIRST_NUMBER: Final = 1_000_000
DERIVED: Final = "derived:"


@dataclass(frozen=True)
class Derived:
    """Events of a name (none: all product use) that meet all conditions, and the property whose value they carry."""

    event: str
    where: tuple[str, ...] = ()
    value_of: str = ""

    @property
    def key(self) -> str:
        """Return the name that roll-ups know it by; no event comes with it."""
        said = json.dumps([self.event, sorted(self.where), self.value_of], ensure_ascii=False)
        return f"{DERIVED}{sha256(said.encode()).hexdigest()[:32]}"


def meets(where: Sequence[str], properties: str) -> str:
    """Return the SQL by which events meet all conditions; `properties` is the column of JSON."""
    return " AND ".join([_meets(condition_of(text), properties) for text in where]) or "true"


def number_in(name: str, properties: str) -> str:
    """Return the SQL of a property's value as a number; null where it is none."""
    number = f"try_cast({_text(name, properties)} AS DOUBLE)"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def _meets(one: Condition, properties: str) -> str:
    text = _text(one.name, properties)
    match one.operator:
        case "exists":
            return f"{text} IS NOT NULL"
        case "=" | "in":
            same = f"{text} IN ({', '.join(map(_quoted, one.values))})"
            numbers = [repr(number) for value in one.values if (number := number_of(value)) is not None]
            # 5 and 5.0 are one number, however a client wrote it.
            same += f" OR {number_in(one.name, properties)} IN ({', '.join(numbers)})" if numbers else ""
            return f"coalesce({same}, false)"
        case _:
            return f"coalesce(({number_in(one.name, properties)}) {one.operator} {number_of(one.values[0])!r}, false)"


def _text(name: str, properties: str) -> str:
    path = '$."' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"json_extract_string(try_cast({properties} AS JSON), {_quoted(path)})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
