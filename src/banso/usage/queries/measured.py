"""Measures of all accounts, exact, as of one date or of every week."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import batched
from typing import Any, Final

import ibis
import polars as pl

from banso.usage.models.manifest import Manifest
from banso.usage.queries.grid import Grid
from banso.usage.queries.levels import Counting
from banso.usage.queries.reading import Session, dialect, reading, words_of
from banso.usage.rules.days import DAYS_IN_A_WEEK, day_of, number_of
from banso.usage.rules.deriving import DERIVED
from banso.usage.rules.levels import Level
from banso.usage.rules.measures import SEEN, Atom, Known, Measure, WrongMeasure, all_atoms, composed
from banso.usage.rules.names import Catalogue, NameRule
from banso.usage.rules.today import today
from banso.usage.rules.weekly import Reading, View, first_days, readings

TABLES: Final = ("user_day", "daily", "user_day_all", "daily_all")
# Each of these numbers is a table of its own in a query, and a query that joins too many is too deep to be compiled.
PARTS_OF_THEIR_OWN: Final = frozenset({"newest", "streak_days", "streak_weeks"})
PARTS_AT_MOST: Final = 16
# Functions that the compiler passes on as they are, and what an engine calls them.
SPELLINGS: Final = {"clickhouse": {"bit_count": "bitCount", "bit_or": "groupBitOr", "bit_orIf": "groupBitOrIf"}}


def measures_on(
    measures: Sequence[Measure], on: date, *, level: Level = "account", known: Known = "event"
) -> pl.DataFrame:
    """Return measures as of the start of a day: windows end the day before `on`, events of `on` itself do not count.

    Columns: account (as the lake names it), then one Float64 for each measure, by its name; ordered by account. An
    account has a row when any counted event of it came before `on`; null is not known (see `Measure`).

    At the level "person" there is a row for each person of an account, and a column `person` beside the account. At
    the level "tree" what came from an account counts for all above it too, as the tree of accounts is today; who is in
    several accounts of a tree, by one name, is one person.

    With `known="received"` only what had come in before `on`, too, counts: what somebody would have seen that morning.
    """
    _check(measures)

    def look(work: Session) -> pl.DataFrame:
        counting = Counting.at(work, level)
        meant, catalogue = _as_meant(measures, work.seen), work.seen.roll_up.catalogue
        atoms = all_atoms(meant)
        reach = max((atom.window + atom.offset for atom in atoms), default=0)
        work.show(on=on, reach_days=reach, names=TABLES, counted=counting.counted, known=known)
        found = _counted(work, atoms)
        return _composed(
            counting.named(found), meant, atoms, pl.lit(number_of(on)), keys=counting.keys, catalogue=catalogue
        )

    return reading(look)


def _counted(work: Session, atoms: tuple[Atom, ...]) -> pl.DataFrame:
    """Return the accounts with a column for each atom: a0, a1, ... in their order; in as many queries as are needed."""
    alone = [atom for atom in atoms if atom.stat in PARTS_OF_THEIR_OWN]
    others = tuple(atom for atom in atoms if atom.stat not in PARTS_OF_THEIR_OWN)
    found: pl.DataFrame | None = None
    for some in [tuple(one) for one in batched(alone, PARTS_AT_MOST)] or [()]:
        asked = (*others, *some) if found is None else (SEEN, *some)
        frame = work.by_account(_today_sql(asked, _catalogue_key(work.seen), words_of(work.seen), dialect()))
        frame = frame.rename({f"a{at}": f"_a{atoms.index(atom)}" for at, atom in enumerate(asked)})
        found = frame if found is None else found.join(frame.drop(f"_a{atoms.index(SEEN)}"), on="account", how="left")
    assert found is not None  # noqa: S101  # there is always one query
    return found.select("account", pl.col("^_a.*$").name.map(lambda name: name.removeprefix("_")))


def measures_by_week(
    measures: Sequence[Measure], mondays: Sequence[date], *, level: Level = "account", known: Known = "event"
) -> pl.DataFrame:
    """Return measures as of the start of each of these Mondays, all at once.

    Columns: account, week (the Monday), then one Float64 for each measure, by its name; ordered by account, week.
    Equal, cell by cell, to `measures_on` for each Monday, at every level and by either time.
    """
    _check(measures)
    weeks = _weeks(mondays)

    def look(work: Session) -> pl.DataFrame:
        meant, catalogue = _as_meant(measures, work.seen), work.seen.roll_up.catalogue
        atoms = all_atoms(meant)
        words = words_of(work.seen)
        counting = Counting.at(work, level)
        last = day_of(weeks[-1] * DAYS_IN_A_WEEK)
        work.show(on=last, names=("user_day_all", "daily_all"), counted=counting.counted)
        grid = Grid.of(work.by_account(_first_days_sql(words, known, dialect())), weeks)
        asked = _weekly_sql(atoms, _catalogue_key(work.seen), words, known, dialect())
        frames = work.each_by_account([query for _, query in asked])
        for (one, _), frame in zip(asked, frames, strict=True):
            grid.take(one, frame)
        found = counting.named(grid.rows(atoms))
        return _composed(found, meant, atoms, pl.col("on"), keys=[*counting.keys, "week"], catalogue=catalogue)

    return reading(look) if weeks else _no_weeks(measures, level)


def sql_of(measure: Measure, on: date) -> str:
    """Return the SQL by which the numbers of a measure are counted as of a day, in the words of the engine."""

    def look(work: Session) -> str:
        return _today_sql(
            all_atoms(_as_meant([measure], work.seen)), _catalogue_key(work.seen), words_of(work.seen), dialect()
        )

    return f"-- {on.isoformat()}\n{reading(look)}"


def _composed(
    found: pl.DataFrame,
    measures: Sequence[Measure],
    atoms: tuple[Atom, ...],
    on: pl.Expr,
    *,
    keys: list[str],
    catalogue: Catalogue,
) -> pl.DataFrame:
    columns = {atom: f"a{at}" for at, atom in enumerate(atoms)}
    values = (
        composed(measure, columns, on)
        if _is_counted(measure, catalogue)
        else pl.lit(None, pl.Float64).alias(measure.name)
        for measure in measures
    )
    return found.select(*keys, *values).sort(keys)


def _is_counted(measure: Measure, catalogue: Catalogue) -> bool:
    """Return whether roll-ups hold what a measure asks of properties: from the first one after it was declared on."""
    return all(name in catalogue for name in measure.events if name.startswith(DERIVED))


def _as_meant(measures: Sequence[Measure], seen: Manifest) -> list[Measure]:
    """Return measures that list each feature once, where two of its names count as one.

    Those that ask for properties list the events that roll-ups count by them.
    """
    others = {name: rule.counts_as for name, rule in seen.roll_up.catalogue.items() if rule.counts_as}
    return [replace(one, events=_listed(one, others), where=(), value_of="") for one in measures]


def _listed(measure: Measure, others: dict[str, str]) -> tuple[str, ...]:
    if measure.derived:
        return tuple(one.key for one in measure.derived)
    return tuple(dict.fromkeys(others.get(name, name) for name in measure.events))


def _check(measures: Sequence[Measure]) -> None:
    names = [measure.name for measure in measures]
    if len(set(names)) < len(names):
        raise WrongMeasure("two measures have the same name")


def _catalogue_key(seen: Manifest) -> tuple[tuple[str, NameRule], ...]:
    return tuple(seen.roll_up.catalogue.items())


def _weeks(mondays: Sequence[date]) -> tuple[int, ...]:
    others = [day for day in mondays if day.weekday()]
    if others:
        raise WrongMeasure(f"not a Monday: {others[0]}")
    return tuple(sorted({number_of(day) // DAYS_IN_A_WEEK for day in mondays}))


def _no_weeks(measures: Sequence[Measure], level: Level) -> pl.DataFrame:
    whom = {"account": pl.String(), "person": pl.String()} if level == "person" else {"account": pl.String()}
    kinds = {**whom, "week": pl.Date(), **{measure.name: pl.Float64() for measure in measures}}
    return pl.DataFrame(schema=kinds)


@lru_cache(maxsize=64)
def _today_sql(atoms: tuple[Atom, ...], catalogue: tuple[tuple[str, NameRule], ...], words: int, speech: str) -> str:
    named_atoms = {f"a{at}": atom for at, atom in enumerate(atoms)}
    return _compiled(today(named_atoms, dict(catalogue), words), speech)


@lru_cache(maxsize=64)
def _weekly_sql(
    atoms: tuple[Atom, ...], catalogue: tuple[tuple[str, NameRule], ...], words: int, known: Known, speech: str
) -> list[tuple[Reading, str]]:
    view = View(dict(catalogue), words, known)
    return [(one, _compiled(one.expression, speech)) for one in readings(atoms, view)]


@lru_cache(maxsize=8)
def _first_days_sql(words: int, known: Known, speech: str) -> str:
    return _compiled(first_days(View({}, words, known)), speech)


def _compiled(expression: Any, speech: str) -> str:
    """Return the SQL of an expression, in the words of one engine."""
    if speech == "pyspark":
        ibis.pyspark  # noqa: B018  # its compiler reads options that come with it only
    query = str(ibis.to_sql(expression, dialect=speech))
    for ours, theirs in SPELLINGS.get(speech, {}).items():
        query = query.replace(f"{ours}(", f"{theirs}(")
    return query
