"""Definitions of health held against who really left: on the company's own past, and against each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from banso.health.queries.panel import Panel, panels
from banso.health.rules import Definition
from banso.health.rules.backtests import RHYTHMS, Asked, horizon_faults
from banso.health.rules.outcomes import OUTCOMES, Outcome
from banso.science.backtest import Backtest, Comparison, Snapshots, backtest, compare
from banso.science.basis import NotEnough, Whole

__all__ = [
    "OUTCOMES",
    "RHYTHMS",
    "Asked",
    "Case",
    "Definition",
    "Lab",
    "Outcome",
    "Ran",
    "held_against",
    "horizon_faults",
]

type Progress = Callable[[float], None]

# Resampling draws by it: the same question has the same answer, to the last digit.
SEED: Final = 20180101
_MONTHS: Final = 12
_DAY: Final = "datetime64[D]"
_NONE: Final = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Case:
    """One loss that nothing had flagged, or one flag after which nothing was lost: an account as of a day."""

    account_id: int
    on: date
    score: float | None
    level: int | None
    happened_on: date | None


@dataclass(frozen=True)
class Ran:
    """What one definition's backtest found (or what is missing), on which rows of the tested part.

    `left_out`: rows that cannot tell, by why: open, notice, trying, and before (before the tested part).
    """

    name: str
    found: Backtest | NotEnough
    rows: int
    happened: int
    left_out: dict[str, int]
    missed: tuple[Case, ...]
    false_alarms: tuple[Case, ...]


@dataclass(frozen=True)
class Lab:
    """All that was asked: one definition's run or more, and the first held against each other one."""

    asked: Asked
    runs: tuple[Ran, ...]
    comparisons: tuple[Comparison | NotEnough, ...]


def held_against(
    definitions: Sequence[Definition], asked: Asked, *, today: date, progress: Progress = lambda _share: None
) -> Lab:
    """Hold definitions against what happened; rows, days and outcomes are the same for all of them."""
    found = panels(definitions, asked, today=today, progress=progress)
    tested = [_tested(one, asked) for one in found]
    rows = [_snapshots(one, asked) for one in tested]
    runs = tuple(
        _ran(definition, panel, frame, snapshots, asked)
        for definition, panel, frame, snapshots in zip(definitions, found, tested, rows, strict=True)
    )
    progress(0.95)
    against = tuple(compare(rows[0], other, seed=SEED) for other in rows[1:])
    progress(1.0)
    return Lab(asked, runs, against)


def _tested(panel: Panel, asked: Asked) -> pl.DataFrame:
    if asked.split_on is None:
        return panel.frame
    return panel.frame.filter(pl.col("on") >= asked.split_on)


def _snapshots(frame: pl.DataFrame, asked: Asked) -> Snapshots:
    """Return rows as the science reads them; before good news high scores should come, so they are turned round."""
    score = (frame["tenths"].cast(pl.Float64) / 10).fill_null(np.nan).to_numpy()
    level = frame["level"].cast(pl.Int64).fill_null(0).to_numpy()
    if asked.outcome.is_welcome:
        score, level = 100 - score, np.where(level > 0, 5 - level, 0)
    return Snapshots(
        account=frame["account_id"].to_numpy(),
        on=frame["on"].to_numpy().astype(_DAY),
        score=score,
        level=level,
        lost=frame["has_happened"].to_numpy(),
        arr=frame["mrr"].cast(pl.Float64).to_numpy() * _MONTHS,
        lost_on=frame["happened_on"].to_numpy().astype(_DAY),
    )


def _ran(definition: Definition, panel: Panel, frame: pl.DataFrame, rows: Snapshots, asked: Asked) -> Ran:
    segments = frame["segment"].fill_null("–").to_numpy()
    found = backtest(
        rows, capacity=asked.capacity, seed=SEED, by={"segment": segments}, horizon_days=asked.horizon_days
    )
    missed, false_alarms = (found.missed, found.false_alarms) if isinstance(found, Backtest) else (_NONE, _NONE)
    return Ran(
        name=definition.name,
        found=found,
        rows=frame.height,
        happened=int(frame["has_happened"].sum()),
        left_out={**panel.left_out, "before": panel.frame.height - frame.height},
        missed=_cases(frame, missed),
        false_alarms=_cases(frame, false_alarms),
    )


def _cases(frame: pl.DataFrame, places: Whole) -> tuple[Case, ...]:
    columns = ("account_id", "on", "tenths", "level", "happened_on")
    return tuple(
        Case(account_id, on, None if tenths is None else tenths / 10, level, happened_on)
        for account_id, on, tenths, level, happened_on in frame[places.tolist()].select(columns).rows()
    )
