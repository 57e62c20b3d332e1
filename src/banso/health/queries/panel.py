"""The past rebuilt: every customer's score as of past days from what was known then, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from banso.health.queries.gathering import book, contract_facts, counted_by_week
from banso.health.queries.outcomes import followed
from banso.health.queries.scoring import with_scores
from banso.health.queries.sorting import sorting
from banso.health.rules import Definition
from banso.health.rules.backtests import Asked

type Progress = Callable[[float], None]

_KEYS = ("account_id", "on")
_SCORED = ("account", "segment", "stage", "tenths", "coverage", "level", "condition")


@dataclass(frozen=True)
class Panel:
    """Customers as of past days, with what came of them; sorted by account and day.

    `frame`: account_id, on, mrr (then), ends_on (the last day looked at), happened_on (null: it did not happen),
    has_happened, account, segment, stage, tenths (null: not known), coverage, level, condition, and a column for each
    measure. `left_out` counts the rows that cannot tell, by why (see `outcomes.Followed`).
    """

    frame: pl.DataFrame
    left_out: dict[str, int]


def panels(
    definitions: Sequence[Definition], asked: Asked, *, today: date, progress: Progress = lambda _share: None
) -> list[Panel]:
    """Return the past as each of these definitions would have scored it: the same rows, each with its own scores.

    A score is made of what was known at the start of its day, and nothing later. Customers that no event and no
    contract had told of yet are there too, as not known. Accounts that have left since are in it while they were there.
    """
    days = [day for day in asked.days() if day < today]
    known, facts, past = book(), contract_facts(days), sorting()
    progress(0.05)
    outcome = followed(asked.outcome, days, horizon_days=asked.horizon_days, today=today, known=known, facts=facts)
    progress(0.2)
    base = outcome.rows.with_columns(has_happened=pl.col("happened_on").is_not_null())
    base = base.join(known.drop("left_on"), on="account_id").sort(*_KEYS)
    base = past.as_then(base, today=today)
    wanted = known.join(base.select("account_id").unique(), on="account_id")
    made = []
    for nr, definition in enumerate(definitions, start=1):
        measured = counted_by_week(definition.measures, days, wanted, facts, as_known=asked.known)
        made.append(Panel(_scored(definition, base, measured, facts), outcome.left_out))
        progress(0.2 + 0.6 * nr / len(definitions))
    return made


def panel(definition: Definition, asked: Asked, *, today: date) -> Panel:
    """Return the past as a definition would have scored it."""
    return panels([definition], asked, today=today)[0]


def _scored(definition: Definition, base: pl.DataFrame, measured: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    values = measured.select(*_KEYS, *definition.keys)
    rows = base.join(values, on=list(_KEYS), how="left", maintain_order="left")
    scored = with_scores(definition, rows, facts, 0).select(*_KEYS, *_SCORED, *definition.keys)
    return base.drop("account", "segment", "stage").join(scored, on=list(_KEYS), maintain_order="left")
