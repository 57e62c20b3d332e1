"""Scores of every week, in files sorted by account: what was measured, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import polars as pl
from django.conf import settings

from banso.accounts import queries as accounts

WEEKS: Final = "weeks.parquet"
TODAY: Final = "today.parquet"
# What is kept of every row beside the values of its measures.
KEPT: Final = {
    "account_id": pl.Int64,
    "account": pl.String,
    "on": pl.Date,
    "segment": pl.String,
    "stage": pl.String,
    "rolled": pl.Int16,  # after the accounts below were rolled up
    "tenths": pl.Int16,  # after exceptions; what people set is laid over when it is read
    "exception": pl.Int16,  # the number of the one that holds
    "coverage": pl.Float64,
    "level": pl.Int8,
    "condition": pl.String,
    "scorecard_id": pl.Int64,
}


@dataclass(frozen=True)
class WeekRow:
    """One account as of one Monday."""

    week: date
    score: Decimal | None
    coverage: float
    level: int | None
    condition: str


def history(account: int | str) -> list[WeekRow]:
    """Return the weekly scores of an account (its key or external id), oldest first; empty where none was computed."""
    account_id = accounts.by_external_ids([account]).get(account) if isinstance(account, str) else account
    if account_id is None or not path_of(WEEKS).exists():
        return []
    kept = _of_account(WEEKS, account_id).select("on", "tenths", "coverage", "level", "condition")
    rows = kept.sort("on").collect().rows()
    return [
        WeekRow(on, in_points(tenths), coverage, level, condition) for on, tenths, coverage, level, condition in rows
    ]


def kept_rows(account_id: int, days: list[date]) -> pl.DataFrame:
    """Return what is kept of an account as of some days (Mondays, the newest, seven days before), oldest first."""
    frames = [
        _of_account(name, account_id).filter(pl.col("on").is_in(days)).collect()
        for name in (TODAY, WEEKS)
        if path_of(name).exists()
    ]
    if not frames:
        return pl.DataFrame(schema=KEPT)
    kept = pl.concat(frames, how="diagonal").unique("on", keep="first", maintain_order=True).sort("on")
    if "rolled" in kept.columns:
        return kept
    # Kept before there were roll-ups and exceptions.
    return kept.with_columns(pl.col("tenths").alias("rolled"), pl.lit(-1, dtype=pl.Int16).alias("exception"))


def weeks_kept(days: Sequence[date]) -> pl.DataFrame:
    """Return account_id, on, tenths, level and condition of all accounts as of Mondays, as they were computed."""
    columns = ("account_id", "on", "tenths", "level", "condition")
    if not path_of(WEEKS).exists():
        return pl.DataFrame(schema={name: KEPT[name] for name in columns})
    return pl.scan_parquet(path_of(WEEKS)).filter(pl.col("on").is_in(list(days))).select(columns).collect()


def path_of(name: str) -> Path:
    """Return where a file of scores lies."""
    return Path(settings.DATA) / "health" / name


def in_points(tenths: int | None) -> Decimal | None:
    """Return tenths as a score."""
    return None if tenths is None else Decimal(tenths) / 10


def _of_account(name: str, account_id: int) -> pl.LazyFrame:
    return pl.scan_parquet(path_of(name)).filter(pl.col("account_id") == account_id)
