"""Rows of accounts and days get their scores, and are kept in files."""

from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np
import polars as pl

from banso.health.queries.gathering import rows_of
from banso.health.queries.keeping import KEPT, TODAY, WEEKS, path_of
from banso.health.rules import Definition
from banso.health.rules.definition import in_tenths
from banso.science import scorecard
from banso.science.scorecard import Floats, Whole

# Small groups let one account be read without reading the others.
_ROWS_IN_A_GROUP: Final = 20_000
_CONDITIONS: Final = np.array(["unknown", "poor", "normal", "good"])


def with_scores(definition: Definition, frame: pl.DataFrame, scorecard_id: int) -> pl.DataFrame:
    """Return rows with their tenths, coverage, level and condition, as they are kept; sorted as they came."""
    rows = rows_of(definition, frame)
    curves = [measure.curve for measure in definition.measures]
    scores, coverage = scorecard.score_many(rows.values, curves, rows.weights, definition.missing)
    return judged(definition, frame, scorecard.tenths(scores), coverage, scorecard_id)


def judged(
    definition: Definition, frame: pl.DataFrame, tenths: Whole, coverage: Floats, scorecard_id: int
) -> pl.DataFrame:
    """Return rows with shown scores (tenths, -1 not known) and coverage, and the level and condition they mean."""
    level = 1 + np.sum([tenths >= in_tenths(cut) for cut in definition.levels], axis=0)
    stages = frame["stage"].unique().to_list()
    cuts = {stage: definition.cuts_for(stage) for stage in stages}
    edges = frame.select(
        pl.col("stage").replace_strict({s: in_tenths(c.normal_from) for s, c in cuts.items()}).alias("normal"),
        pl.col("stage").replace_strict({s: in_tenths(c.good_from) for s, c in cuts.items()}).alias("good"),
    )
    normal, good = edges["normal"].to_numpy(), edges["good"].to_numpy()
    place = np.where(tenths < 0, 0, 1 + (tenths >= normal) + (tenths >= good))
    is_known = pl.Series(tenths >= 0)
    added = frame.with_columns(
        pl.Series("tenths", tenths, dtype=pl.Int16),
        pl.Series("coverage", np.round(coverage, 6), dtype=pl.Float64),
        pl.Series("level", level, dtype=pl.Int8),
        pl.Series("condition", _CONDITIONS[place], dtype=pl.String),
        pl.lit(scorecard_id, dtype=pl.Int64).alias("scorecard_id"),
    )
    added = added.with_columns(pl.when(is_known).then(pl.col(name)).alias(name) for name in ("tenths", "level"))
    return added.select(*KEPT, *definition.keys)


def write_files(today: pl.DataFrame, weeks: pl.DataFrame | None) -> None:
    """Keep the rows of today and of seven days before, and where given those of every week; each file whole or not."""
    _write(today, path_of(TODAY))
    if weeks is not None:
        _write(weeks, path_of(WEEKS))


def _write(frame: pl.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Beside the file, so that putting it in place is one step; its own name, so that two jobs never share one.
    unfinished = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        frame.write_parquet(unfinished, compression="zstd", row_group_size=_ROWS_IN_A_GROUP, statistics=True)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
