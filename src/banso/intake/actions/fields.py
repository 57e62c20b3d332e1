"""Custom fields that a file speaks of for the first time: defined with the kind that all their values have."""

from collections.abc import Callable, Sequence
from datetime import datetime

import polars as pl

from banso.accounts import actions as accounts
from banso.accounts import queries
from banso.intake.rules import cells
from banso.intake.rules.mapping import Map
from banso.intake.rules.targets import FIELD
from banso.people.access import Actor


def define_missing(facts: pl.DataFrame, chosen: Map, *, by: Actor, now: datetime) -> None:
    """Define the custom fields of a map that are not there yet, where the map may do so."""
    if not chosen.creates_missing:
        return
    known = {field.key for field in queries.custom_fields()}
    for column in chosen.columns:
        key = column.to.removeprefix(FIELD)
        if not column.to.startswith(FIELD) or key in known:
            continue
        label = (column.source or key)[:100]
        accounts.define_field(key=key, label=label, kind=kind_of(facts[column.to].unique().to_list()), by=by, now=now)


def kind_of(values: Sequence[str | None]) -> str:
    """Return the kind of field that all values fit: yes or no, number, date, else text."""
    given = [value for value in values if value]
    tries: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("boolean", lambda value: cells.yes_no(value, (), ())),
        ("number", lambda value: cells.number(value, "")),
        ("date", lambda value: cells.day(value, "") if len(value) > 5 else cells.number("", "")),  # noqa: PLR2004
    )
    if given:
        for kind, read in tries:
            if _all_fit(given, read) and not (kind == "boolean" and set(given) <= {"0", "1"} and len(set(given)) == 1):
                return kind
    return "text"


def _all_fit(values: Sequence[str], read: Callable[[str], object]) -> bool:
    try:
        for value in values:
            read(value)
    except cells.NotUnderstood:
        return False
    return True
