"""For whom measures are counted: each account, each of its people, or each account with all that stand below it.

The expressions know accounts only. For another level the roll-ups are shown to them with another column `account`: the
number of the person, or of every account above; a person of several accounts of one tree then is one person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

type Level = Literal["account", "person", "tree"]
LEVELS: Final[tuple[Level, ...]] = ("account", "person", "tree")
LEVELS_OF_ACCOUNTS: Final[tuple[Level, ...]] = ("account", "tree")


@dataclass(frozen=True)
class Kin:
    """An account counts for another (itself too) of the same tree, whose root stands above all; by their numbers."""

    account: int
    above: int
    root: int


@dataclass(frozen=True)
class Tree:
    """Who counts for whom, and the names of accounts that no event came from: they have numbers below zero."""

    kin: tuple[Kin, ...]
    silent: Mapping[int, str]


def tree_of(parents: Mapping[str, str], numbers: Mapping[str, int]) -> Tree:
    """Return the kin of every account that stands in a tree, by the parent of each child and the accounts' numbers."""
    members = sorted({*parents, *parents.values()})
    silent = {name: -1 - at for at, name in enumerate(one for one in members if one not in numbers)}
    known = {**numbers, **silent}
    kin: list[Kin] = []
    for name in members:
        line = _line(name, parents)
        if name in numbers:
            kin.extend(Kin(known[name], known[above], known[line[-1]]) for above in line)
    return Tree(tuple(kin), {number: name for name, number in silent.items()})


def of_people(source: str, columns: Sequence[str]) -> str:
    """Return the SQL of a roll-up in which every person stands for an account of their own."""
    return f"(SELECT person AS account, person, {', '.join(columns)} FROM {source} AS used WHERE person IS NOT NULL)"


def of_trees(source: str, columns: Sequence[str], people: str, kin: Sequence[Kin], *, dialect: str) -> str:
    """Return the SQL of a roll-up in which each row counts for every account above; `people` is the table of people."""
    if not kin:
        return source
    chosen = ", ".join(f"used.{column}" for column in columns)
    pairs = _rows([(one.account, one.above) for one in kin], "kin", dialect)
    roots = _rows(sorted({(one.account, one.root) for one in kin}), "roots", dialect)
    same = (
        "SELECT people.number AS number, min(people.number) OVER (PARTITION BY roots.b, people.person) AS one"
        f" FROM {people} AS people JOIN {roots} ON roots.a = people.account"
    )
    return (
        f"(SELECT coalesce(kin.b, used.account) AS account, coalesce(same.one, used.person) AS person, {chosen}"
        f" FROM {source} AS used LEFT JOIN {pairs} ON kin.a = used.account"
        f" LEFT JOIN ({same}) AS same ON same.number = used.person)"
    )


def _line(name: str, parents: Mapping[str, str]) -> list[str]:
    """Return an account and those above it, the root last; each once, even if they stood in a circle."""
    line = [name]
    while (above := parents.get(line[-1])) is not None and above not in line:
        line.append(above)
    return line


def _rows(pairs: Sequence[tuple[int, int]], name: str, dialect: str) -> str:
    """Return pairs of numbers as a table (a, b) of some name, as an engine spells it."""
    rows = ", ".join(f"({a}, {b})" for a, b in pairs)
    if dialect == "clickhouse":
        return f"values('a Int32, b Int32', {rows}) AS {name}"
    return f"(VALUES {rows}) AS {name}(a, b)"
