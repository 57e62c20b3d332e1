"""Rows of accounts and days get their scores: by the measures, the accounts below, exceptions, and what people set."""

from datetime import timedelta
from typing import Final

import numpy as np
import polars as pl

from banso.health.models import ManualOverride
from banso.health.queries.gathering import rows_of
from banso.health.queries.keeping import KEPT
from banso.health.rules import Definition, Places, Side, adjusted, days_of, scored
from banso.health.rules.definition import in_tenths
from banso.science import scorecard
from banso.science.scorecard import Whole

_CONDITIONS: Final = np.array(["unknown", "poor", "normal", "good"])
_SET: Final = {
    "override_id": pl.Int64,
    "account_id": pl.Int64,
    "from_on": pl.Date,
    "end_on": pl.Date,
    "set_tenths": pl.Int16,
    "set_condition": pl.String,
}


def with_scores(definition: Definition, frame: pl.DataFrame, facts: pl.DataFrame, scorecard_id: int) -> pl.DataFrame:
    """Return rows with their scores as they are kept: in tenths, with coverage, level and condition; sorted as given.

    Facts say the monthly revenue of each day, where scores are rolled up by it.
    """
    rows = rows_of(definition, frame)
    curves = [measure.curve for measure in definition.measures]
    scores, coverage = scorecard.score_many(rows.values, curves, rows.weights, definition.missing)
    places = places_of(definition, frame, facts)
    made = adjusted(definition, rows.values, scorecard.tenths(scores), places)
    level, condition = _judged(definition, made.computed, places)
    is_known = pl.Series(made.computed >= 0)
    added = frame.with_columns(
        pl.Series("rolled", made.rolled, dtype=pl.Int16),
        pl.Series("tenths", made.computed, dtype=pl.Int16),
        pl.Series("exception", made.exception, dtype=pl.Int16),
        pl.Series("coverage", np.round(coverage, 6), dtype=pl.Float64),
        pl.Series("level", level, dtype=pl.Int8),
        pl.Series("condition", condition, dtype=pl.String),
        pl.lit(scorecard_id, dtype=pl.Int64).alias("scorecard_id"),
    )
    added = added.with_columns(
        pl.when(is_known).then(pl.col(name)).alias(name) for name in ("rolled", "tenths", "level")
    )
    return added.select(*KEPT, *definition.keys)


def places_of(definition: Definition, frame: pl.DataFrame, facts: pl.DataFrame) -> Places:
    """Return where rows stand: account_id, parent_id, on, segment, stage; facts say each day's monthly revenue."""
    kinds = frame.select("segment", "stage").unique(maintain_order=True).with_row_index("kind")
    which = frame.join(kinds, on=["segment", "stage"], how="left", nulls_equal=True, maintain_order="left")["kind"]
    parent = np.full(frame.height, -1, dtype=np.int64)
    mrr = np.zeros(frame.height)
    if definition.rollup != "own":
        rows = frame.select(pl.col("account_id").alias("parent_id"), "on").with_row_index("row")
        above = frame.select("parent_id", "on").join(rows, on=["parent_id", "on"], how="left", maintain_order="left")
        parent = above["row"].cast(pl.Int64).fill_null(-1).to_numpy()
        said = facts.select("account_id", pl.col("week").alias("on"), pl.col("mrr").cast(pl.Float64))
        mrr = (
            frame.join(said, on=["account_id", "on"], how="left", maintain_order="left")["mrr"].fill_null(0).to_numpy()
        )
    pairs = [(segment, stage) for _number, segment, stage in kinds.rows()]
    return Places(days_of(frame["on"].to_list()), pairs, which.cast(pl.Int64).to_numpy(), parent, mrr)


def laid_over(definition: Definition, kept: pl.DataFrame) -> pl.DataFrame:
    """Return kept rows with what people have set in place of it, and beside it `computed` and the override's key.

    Columns added: computed (tenths as computed), override_id (null where nobody has set anything).
    """
    kept = kept.with_columns(pl.col("tenths").alias("computed"))
    found = kept.select("account_id", "on").join(_set(), on="account_id")
    found = found.filter((pl.col("from_on") <= pl.col("on")) & (pl.col("on") < pl.col("end_on")))
    found = found.sort("override_id").unique(["account_id", "on"], keep="last", maintain_order=True)
    over = kept.join(found.drop("from_on", "end_on"), on=["account_id", "on"], how="left", maintain_order="left")
    places = over.with_row_index("row").filter(pl.col("override_id").is_not_null())
    if places.is_empty():
        return over.drop("set_tenths", "set_condition")
    columns = {name: over[name].to_list() for name in ("tenths", "level", "condition")}
    for one in places.iter_rows(named=True):
        row, tenths = one["row"], one["tenths"] if one["set_tenths"] is None else one["set_tenths"]
        where = one["segment"], one["stage"]
        columns["tenths"][row] = tenths
        columns["level"][row] = definition.level_of(tenths, *where)
        columns["condition"][row] = one["set_condition"] or definition.condition_of(tenths, *where)
    made = [pl.Series(name, values, dtype=over.schema[name]) for name, values in columns.items()]
    return over.with_columns(made).drop("set_tenths", "set_condition")


def side_of(definition: Definition, rows: pl.DataFrame) -> Side:
    """Return rows that `laid_over` made as one side of a change."""
    steps = [rows[name].fill_null(-1).cast(pl.Int64).to_numpy() for name in ("rolled", "computed", "tenths")]
    made: Whole = np.column_stack(steps)
    exception = rows["exception"].fill_null(-1).cast(pl.Int64).to_numpy()
    return Side(definition, scored(definition, rows_of(definition, rows)), made, exception)


def _set() -> pl.DataFrame:
    rows = [
        (
            one.pk,
            one.account_id,
            one.from_on,
            min(one.until_on + timedelta(days=1), one.ended_on or one.until_on + timedelta(days=1)),
            None if one.score is None else int(one.score * 10),
            one.condition,
        )
        for one in ManualOverride.objects.order_by("pk")
    ]
    return pl.DataFrame(rows, schema=_SET, orient="row")


def _judged(definition: Definition, tenths: Whole, places: Places) -> tuple[Whole, np.ndarray]:
    """Return the levels and conditions that shown scores (tenths, -1 not known) mean where each account stands."""
    levels = [[in_tenths(cut) for cut in definition.levels_for(*kind)] for kind in places.kinds]
    cuts = [definition.cuts_for(*kind) for kind in places.kinds]
    edges = [[in_tenths(one.normal_from), in_tenths(one.good_from)] for one in cuts]
    level = 1 + np.sum(tenths[:, None] >= np.array(levels, dtype=np.int64).reshape(-1, 3)[places.kind], axis=1)
    above = np.sum(tenths[:, None] >= np.array(edges, dtype=np.int64).reshape(-1, 2)[places.kind], axis=1)
    return level, _CONDITIONS[np.where(tenths < 0, 0, 1 + above)]
