"""Every atom of the measures as of one date: grouped by account and person first, then by account."""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import add, or_
from typing import Any

from banso.usage.rules.expressions import (
    STREAKS,
    any_of,
    counts,
    is_by_masks,
    listed_words,
    newest_of,
    number,
    runs_of,
    set_bits,
    table_for,
    user_day,
)
from banso.usage.rules.measures import Atom
from banso.usage.rules.names import Catalogue

type Named = Mapping[str, Atom]
type Sum = Callable[[Any], Any]

MAY_BE_UNKNOWN = frozenset({"seen", "person_seen", "last", "newest"})
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
    parts.extend(_newest(key, atom, catalogue, words) for key, atom in atoms.items() if atom.stat == "newest")
    parts.extend(_streak(key, atom, catalogue, words) for key, atom in atoms.items() if atom.stat in STREAKS)
    return _side_by_side(parts, atoms)


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


def _newest(key: str, atom: Atom, catalogue: Catalogue, words: int) -> Any:
    """Return the newest value within the window; no row where there is none."""
    table = table_for(atom, catalogue, words, every_day=False)
    rows = table.filter(counts(table, atom, catalogue, words) & (table.age > atom.offset))
    rows = rows.filter(rows.age <= atom.offset + atom.window)
    found = newest_of(rows, ["account"])
    return found.select("account", found.newest.name(key))


def _streak(key: str, atom: Atom, catalogue: Catalogue, words: int) -> Any:
    """Return how long the run of days or weeks is that reaches up to the date; no row where there is none."""
    table = table_for(atom, catalogue, words, every_day=True)
    rows = table.filter(counts(table, atom, catalogue, words))
    runs = runs_of(rows.select("account", step=(rows.age - 1) // STREAKS[atom.stat]).distinct())
    reaching = runs.filter(runs["first"] == 0)
    return reaching.select("account", (reaching["last"] + 1).name(key))


def _two_steps(table: Any, atoms: Named, level: str, catalogue: Catalogue, words: int) -> Any:
    """Group by account and person (or day) first, then by account: many times faster than counting distinct.

    What several atoms need of a person is gathered once: the masks OR-ed over a window serve every list of features.
    """
    inner: dict[str, Any] = {}
    outer: dict[str, Sum] = {}
    for key, atom in atoms.items():
        within = (table.age > atom.offset) & (table.age <= atom.offset + atom.window)
        is_in = within & counts(table, atom, catalogue, words)
        window = f"{atom.window}_{atom.offset}"
        listed = {f"m{word}_{window}": value for word, value in listed_words(atom, catalogue, words).items()}
        is_of_features = atom.stat == "features" or (atom.stat == "people" and atom.events)
        if is_of_features and is_by_masks(atom, catalogue):
            inner |= {column: any_of(table[column.split("_")[0]], where=within) for column in listed}
            outer[key] = _distinct(listed) if atom.stat == "features" else _people_of(listed)
        elif atom.stat in {"people", "days"}:
            inner[key] = is_in.ifelse(1, 0).max()
            outer[key] = _total(key, needs_person=atom.stat == "people")
        else:
            column = "value" if atom.stat == "value" else "n"
            shared = f"{column}_{window}" if not atom.events else key
            inner[shared] = table[column].sum(where=is_in)
            outer[key] = _total(shared, needs_person=atom.stat == "person_n")
    grouped = table.group_by(["account", level]).agg(**inner or {"n": table.n.sum()})
    return grouped.group_by("account").agg(**{key: make(grouped) for key, make in outer.items()})


def _distinct(listed: Mapping[str, int]) -> Sum:
    """Return how many of the listed features anybody used."""

    def make(table: Any) -> Any:
        counted = [set_bits(any_of(table[column]) & number(value)).fill_null(0) for column, value in listed.items()]
        return reduce(add, counted) if counted else table.account.min() * 0

    return make


def _people_of(listed: Mapping[str, int]) -> Sum:
    """Return how many people used any of the listed features."""

    def make(table: Any) -> Any:
        hits = [(table[column] & number(value)) != 0 for column, value in listed.items()]
        return reduce(or_, hits).ifelse(1, 0).sum(where=table.person.notnull()) if hits else table.account.min() * 0

    return make


def _total(column: str, *, needs_person: bool) -> Sum:
    return lambda table: table[column].sum(where=table.person.notnull() if needs_person else None)


def _side_by_side(parts: list[Any], atoms: Named) -> Any:
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.left_join(part, "account").drop("account_right")
    columns = {
        key: joined[key] if atom.stat in MAY_BE_UNKNOWN else joined[key].fill_null(0).cast("float64")
        for key, atom in atoms.items()
    }
    return joined.select("account", **columns)
