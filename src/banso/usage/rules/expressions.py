"""The numbers that measures are composed of, written once over the roll-ups' columns and compiled for an engine.

An engine shows four tables before it runs a query: `user_day` (account, person, day, late, age, n, m0, m1, ...) and
`daily` (account, person, event, day, late, age, n, value, newest, newest_at) with at least the days that the windows
reach back to, and `user_day_all` and `daily_all` with every day before the date. `age` is the date minus the day: 1 is
the day before the date. `late` is how many days after it happened something came in: what came in later has rows of
its own. `newest` is the value of the newest event that has one, and `newest_at` its time.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, Final

import ibis

from banso.usage.rules.measures import Atom, Stat
from banso.usage.rules.names import COUNTED, IS_USE, Catalogue, word_of

NO_EVENT: Final = -1
# How many days a step of each streak has.
STREAKS: Final[dict[Stat, int]] = {"streak_days": 1, "streak_weeks": 7}


@ibis.udf.scalar.builtin(name="bit_count", signature=(("int64",), "int8"))
def _bit_count(word):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  # the signature is Ibis's, above
    ...


@ibis.udf.agg.builtin(name="bit_or", signature=(("int64",), "int64"))
def _bit_or(word):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  # likewise
    ...


def any_of(word: Any, where: Any = None) -> Any:
    """Return the bits that are set in any row; Ibis has no word of its own for it that Spark knows."""
    return _bit_or(word, where=where)


def set_bits(word: Any) -> Any:
    """Return how many bits of a word are set; the engine's own count is a tiny integer, which two words overflow."""
    return _bit_count(word).cast("int64")


def user_day(name: str, words: int) -> Any:
    """Return the table of days on which people were active."""
    columns = {"account": "int32", "person": "int32", "day": "int32", "late": "int32", "age": "int32", "n": "int32"}
    return ibis.table(columns | {f"m{word}": "int64" for word in range(words)}, name=name)


def daily(name: str) -> Any:
    """Return the table of what people did each day, by event."""
    columns = {"account": "int32", "person": "int32", "event": "int32", "day": "int32", "late": "int32", "age": "int32"}
    columns |= {"n": "int32", "value": "float64", "newest": "float64", "newest_at": "int64"}
    return ibis.table(columns, name=name)


def is_by_masks(atom: Atom, catalogue: Catalogue) -> bool:
    """Return whether the user-day roll-up alone answers an atom, which is smaller than the daily one."""
    if atom.stat in {"value", "newest"} or (atom.events and atom.stat in {"n", "person_n"}):
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
        parts = [(table[f"m{word}"] & number(value)) != 0 for word, value in listed.items() if value]
        return reduce(or_, parts) if parts else table.n < 0
    if atom.events:
        known = [catalogue[name] for name in atom.events if name in catalogue]
        return table.event.isin([rule.bit for rule in known if rule.kind in COUNTED] or [NO_EVENT])
    return table.event.isin([rule.bit for rule in catalogue.values() if rule.kind in IS_USE] or [NO_EVENT])


def listed_words(atom: Atom, catalogue: Catalogue, words: int) -> dict[int, int]:
    """Return the words that hold the features an atom looks for, without empty ones; all features without a list."""
    names: Iterable[str] = atom.events or catalogue
    bits = [catalogue[name].bit for name in names if name in catalogue and catalogue[name].kind == "feature"]
    return {word: value for word in range(words) if (value := word_of(bits, word))}


def runs_of(steps: Any) -> Any:
    """Return the first and last step of each unbroken run, from (account, step), each of which stands there once."""
    place = ibis.row_number().over(group_by=steps.account, order_by=steps.step)
    placed = steps.mutate(run=steps.step - place)
    return placed.group_by(["account", "run"]).agg(first=placed.step.min(), last=placed.step.max())


def newest_of(rows: Any, by: list[str]) -> Any:
    """Return the newest value of each group, as `newest`; of several of the same moment the greatest."""
    valued = rows.filter(rows.newest_at.notnull())
    order = [ibis.desc(valued.newest_at), ibis.desc(valued.newest)]
    placed = valued.mutate(place=ibis.row_number().over(group_by=by, order_by=order))
    return placed.filter(placed.place == 0)


def number(value: int) -> Any:
    """Return a mask word as the engine's 64-bit number."""
    return ibis.literal(value, type="int64")
