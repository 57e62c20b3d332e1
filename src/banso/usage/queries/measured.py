"""Measures of all accounts, exact, as of one date or of every week."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

import ibis
import polars as pl

from banso.usage.models.manifest import Manifest
from banso.usage.queries.grid import Grid
from banso.usage.queries.reading import Session, dialect, reading, words_of
from banso.usage.rules.days import DAYS_IN_A_WEEK, day_of, number_of
from banso.usage.rules.measures import Atom, Measure, WrongMeasure, all_atoms, composed
from banso.usage.rules.names import NameRule
from banso.usage.rules.today import first_days, today
from banso.usage.rules.weekly import Reading, readings

TABLES: Final = ("user_day", "daily", "user_day_all", "daily_all")


def measures_on(measures: Sequence[Measure], on: date) -> pl.DataFrame:
    """Return measures as of the start of a day: windows end the day before `on`, events of `on` itself do not count.

    Columns: account (as the lake names it), then one Float64 for each measure, by its name; ordered by account. An
    account has a row when any counted event of it came before `on`; null is not known (see `Measure`).
    """
    _check(measures)

    def look(work: Session) -> pl.DataFrame:
        atoms = all_atoms(measures)
        reach = max((atom.window + atom.offset for atom in atoms), default=0)
        work.show(on=on, reach_days=reach, names=TABLES)
        found = work.frame(_today_sql(atoms, _catalogue_key(work.seen), words_of(work.seen), dialect()))
        return _composed(named(work, found), measures, atoms, pl.lit(number_of(on)), keys=["account"])

    return reading(look)


def measures_by_week(measures: Sequence[Measure], mondays: Sequence[date]) -> pl.DataFrame:
    """Return measures as of the start of each of these Mondays, all at once.

    Columns: account, week (the Monday), then one Float64 for each measure, by its name; ordered by account, week.
    Equal, cell by cell, to `measures_on` for each Monday.
    """
    _check(measures)
    weeks = _weeks(mondays)

    def look(work: Session) -> pl.DataFrame:
        atoms = all_atoms(measures)
        words = words_of(work.seen)
        work.show(on=day_of((weeks[-1]) * DAYS_IN_A_WEEK), names=("user_day_all", "daily_all"))
        grid = Grid.of(work.frame(_first_days_sql(words, dialect())), weeks)
        for reading_, query in _weekly_sql(atoms, _catalogue_key(work.seen), words, dialect()):
            grid.take(reading_, work.frame(query))
        found = named(work, grid.rows(atoms))
        return _composed(found, measures, atoms, pl.col("on"), keys=["account", "week"])

    return reading(look) if weeks else _no_weeks(measures)


def named(work: Session, found: pl.DataFrame) -> pl.DataFrame:
    """Put accounts' own ids in the place of their numbers."""
    if not work.seen.roll_up.accounts:
        return found.with_columns(pl.col("account").cast(pl.String))
    names = work.frame(f"SELECT number AS account, account AS id FROM {work.table('accounts')}")
    return found.join(names, on="account", how="inner").with_columns(pl.col("id").alias("account")).drop("id")


def _composed(
    found: pl.DataFrame, measures: Sequence[Measure], atoms: tuple[Atom, ...], on: pl.Expr, keys: list[str]
) -> pl.DataFrame:
    columns = {atom: f"a{at}" for at, atom in enumerate(atoms)}
    return found.select(*keys, *(composed(measure, columns, on) for measure in measures)).sort(keys)


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


def _no_weeks(measures: Sequence[Measure]) -> pl.DataFrame:
    kinds = {"account": pl.String(), "week": pl.Date(), **{measure.name: pl.Float64() for measure in measures}}
    return pl.DataFrame(schema=kinds)


@lru_cache(maxsize=64)
def _today_sql(atoms: tuple[Atom, ...], catalogue: tuple[tuple[str, NameRule], ...], words: int, speech: str) -> str:
    named_atoms = {f"a{at}": atom for at, atom in enumerate(atoms)}
    return _compiled(today(named_atoms, dict(catalogue), words), speech)


@lru_cache(maxsize=64)
def _weekly_sql(
    atoms: tuple[Atom, ...], catalogue: tuple[tuple[str, NameRule], ...], words: int, speech: str
) -> list[tuple[Reading, str]]:
    return [(one, _compiled(one.expression, speech)) for one in readings(atoms, dict(catalogue), words)]


@lru_cache(maxsize=8)
def _first_days_sql(words: int, speech: str) -> str:
    return _compiled(first_days(words), speech)


def _compiled(expression: Any, speech: str) -> str:
    """Return the SQL of an expression, in the words of one engine."""
    return str(ibis.to_sql(expression, dialect=speech))
