"""Conditions on properties as people write them: `plan = pro`, `plan in (pro, max)`, `rows >= 100`, `error exists`."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

type Operator = Literal["=", "in", ">=", "<=", "exists"]

LENGTH_AT_MOST: Final = 200
_WRITTEN: Final = re.compile(r"^(?P<name>[^=<>]+?)\s*(?:(?P<sign>>=|<=|=)\s*(?P<value>.+)|\s(?P<word>exists))$")
_LIST: Final = re.compile(r"^(?P<name>[^=<>]+?)\s+in\s+\((?P<values>[^()]+)\)$")


class WrongCondition(ValueError):
    """A condition that nobody can read."""


@dataclass(frozen=True)
class Condition:
    """What a property of an event must be; a comparison needs a number."""

    name: str
    operator: Operator
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        match self.operator:
            case "exists":
                return f"{self.name} exists"
            case "in":
                return f"{self.name} in ({', '.join(self.values)})"
            case _:
                return f"{self.name} {self.operator} {self.values[0]}"


@cache
def condition_of(text: str) -> Condition:
    """Return what a text says: `plan = pro`, `plan in (pro, max)`, `rows >= 100`, `error exists`."""
    written = text.strip()
    if len(written) > LENGTH_AT_MOST:
        raise WrongCondition(text)
    if found := _LIST.match(written):
        values = tuple(sorted({one.strip() for one in found["values"].split(",")} - {""}))
        if not values:
            raise WrongCondition(text)
        return Condition(found["name"].strip(), "in", values)
    found = _WRITTEN.match(written)
    if found is None:
        raise WrongCondition(text)
    if found["word"]:
        return Condition(found["name"].strip(), "exists")
    condition = Condition(found["name"].strip(), found["sign"], (found["value"].strip(),))  # type: ignore[arg-type]  # of the pattern
    if condition.operator != "=" and number_of(condition.values[0]) is None:
        raise WrongCondition(text)
    return condition


def is_condition(text: str) -> bool:
    """Return whether a text can be read as a condition."""
    try:
        condition_of(text)
    except WrongCondition:
        return False
    return True


def number_of(text: str) -> float | None:
    """Return a text as a finite number; None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None
