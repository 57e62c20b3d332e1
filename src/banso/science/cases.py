"""What is known of accounts before their decisions, and how it becomes columns that a model reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Whole = NDArray[np.int64]
type Days = NDArray[np.datetime64]

_SAME: Final = 1e-9  # a column that spreads less says nothing


@dataclass(frozen=True)
class Measure:
    """One measure: which way is better, and how it spreads (a count by its logarithm, a share by its log-odds)."""

    name: str
    better: Literal["high", "low", "either"] = "either"
    shape: Literal["plain", "count", "share"] = "plain"

    @property
    def sign(self) -> int:
        """Return +1 where more is more risk, −1 where less is, 0 where nobody says."""
        return {"high": -1, "low": 1, "either": 0}[self.better]

    def shaped(self, values: Floats) -> Floats:
        """Return values (n,) as they go into the model; NaN stays NaN. Both shapes rise strictly."""
        if self.shape == "count":
            return np.sign(values) * np.log1p(np.abs(values))
        if self.shape == "share":
            held = np.clip(values, 0.0, 1.0)
            return np.log((held + 0.02) / (1.02 - held)) + np.maximum(values - 1.0, 0.0)
        return values


@dataclass(frozen=True)
class Cases:
    """What is known of n accounts on a day.

    values (n, m), NaN not known; segment (n,) codes from 0; size (n,) for example log ARR, NaN not known; days (n,) to
    the decision, NaN where none is ahead. Of an auto-renewing contract the decision is the last day for notice.
    """

    values: Floats
    segment: Whole
    size: Floats
    days: Floats

    def take(self, rows: Whole) -> "Cases":
        """Return some of the rows."""
        return Cases(self.values[rows], self.segment[rows], self.size[rows], self.days[rows])


@dataclass(frozen=True)
class Landmarks:
    """Decisions seen from some weeks before: cases, account (n,) codes, due (n,) days, lost (n,).

    An account counts once for each due day, however many weeks it is seen from. Open decisions must be left out.
    """

    cases: Cases
    account: Whole
    due: Days
    lost: Flags

    @property
    def decision(self) -> Whole:
        """Return a code (n,) for each account and due day."""
        pairs = np.column_stack([self.account, self.due.astype("datetime64[D]").astype(np.int64)])
        return np.asarray(np.unique(pairs, axis=0, return_inverse=True)[1].ravel(), dtype=np.int64)

    @property
    def weight(self) -> Floats:
        """Return weights (n,) under which every decision counts as one."""
        return np.asarray(1.0 / np.bincount(self.decision)[self.decision], dtype=np.float64)

    @property
    def losses(self) -> int:
        """Return how many decisions were losses."""
        return len(np.unique(self.decision[self.lost]))

    @property
    def on(self) -> Days:
        """Return the days (n,) on which the cases were as they are."""
        return np.asarray(self.due - self.cases.days.astype("timedelta64[D]"), dtype="datetime64[D]")

    def take(self, rows: Whole) -> "Landmarks":
        """Return some of the rows."""
        return Landmarks(self.cases.take(rows), self.account[rows], self.due[rows], self.lost[rows])


@dataclass(frozen=True)
class Scale:
    """How cases become a design: shapes, means and spreads of measures and context, the number of segments."""

    measures: tuple[Measure, ...]
    segments: int
    mean: Floats
    spread: Floats

    @property
    def signs(self) -> Whole:
        """Return the signs of the design's columns."""
        return np.array([one.sign for one in self.measures] + [0] * (len(self.mean) - len(self.measures)), np.int64)

    @property
    def is_context(self) -> Flags:
        """Return which columns say what the account is, not how it does."""
        return np.arange(len(self.mean)) >= len(self.measures)

    def design(self, cases: Cases) -> Floats:
        """Return the standardised columns (n, p); NaN is not known."""
        return (_columns(self.measures, self.segments, cases) - self.mean) / self.spread


def scale_of(cases: Cases, measures: tuple[Measure, ...]) -> Scale:
    """Return the scale of cases: means and spreads of what is known of them."""
    segments = int(cases.segment.max()) + 1
    columns = _columns(measures, segments, cases)
    seen = np.where(np.isnan(columns).all(axis=0), 0.0, columns)
    spread = np.nanstd(seen, axis=0)
    return Scale(measures, segments, np.nanmean(seen, axis=0), np.where(spread > _SAME, spread, 1.0))


def _columns(measures: Sequence[Measure], segments: int, cases: Cases) -> Floats:
    """Return measures as shaped, then segments but the first, size and days to the decision."""
    shaped = [one.shaped(cases.values[:, place]) for place, one in enumerate(measures)]
    belongs = [(cases.segment == one).astype(np.float64) for one in range(1, segments)]
    return np.column_stack([*shaped, *belongs, cases.size, cases.days])
