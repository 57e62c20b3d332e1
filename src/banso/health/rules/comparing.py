"""What is different between two scorecards, thing by thing; pages put it into words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from banso.health.rules.changes import Line, lines_of_scorecards
from banso.health.rules.definition import Definition, Measure

type Kind = Literal[
    "name", "added", "removed", "counted", "group", "weight", "points", "overrides", "levels", "cuts", "scales",
    "missing", "exceptions", "rollup",
]  # fmt: skip

__all__ = ["Difference", "Line", "differences", "lines_of_scorecards"]


@dataclass(frozen=True)
class Difference:
    """One thing that is different: of a measure where `measure` is given; what it was and is, where that is short."""

    kind: Kind
    measure: Measure | None = None
    before: object = None
    after: object = None


def differences(before: Definition, after: Definition) -> list[Difference]:
    """Return all that is different, measures first; none means that the two say the same but for the order."""
    old = {measure.key: measure for measure in before.measures}
    new = {measure.key: measure for measure in after.measures}
    found = [Difference("name", None, before.name, after.name)] if before.name != after.name else []
    found += [Difference("removed", one) for key, one in old.items() if key not in new]
    found += [Difference("added", one, None, _share(after, one)) for key, one in new.items() if key not in old]
    for key, one in new.items():
        if key in old:
            found.extend(_of_measure(before, after, old[key], one))
    return [*found, *_of_whole(before, after)]


def _of_measure(before: Definition, after: Definition, old: Measure, new: Measure) -> Iterator[Difference]:
    if old.expression != new.expression:
        yield Difference("counted", new)
    if old.group != new.group:
        yield Difference("group", new, old.group, new.group)
    if old.weight != new.weight:
        yield Difference("weight", new, _share(before, old), _share(after, new))
    if (old.points, old.shape) != (new.points, new.shape):
        yield Difference("points", new, old.points, new.points)


def _of_whole(before: Definition, after: Definition) -> Iterator[Difference]:
    if before.levels != after.levels:
        yield Difference("levels", None, before.levels, after.levels)
    if before.cuts != after.cuts:
        pairs = [(one.cuts.normal_from, one.cuts.good_from) for one in (before, after)]
        yield Difference("cuts", None, *pairs)
    if before.missing != after.missing:
        yield Difference("missing", None, before.missing, after.missing)
    if before.rollup != after.rollup:
        yield Difference("rollup", None, before.rollup, after.rollup)
    if before.overrides != after.overrides:
        yield Difference("overrides", None, len(before.overrides), len(after.overrides))
    if before.scales != after.scales:
        yield Difference("scales", None, len(before.scales), len(after.scales))
    if before.exceptions != after.exceptions:
        yield Difference("exceptions", None, len(before.exceptions), len(after.exceptions))


def _share(definition: Definition, measure: Measure) -> float:
    return measure.weight / sum(one.weight for one in definition.measures)
