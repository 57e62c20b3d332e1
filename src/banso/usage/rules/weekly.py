"""Every atom of the measures as of all weeks at once, exactly.

A day counts in the weeks k (whose Monday is day 7k) with 7k - offset - window <= day < 7k - offset. What is added
up over days therefore is the difference of two running totals, one shifted by the window: an *edge* is the amount that
enters a running total at a week. A person counts from the week after they were active until their last active day of
that week has left the window or they were active again, so that nobody counts twice: a row for each person and week,
the next such week beside it, and an edge where it begins and one where it ends.

Where an event counts only once it had come in, it enters no earlier than the week after that: at the greater of both.
What came in after it had left a window enters and leaves at the same week, and so never counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import add
from typing import Any, Final, Literal

import ibis

from banso.usage.rules.days import DAYS_IN_A_WEEK
from banso.usage.rules.expressions import (
    STREAKS,
    any_of,
    counts,
    listed_words,
    newest_of,
    number,
    runs_of,
    set_bits,
    table_for,
    user_day,
)
from banso.usage.rules.measures import Atom, Known
from banso.usage.rules.names import Catalogue

NEVER: Final = 1_000_000
SUMMED: Final = ("n", "person_n", "days")


type Shape = Literal["edges", "levels", "known", "latest", "earliest"]


@dataclass(frozen=True)
class Reading:
    """One query of the backfill, whose rows are (part, account, k, amount).

    edges: part i enters the running total i; an atom is the total of its first part less that of its second.
    levels: the amount is the atom's value as of week k; 0 where there is no row.
    known: likewise, but not known where there is no row.
    latest: the amount is the last day of use before week k among those seen by then.
    earliest: likewise the first day.
    """

    shape: Shape
    expression: Any
    atoms: tuple[tuple[Atom, int, int], ...]


@dataclass(frozen=True)
class View:
    """What the queries look at: what names mean, how many mask words there are, and when an event is known."""

    catalogue: Catalogue
    words: int
    known: Known = "event"

    def rows(self, atom: Atom) -> Any:
        """Return the rows that count for an atom."""
        table = table_for(atom, self.catalogue, self.words, every_day=True)
        return table.filter(counts(table, atom, self.catalogue, self.words))

    def entered(self, table: Any, shift: int) -> Any:
        """Return after which week days count in windows that end `shift` days before a date."""
        week = _week(table.day, shift)
        return week if self.known == "event" else ibis.greatest(week, _came(table))


def first_days(view: View) -> Any:
    """Return for each account the first day of any event, and of one that carries a person.

    Where an event counts only once it had come in: by `k`, the week from which on it counts.
    """
    table = user_day("user_day_all", view.words)
    keys = ["account"] if view.known == "event" else ["account", (_came(table) + 1).name("k")]
    return table.group_by(keys).agg(seen=table.day.min(), person_seen=table.day.min(where=table.person.notnull()))


def readings(atoms: Sequence[Atom], view: View) -> list[Reading]:
    """Return the queries that together give every atom as of every week."""
    found: list[Reading] = []
    people = sorted((one for one in atoms if one.stat == "people"), key=lambda one: (one.events, one.offset))
    for _, same in groupby(people, key=lambda one: (one.events, one.offset)):
        found.append(_people(list(same), view))
    summed = sorted((one for one in atoms if one.stat in SUMMED), key=lambda one: (one.stat, one.events))
    for _, same in groupby(summed, key=lambda one: (one.stat, one.events)):
        found.append(_sums(list(same), view))
    found.extend(_level(one, view) for one in atoms if one.stat in {"features", "value"})
    found.extend(_newest(one, view) for one in atoms if one.stat == "newest")
    found.extend(_streak(one, view) for one in atoms if one.stat in STREAKS)
    found.extend(_latest(one, view) for one in atoms if one.stat == "last")
    return found


def _people(atoms: list[Atom], view: View) -> Reading:
    """Return where people begin and cease to count; the atoms differ only in their window."""
    one = atoms[0]
    rows = view.rows(one)
    active = rows.filter(rows.person.notnull())
    whom = ["account", "person"]
    weeks = active.group_by([*whom, view.entered(active, one.offset).name("began")]).agg(last_day=active.day.max())
    if view.known == "received":
        # What came in late may be of before what was known already.
        newest = weeks.last_day.max().over(group_by=whom, order_by="began", rows=(None, 0))
        weeks = weeks.mutate(last_day=newest)
    after = weeks.began.lead().over(group_by=whom, order_by="began")
    spans = weeks.mutate(again=after.fill_null(NEVER))
    parts = [_edge(0, spans, spans.began)]
    for part, atom in enumerate(atoms, start=1):
        left = ibis.least(spans.again, _week(spans.last_day, atom.offset + atom.window))
        parts.append(_edge(part, spans, left if view.known == "event" else ibis.greatest(spans.began, left)))
    placed = tuple((atom, 0, part) for part, atom in enumerate(atoms, start=1))
    return Reading("edges", ibis.union(*parts), placed)


def _sums(atoms: list[Atom], view: View) -> Reading:
    """Return what enters running totals by day; the atoms differ in window and offset, and share the totals."""
    one = atoms[0]
    rows = view.rows(one)
    rows = rows.filter(rows.person.notnull()) if one.stat == "person_n" else rows
    if one.stat == "days":
        days = rows.group_by(["account", "day"]).agg(late=rows.late.min()).mutate(amount=ibis.literal(1))
    else:
        days = rows.group_by(["account", "day", "late"]).agg(amount=rows.n.sum())
    shifts = sorted({shift for atom in atoms for shift in (atom.offset, atom.offset + atom.window)})
    parts = [_edge(part, days, view.entered(days, shift), days.amount) for part, shift in enumerate(shifts)]
    placed = tuple((atom, shifts.index(atom.offset), shifts.index(atom.offset + atom.window)) for atom in atoms)
    return Reading("edges", ibis.union(parts[0], *parts[1:]), placed)


def _level(atom: Atom, view: View) -> Reading:
    """Return values by week directly: masks cannot be subtracted, and sums of fractions would not come back to 0."""
    rows = view.rows(atom)
    listed = listed_words(atom, view.catalogue, view.words) if atom.stat == "features" else {}
    gathered = {f"m{word}": any_of(rows[f"m{word}"] & number(value)) for word, value in listed.items()}
    if atom.stat == "value":
        gathered = {"value": rows.value.fill_null(0).sum()}
    began = (view.entered(rows, atom.offset) + 1).name("began")
    ended = (_week(rows.day, atom.offset + atom.window) + 1).name("ended")
    spans = rows.group_by(["account", began, ended]).agg(**gathered)
    spans = spans.filter(spans.began < spans.ended)
    each = spans.select("account", *gathered, k=ibis.range(spans.began, spans.ended).unnest())
    if atom.stat == "value":
        amount = each.value.sum()
    else:
        amount = reduce(add, [set_bits(any_of(each[column])) for column in gathered]) if gathered else each.k.min() * 0
    levels = each.group_by(["account", "k"]).agg(amount=amount.cast("float64"))
    return Reading("levels", _numbered(0, levels), ((atom, 0, 0),))


def _newest(atom: Atom, view: View) -> Reading:
    """Return the newest value in the window by week: of the rows that enter and leave it at the same weeks, one."""
    rows = view.rows(atom)
    rows = rows.mutate(began=view.entered(rows, atom.offset) + 1, ended=_week(rows.day, atom.offset + atom.window) + 1)
    spans = newest_of(rows.filter(rows.began < rows.ended), ["account", "began", "ended"])
    each = spans.select("account", "newest", "newest_at", k=ibis.range(spans.began, spans.ended).unnest())
    found = newest_of(each, ["account", "k"])
    return Reading("known", _numbered(0, found.select("account", "k", amount=found.newest)), ((atom, 0, 0),))


def _streak(atom: Atom, view: View) -> Reading:
    """Return how long each run of days or weeks had lasted by the weeks in which it goes on."""
    rows = view.rows(atom)
    step = STREAKS[atom.stat]
    runs = runs_of(rows.select("account", step=rows.day // step).distinct())
    if step == 1:
        began, ended = (runs["first"] + DAYS_IN_A_WEEK) // DAYS_IN_A_WEEK, (runs["last"] + 1) // DAYS_IN_A_WEEK + 1
    else:
        began, ended = runs["first"] + 1, runs["last"] + 2
    spans = runs.select("account", "first", began=began, ended=ended)
    spans = spans.filter(spans.began < spans.ended)
    each = spans.select("account", "first", k=ibis.range(spans.began, spans.ended).unnest())
    if view.known == "received":
        each = _broken(each, _gaps(rows, step))
    amount = (each.k * (DAYS_IN_A_WEEK // step) - each["first"]).cast("float64")
    return Reading("levels", _numbered(0, each.select("account", "k", amount=amount)), ((atom, 0, 0),))


def _gaps(rows: Any, step: int) -> Any:
    """Return the last step that was not known yet, by account and the weeks as of which it was not."""
    steps = rows.group_by(["account", (rows.day // step).name("step")]).agg(came=_came(rows).min())
    late = steps.select("account", "step", began=steps.step * step // DAYS_IN_A_WEEK + 1, ended=steps.came + 1)
    late = late.filter(late.began < late.ended)
    weeks = late.select("account", "step", k=ibis.range(late.began, late.ended).unnest())
    return weeks.group_by(["account", "k"]).agg(gap=weeks.step.max())


def _broken(each: Any, gaps: Any) -> Any:
    """Return runs by week that begin after the last step that was not known then."""
    joined = each.left_join(gaps, ["account", "k"])
    return joined.select("account", "k", first=ibis.greatest(joined["first"], joined.gap.fill_null(-1) + 1))


def _latest(atom: Atom, view: View) -> Reading:
    rows = view.rows(atom)
    weeks = rows.group_by(["account", (view.entered(rows, 0) + 1).name("k")]).agg(amount=rows.day.max().cast("float64"))
    return Reading("latest", _numbered(0, weeks), ((atom, 0, 0),))


def _came(table: Any) -> Any:
    """Return the week in which rows came in."""
    return _week(table.day + table.late, 0)


def _week(day: Any, shift: int) -> Any:
    return (day + shift) // DAYS_IN_A_WEEK


def _edge(part: int, table: Any, week: Any, amount: Any = None) -> Any:
    """Return the amounts that enter at the week after `week`; without an amount, how many rows."""
    total = table.count() if amount is None else amount.sum()
    grouped = table.group_by(["account", (week + 1).name("k")]).agg(amount=total.cast("float64"))
    return _numbered(part, grouped)


def _numbered(part: int, table: Any) -> Any:
    return table.select("account", "k", "amount", part=ibis.literal(part, type="int16"))
