"""What properties events carry, from a sample of them: names, types, examples that tell of nobody."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from banso.shared.privacy import VEIL, is_telling, veiled

EXAMPLES: Final = 3
LONGEST_EXAMPLE: Final = 60
MOST_PROPERTIES: Final = 100
# A value that only one person's events carry may be about that person.
SHARED_BY: Final = 2


def properties_of(sample: Iterable[tuple[str | None, str]]) -> list[dict[str, Any]]:
    """Return what stands in the properties of (person, JSON) pairs, the most frequent first.

    Each is {name, types: {type: count}, examples, low, high}: examples are values that several people share, veiled;
    of facts that tell of people, by their name, nothing; low and high of numbers.
    """
    types: dict[str, Counter[str]] = {}
    numbers: dict[str, list[float]] = {}
    holders: dict[str, dict[str, set[str | None]]] = {}
    for person, text in sample:
        for name, value in _read(text).items():
            kind = _kind(value)
            types.setdefault(name, Counter())[kind] += 1
            if is_telling(name):
                continue
            if kind == "number":
                numbers.setdefault(name, []).append(float(value))
            elif kind in {"text", "yes/no"}:
                holders.setdefault(name, {}).setdefault(_shown(value), set()).add(person)
    frequent = sorted(types, key=lambda name: (-types[name].total(), name))[:MOST_PROPERTIES]
    return [
        {
            "name": name[:200],
            "types": dict(types[name].most_common()),
            "examples": _examples(holders.get(name, {}), is_veiled=is_telling(name)),
            "low": min(numbers.get(name, []), default=None),
            "high": max(numbers.get(name, []), default=None),
        }
        for name in frequent
    ]


def _examples(holders: dict[str, set[str | None]], *, is_veiled: bool) -> list[str]:
    if is_veiled:
        return [VEIL]
    shared = {value: len(people) for value, people in holders.items() if len(people) >= SHARED_BY}
    return sorted(shared, key=lambda value: (-shared[value], value))[:EXAMPLES]


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "yes/no"
    if isinstance(value, int | float):
        # A number past all bounds is none to be compared.
        return "number" if abs(value) < 1e308 else "text"  # noqa: PLR2004  # about the largest of a double
    if isinstance(value, str):
        return "text"
    return "nothing" if value is None else "list" if isinstance(value, list) else "object"


def _shown(value: object) -> str:
    text = veiled(str(value)[: LONGEST_EXAMPLE + 1])
    return text if len(text) <= LONGEST_EXAMPLE else text[:LONGEST_EXAMPLE] + VEIL
