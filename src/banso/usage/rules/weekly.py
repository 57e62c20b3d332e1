"""Every atom of the measures as of all weeks at once, exactly.

A day counts in the weeks k (whose Monday is day 7k) with 7k - offset - window <= day < 7k - offset. What is added
up over days therefore is the difference of two running totals, one shifted by the window: an *edge* is the amount that
enters a running total at a week. A person counts from the week after they were active until their last active day of
that week has left the window or they were active again, so that nobody counts twice: a row for each person and week,
the next such week beside it, and an edge where it begins and one where it ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import add
from typing import Any, Final, Literal

import ibis

from banso.usage.rules.days import DAYS_IN_A_WEEK
from banso.usage.rules.expressions import STREAKS, any_of, counts, listed_words, number, runs_of, set_bits, table_for
from banso.usage.rules.measures import Atom
from banso.usage.rules.names import Catalogue

NEVER: Final = 1_000_000
SUMMED: Final = ("n", "person_n", "days")


@dataclass(frozen=True)
class Reading:
    """One query of the backfill, whose rows are (part, account, k, amount).

    edges: part i enters the running total i; an atom is the total of its first part less that of its second.
    levels: the amount is the atom's value as of week k; 0 where there is no row.
    latest: the amount is the last day of use before week k among those seen by then.
    """

    shape: Literal["edges", "levels", "latest"]
    expression: Any
    atoms: tuple[tuple[Atom, int, int], ...]


def readings(atoms: Sequence[Atom], catalogue: Catalogue, words: int) -> list[Reading]:
    """Return the queries that together give every atom as of every week."""
    found: list[Reading] = []
    people = sorted((one for one in atoms if one.stat == "people"), key=lambda one: (one.events, one.offset))
    for _, same in groupby(people, key=lambda one: (one.events, one.offset)):
        found.append(_people(list(same), catalogue, words))
    summed = sorted((one for one in atoms if one.stat in SUMMED), key=lambda one: (one.stat, one.events))
    for _, same in groupby(summed, key=lambda one: (one.stat, one.events)):
        found.append(_sums(list(same), catalogue, words))
    found.extend(_level(one, catalogue, words) for one in atoms if one.stat in {"features", "value"})
    found.extend(_streak(one, catalogue, words) for one in atoms if one.stat in STREAKS)
    found.extend(_latest(one, catalogue, words) for one in atoms if one.stat == "last")
    return found


def _people(atoms: list[Atom], catalogue: Catalogue, words: int) -> Reading:
    """Return where people begin and cease to count; the atoms differ only in their window."""
    one = atoms[0]
    table = table_for(one, catalogue, words, every_day=True)
    active = table.filter(counts(table, one, catalogue, words) & table.person.notnull())
    weeks = active.group_by(["account", "person", _week(active.day, one.offset).name("began")]).agg(
        last_day=active.day.max()
    )
    after = weeks.began.lead().over(group_by=["account", "person"], order_by="began")
    spans = weeks.mutate(again=after.fill_null(NEVER))
    parts = [_edge(0, spans, spans.began)]
    for part, atom in enumerate(atoms, start=1):
        left = _week(spans.last_day, atom.offset + atom.window)
        parts.append(_edge(part, spans, ibis.least(spans.again, left)))
    placed = tuple((atom, 0, part) for part, atom in enumerate(atoms, start=1))
    return Reading("edges", ibis.union(*parts), placed)


def _sums(atoms: list[Atom], catalogue: Catalogue, words: int) -> Reading:
    """Return what enters running totals by day; the atoms differ in window and offset, and share the totals."""
    one = atoms[0]
    table = table_for(one, catalogue, words, every_day=True)
    is_in = counts(table, one, catalogue, words)
    rows = table.filter(is_in & table.person.notnull() if one.stat == "person_n" else is_in)
    days = rows.group_by(["account", "day"]).agg(amount=rows.n.sum())
    if one.stat == "days":
        days = days.mutate(amount=ibis.literal(1))
    shifts = sorted({shift for atom in atoms for shift in (atom.offset, atom.offset + atom.window)})
    parts = [_edge(part, days, _week(days.day, shift), days.amount) for part, shift in enumerate(shifts)]
    placed = tuple((atom, shifts.index(atom.offset), shifts.index(atom.offset + atom.window)) for atom in atoms)
    return Reading("edges", ibis.union(parts[0], *parts[1:]), placed)


def _level(atom: Atom, catalogue: Catalogue, words: int) -> Reading:
    """Return values by week directly: masks cannot be subtracted, and sums of fractions would not come back to 0."""
    table = table_for(atom, catalogue, words, every_day=True)
    rows = table.filter(counts(table, atom, catalogue, words))
    listed = listed_words(atom, catalogue, words) if atom.stat == "features" else {}
    gathered = {f"m{word}": any_of(rows[f"m{word}"] & number(value)) for word, value in listed.items()}
    if atom.stat == "value":
        gathered = {"value": rows.value.fill_null(0).sum()}
    began = (_week(rows.day, atom.offset) + 1).name("began")
    ended = (_week(rows.day, atom.offset + atom.window) + 1).name("ended")
    spans = rows.group_by(["account", began, ended]).agg(**gathered)
    each = spans.select("account", *gathered, k=ibis.range(spans.began, spans.ended).unnest())
    if atom.stat == "value":
        amount = each.value.sum()
    else:
        amount = reduce(add, [set_bits(any_of(each[column])) for column in gathered]) if gathered else each.k.min() * 0
    levels = each.group_by(["account", "k"]).agg(amount=amount.cast("float64"))
    return Reading("levels", _numbered(0, levels), ((atom, 0, 0),))


def _streak(atom: Atom, catalogue: Catalogue, words: int) -> Reading:
    """Return how long each run of days or weeks had lasted by the weeks in which it goes on."""
    table = table_for(atom, catalogue, words, every_day=True)
    rows = table.filter(counts(table, atom, catalogue, words))
    step = STREAKS[atom.stat]
    runs = runs_of(rows.select("account", step=rows.day // step).distinct())
    if step == 1:
        began, ended = (runs["first"] + DAYS_IN_A_WEEK) // DAYS_IN_A_WEEK, (runs["last"] + 1) // DAYS_IN_A_WEEK + 1
    else:
        began, ended = runs["first"] + 1, runs["last"] + 2
    spans = runs.select("account", "first", began=began, ended=ended)
    spans = spans.filter(spans.began < spans.ended)
    each = spans.select("account", "first", k=ibis.range(spans.began, spans.ended).unnest())
    amount = (each.k * (DAYS_IN_A_WEEK // step) - each["first"]).cast("float64")
    return Reading("levels", _numbered(0, each.select("account", "k", amount=amount)), ((atom, 0, 0),))


def _latest(atom: Atom, catalogue: Catalogue, words: int) -> Reading:
    table = table_for(atom, catalogue, words, every_day=True)
    rows = table.filter(counts(table, atom, catalogue, words))
    weeks = rows.group_by(["account", (_week(rows.day, 0) + 1).name("k")]).agg(amount=rows.day.max().cast("float64"))
    return Reading("latest", _numbered(0, weeks), ((atom, 0, 0),))


def _week(day: Any, shift: int) -> Any:
    return (day + shift) // DAYS_IN_A_WEEK


def _edge(part: int, table: Any, week: Any, amount: Any = None) -> Any:
    """Return the amounts that enter at the week after `week`; without an amount, how many rows."""
    total = table.count() if amount is None else amount.sum()
    grouped = table.group_by(["account", (week + 1).name("k")]).agg(amount=total.cast("float64"))
    return _numbered(part, grouped)


def _numbered(part: int, table: Any) -> Any:
    return table.select("account", "k", "amount", part=ibis.literal(part, type="int16"))
