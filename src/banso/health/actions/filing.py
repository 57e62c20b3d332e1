"""Scored rows of accounts and days are kept in files."""

from pathlib import Path
from typing import Final
from uuid import uuid4

import polars as pl

from banso.health.queries.keeping import TODAY, WEEKS, path_of

# Small groups let one account be read without reading the others.
_ROWS_IN_A_GROUP: Final = 20_000


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
