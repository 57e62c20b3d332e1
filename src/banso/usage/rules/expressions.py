"""The numbers that measures are composed of, written once over the roll-ups' columns and compiled for an engine.

An engine shows four tables before it runs a query: `user_day` (account, person, day, age, n, m0, m1, ...) and `daily`
(account, person, event, day, age, n, value) with at least the days that the windows reach back to, and `user_day_all`
and `daily_all` with every day before the date. `age` is the date minus the day: 1 is the day before the date.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import and_, or_
from typing import Any, Final

import ibis

from banso.usage.rules.measures import Atom
from banso.usage.rules.names import COUNTED, IS_USE, Catalogue, word_of

NO_EVENT: Final = -1
DAYS_IN_A_WEEK: Final = 7

type Named = Mapping[str, Atom]


@ibis.udf.scalar.builtin(name="bit_count")
def bit_count(word: int) -> int:
    """How many bits of a word are set; the engine's own function."""
    raise NotImplementedError(word)


def user_day(name: str, words: int) -> Any:
    """Return the table of days on which people were active."""
    columns = {"account": "int32", "person": "int32", "day": "int32", "age": "int32", "n": "int32"}
    return ibis.table(columns | {f"m{word}": "int64" for word in range(words)}, name=name)


def daily(name: str) -> Any:
    """Return the table of what people did each day, by event."""
    columns = {"account": "int32", "person": "int32", "event": "int32", "day": "int32", "age": "int32", "n": "int32"}
    return ibis.table(columns | {"value": "float64"}, name=name)


def is_by_masks(atom: Atom, catalogue: Catalogue) -> bool:
    """Return whether the user-day roll-up alone answers an atom, which is smaller than the daily one."""
    if atom.stat == "value" or (atom.events and atom.stat in {"n", "person_n"}):
        return False
    known = [catalogue[name] for name in atom.events if name in catalogue]
    return atom.stat == "features" or all(rule.kind in {"feature", "ignored"} for rule in known)


def table_for(atom: Atom, catalogue: Catalogue, words: int, *, every_day: bool) -> Any:
    """Return the roll-up that an atom is counted from."""
    suffix = "_all" if every_day else ""
    return user_day(f"user_day{suffix}", words) if is_by_masks(atom, catalogue) else daily(f"daily{suffix}")


def counts(table: Any, atom: Atom, catalogue: Catalogue, words: int) -> Any:
    """Return whether a row counts for an atom, whatever its day."""
    if is_by_masks(atom, catalogue):
        if not atom.events:
            return table.n > 0
        bits = [catalogue[name].bit for name in atom.events if name in catalogue and catalogue[name].kind == "feature"]
        listed = {word: word_of(bits, word) for word in range(words)}
        parts = [(table[f"m{word}"] & _number(value)) != 0 for word, value in listed.items() if value]
        return reduce(or_, parts) if parts else table.n < 0
    if atom.events:
        known = [catalogue[name] for name in atom.events if name in catalogue]
        return table.event.isin([rule.bit for rule in known if rule.kind in COUNTED] or [NO_EVENT])
    return table.event.isin([rule.bit for rule in catalogue.values() if rule.kind in IS_USE] or [NO_EVENT])


def first_days(words: int) -> Any:
    """Return for each account the first day of any event, and of one that carries a person."""
    table = user_day("user_day_all", words)
    return table.group_by("account").agg(
        seen=table.day.min(), person_seen=table.day.min(where=table.person.notnull())
    )


def today(atoms: Named, catalogue: Catalogue, words: int) -> Any:
    """Return a row for each account known before the date, with every atom as a column."""
    parts = [first_days(words)]
    for every_day, level, stats in (
        (False, "person", {"n", "person_n", "people", "value", "features"}),
        (False, "day", {"days"}),
        (True, "person", {"last"}),
    ):
        for by_masks in (True, False):
            chosen = {
                key: atom
                for key, atom in atoms.items()
                if atom.stat in stats and is_by_masks(atom, catalogue) is by_masks
            }
            if chosen:
                one = next(iter(chosen.values()))
                table = table_for(one, catalogue, words, every_day=every_day)
                parts.append(_two_steps(table, chosen, level, catalogue, words))
    return _side_by_side(parts, atoms)


def _two_steps(table: Any, atoms: Named, level: str, catalogue: Catalogue, words: int) -> Any:
    """Group by account and person (or day) first, then by account: many times faster than counting distinct."""
    inner: dict[str, Any] = {}
    outer: dict[str, Callable[[Any], Any]] = {}
    for key, atom in atoms.items():
        is_in = counts(table, atom, catalogue, words)
        if atom.stat != "last":
            is_in = reduce(and_, [is_in, table.age > atom.offset, table.age <= atom.offset + atom.window])
        if atom.stat == "features":
            for word, value in _listed(atom, catalogue, words).items():
                inner[f"{key}_{word}"] = (table[f"m{word}"] & _number(value)).bit_or(where=is_in)
            outer[key] = _bits_of([f"{key}_{word}" for word in _listed(atom, catalogue, words)])
        elif atom.stat == "last":
            inner[key] = table.day.max(where=is_in)
            outer[key] = _latest(key)
        elif atom.stat in {"people", "days"}:
            inner[key] = is_in.ifelse(1, 0).max()
            outer[key] = _total(key, needs_person=atom.stat == "people")
        else:
            inner[key] = (table.value if atom.stat == "value" else table.n).sum(where=is_in)
            outer[key] = _total(key, needs_person=atom.stat == "person_n")
    grouped = table.group_by(["account", level]).agg(**inner)
    return grouped.group_by("account").agg(**{key: make(grouped) for key, make in outer.items()})


def _side_by_side(parts: list[Any], atoms: Named) -> Any:
    base = parts[0]
    joined = base
    for part in parts[1:]:
        joined = joined.left_join(part, "account").drop("account_right")
    zero = {key: joined[key].fill_null(0).cast("float64") for key, atom in atoms.items() if atom.stat not in _DATES}
    dates = {key: joined[_DATES.get(atom.stat) or key] for key, atom in atoms.items() if atom.stat in _DATES}
    return joined.select("account", **zero, **dates)


_DATES: Final = {"seen": "seen", "person_seen": "person_seen", "last": ""}


def _listed(atom: Atom, catalogue: Catalogue, words: int) -> dict[int, int]:
    """Return the mask words of the features that an atom looks for; all features without a list."""
    names: Iterable[str] = atom.events or catalogue
    bits = [catalogue[name].bit for name in names if name in catalogue and catalogue[name].kind == "feature"]
    return {word: word_of(bits, word) for word in range(words)}


def _bits_of(columns: list[str]) -> Callable[[Any], Any]:
    return lambda table: reduce(lambda a, b: a + b, [bit_count(table[column].bit_or()).fill_null(0) for column in columns])


def _latest(column: str) -> Callable[[Any], Any]:
    return lambda table: table[column].max()


def _total(column: str, *, needs_person: bool) -> Callable[[Any], Any]:
    return lambda table: table[column].sum(where=table.person.notnull() if needs_person else None)


def _number(value: int) -> Any:
    return ibis.literal(value, type="int64")
