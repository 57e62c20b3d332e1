"""Every atom of the measures as of one date: grouped by account and person first, then by account."""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import add, and_
from typing import Any

from banso.usage.rules.expressions import counts, is_by_masks, listed_words, number, set_bits, table_for, user_day
from banso.usage.rules.measures import Atom
from banso.usage.rules.names import Catalogue

type Named = Mapping[str, Atom]
type Sum = Callable[[Any], Any]

SUMS = frozenset({"n", "person_n", "people", "value", "features"})


def today(atoms: Named, catalogue: Catalogue, words: int) -> Any:
    """Return a row for each account known before the date, with every atom as a column; null dates are not known."""
    parts = [_history(atoms, catalogue, words)]
    for level, stats in (("person", SUMS), ("day", frozenset({"days"}))):
        for by_masks in (True, False):
            chosen = {key: atom for key, atom in atoms.items() if atom.stat in stats}
            chosen = {key: atom for key, atom in chosen.items() if is_by_masks(atom, catalogue) is by_masks}
            if chosen:
                table = table_for(next(iter(chosen.values())), catalogue, words, every_day=False)
                parts.append(_two_steps(table, chosen, level, catalogue, words))
    lasts = {key: atom for key, atom in atoms.items() if atom.stat == "last" and not is_by_masks(atom, catalogue)}
    if lasts:
        table = table_for(next(iter(lasts.values())), catalogue, words, every_day=True)
        parts.append(table.group_by("account").agg(**_lasts(table, lasts, catalogue, words)))
    return _side_by_side(parts, atoms)


def first_days(words: int) -> Any:
    """Return for each account the first day of any event, and of one that carries a person."""
    table = user_day("user_day_all", words)
    return table.group_by("account").agg(seen=table.day.min(), person_seen=table.day.min(where=table.person.notnull()))


def _history(atoms: Named, catalogue: Catalogue, words: int) -> Any:
    """Return what needs every day before the date, in one pass over the user-days."""
    table = user_day("user_day_all", words)
    found = {key: table.day.min() for key, atom in atoms.items() if atom.stat == "seen"}
    found |= {
        key: table.day.min(where=table.person.notnull()) for key, atom in atoms.items() if atom.stat == "person_seen"
    }
    by_masks = {key: atom for key, atom in atoms.items() if atom.stat == "last" and is_by_masks(atom, catalogue)}
    return table.group_by("account").agg(**found, **_lasts(table, by_masks, catalogue, words))


def _lasts(table: Any, atoms: Named, catalogue: Catalogue, words: int) -> dict[str, Any]:
    return {key: table.day.max(where=counts(table, atom, catalogue, words)) for key, atom in atoms.items()}


def _two_steps(table: Any, atoms: Named, level: str, catalogue: Catalogue, words: int) -> Any:
    """Group by account and person (or day) first, then by account: many times faster than counting distinct."""
    inner: dict[str, Any] = {}
    outer: dict[str, Sum] = {}
    for key, atom in atoms.items():
        within = [table.age > atom.offset, table.age <= atom.offset + atom.window]
        is_in = reduce(and_, [*within, counts(table, atom, catalogue, words)])
        match atom.stat:
            case "features":
                masks = {f"{key}_{word}": value for word, value in listed_words(atom, catalogue, words).items()}
                for column, value in masks.items():
                    word = column.removeprefix(f"{key}_")
                    inner[column] = (table[f"m{word}"] & number(value)).bit_or(where=is_in)
                outer[key] = _bits(list(masks))
            case "people" | "days":
                inner[key] = is_in.ifelse(1, 0).max()
                outer[key] = _total(key, needs_person=atom.stat == "people")
            case _:
                inner[key] = (table.value if atom.stat == "value" else table.n).sum(where=is_in)
                outer[key] = _total(key, needs_person=atom.stat == "person_n")
    grouped = table.group_by(["account", level]).agg(**inner)
    return grouped.group_by("account").agg(**{key: make(grouped) for key, make in outer.items()})


def _bits(columns: list[str]) -> Sum:
    def make(table: Any) -> Any:
        counted = [set_bits(table[column].bit_or()).fill_null(0) for column in columns]
        return reduce(add, counted) if counted else table.account.min() * 0

    return make


def _total(column: str, *, needs_person: bool) -> Sum:
    return lambda table: table[column].sum(where=table.person.notnull() if needs_person else None)


def _side_by_side(parts: list[Any], atoms: Named) -> Any:
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.left_join(part, "account").drop("account_right")
    columns = {
        key: joined[key] if atom.stat in {"seen", "person_seen", "last"} else joined[key].fill_null(0).cast("float64")
        for key, atom in atoms.items()
    }
    return joined.select("account", **columns)
