"""What a file of definitions would change: line by line, before anything is changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import Literal

from banso.health.rules.definition import Count, Definition
from banso.health.rules.writing import Written, as_yaml, plain_of, written

type Sort = Literal["added", "changed", "retired"]
type Sign = Literal["+", "-", " "]


@dataclass(frozen=True)
class Line:
    """A line of a difference: added (+), removed (-) or as before."""

    sign: Sign
    text: str


@dataclass(frozen=True)
class Change:
    """What becomes of one measure, by its key, or of the scorecard (whose key is empty)."""

    key: str
    sort: Sort
    lines: tuple[Line, ...]


def changes_of(
    before: Mapping[str, Count], scorecard: Definition | None, after: Written, *, prune: bool = False
) -> list[Change]:
    """Return what a file changes, measures by key, then the scorecard; what is as before is left out.

    Measures that the file does not have stay, or with `prune` are retired.
    """
    found = []
    for one in sorted(after.measures, key=lambda one: one.key):
        was = before.get(one.key)
        if was != one:
            found.append(Change(one.key, "changed" if was else "added", tuple(lines_of(was, one))))
    if prune:
        gone = sorted(set(before) - {one.key for one in after.measures})
        found.extend(Change(key, "retired", tuple(lines_of(before[key], None))) for key in gone)
    if after.scorecard is not None and after.scorecard != scorecard:
        sort: Sort = "changed" if scorecard else "added"
        found.append(Change("", sort, tuple(_difference(_scorecard(scorecard), _scorecard(after.scorecard)))))
    return found


def lines_of(before: Count | None, after: Count | None) -> Iterator[Line]:
    """Return the difference between two versions of a measure; None is one that was not there."""
    return _difference(_lines(before), _lines(after))


def lines_of_scorecards(before: Definition | None, after: Definition | None) -> Iterator[Line]:
    """Return the difference between two scorecards as files have them, line by line."""
    return _difference(_scorecard(before), _scorecard(after))


def _lines(count: Count | None) -> Sequence[str]:
    return as_yaml(plain_of(count)).splitlines() if count else ()


def _scorecard(definition: Definition | None) -> Sequence[str]:
    return written((), definition).splitlines()[2:] if definition else ()


def _difference(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    for line in list(unified_diff(before, after, lineterm="", n=3))[2:]:
        if line.startswith("@@"):
            continue
        sign: Sign = "+" if line[0] == "+" else "-" if line[0] == "-" else " "
        yield Line(sign, line[1:])
