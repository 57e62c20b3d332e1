"""The tree of customers: no circle, not too deep, no unknown parent."""

from collections.abc import Mapping
from typing import Final

# Group, company, division, department, section, team: six in the largest companies, and some air.
DEEPEST: Final = 10


def tree_faults(standing: Mapping[str, str | None], wanted: Mapping[str, str | None]) -> dict[str, str]:
    """Return for each account whose wanted parent cannot be its parent why: unknown, circle or too deep.

    `standing` maps every account to its parent before the change, `wanted` those that are to be placed anew or added.
    Without the refused ones the rest forms a tree.
    """
    faults: dict[str, str] = {}
    while True:
        tree = {**standing, **{name: parent for name, parent in wanted.items() if name not in faults}}
        found = _faults_in(tree, {name: parent for name, parent in wanted.items() if name not in faults})
        if not found:
            return faults
        faults.update(found)


def _faults_in(tree: Mapping[str, str | None], wanted: Mapping[str, str | None]) -> dict[str, str]:
    unknown = {name: "parent_unknown" for name, parent in wanted.items() if parent is not None and parent not in tree}
    if unknown:
        return unknown
    depths: dict[str, int] = {}
    circles = {name: "parent_circle" for name, parent in wanted.items() if parent and _depth(name, tree, depths) == 0}
    if circles:
        return circles
    deep = {name for name in tree if _depth(name, tree, depths) > DEEPEST}
    return dict.fromkeys(_movers(deep, tree, wanted), "parent_too_deep")


def _depth(name: str, tree: Mapping[str, str | None], depths: dict[str, int]) -> int:
    """Return how deep an account stands (a root: 1), or 0 where its line of parents runs in a circle."""
    path: list[str] = []
    seen: set[str] = set()
    at: str | None = name
    while at is not None and at not in depths and at not in seen:
        seen.add(at)
        path.append(at)
        at = tree.get(at)
    is_circle = at is not None and at not in depths
    above = 0 if at is None else depths.get(at, 0)
    leads_to_circle = is_circle or (at is not None and above == 0)
    for place, step in enumerate(reversed(path), start=1):
        depths[step] = 0 if leads_to_circle else above + place
    return depths[name]


def _movers(deep: set[str], tree: Mapping[str, str | None], wanted: Mapping[str, str | None]) -> set[str]:
    """Return the accounts newly placed that stand too deep themselves, or that took one below them there."""
    movers: set[str] = set()
    for name in deep:
        at: str | None = name
        while at is not None and not wanted.get(at):
            at = tree.get(at)
        if at is not None:
            movers.add(at)
    return movers
