"""The past as it was known: account-weeks, decisions and their rows for learning, without a look at the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np
import polars as pl

from banso.science.basis import Days, Flags, Floats, Whole
from banso.science.discrimination import area

LEADS: Final = (1, 5, 9, 13)
# Nothing honest tells leavers from stayers so well, a week before or ever.
TOO_GOOD: Final = 0.95
# Being null may predict a little by chance, and a few values are always corrected.
NULL_TELLS: Final = 0.6
CORRECTED: Final = 0.05
LEAST: Final = 8


class Leak(StrEnum):
    """Why a measure, or a panel, is not to be believed."""

    TOO_GOOD = "too_good"  # it tells leavers apart almost without a mistake: measured over the window of the outcome
    CHANGED_AFTER = "changed_after"  # its values of weeks before the decision were written after it
    NULL_TELLS = "null_tells"  # whether it is known at all depends on who left
    SURVIVORS_ONLY = "survivors_only"  # those who left have no past in it


@dataclass(frozen=True)
class Panel:
    """Account-weeks and decisions of a company.

    table: account str, week date (Monday), known_at date on which the row was known, any measures (null: not measured),
    arr; several rows of one account and week are versions, the last known counts. decisions: account, due date,
    outcome "kept", "lost" or "open", arr_before, arr_after, decided_at date (null while open).
    """

    table: pl.DataFrame
    decisions: pl.DataFrame

    def as_of(self, day: date) -> "Panel":
        """Return the panel as it was known at the end of a day: later rows are gone, later decisions still open."""
        table = self.table.filter(pl.col("known_at") <= day)
        table = table.sort("account", "week", "known_at").unique(["account", "week"], keep="last", maintain_order=True)
        later = pl.col("decided_at").is_null() | (pl.col("decided_at") > day)
        decisions = self.decisions.with_columns(
            outcome=pl.when(later).then(pl.lit("open")).otherwise("outcome"),
            arr_after=pl.when(~later).then("arr_after"),
            decided_at=pl.when(~later).then("decided_at"),
        )
        return Panel(table, decisions)


@dataclass(frozen=True)
class Split:
    """Rows to learn from and rows to be judged by, as flags (n,)."""

    train: Flags
    test: Flags


@dataclass(frozen=True)
class Suspicion:
    """A measure that may have seen the answer: its areas at 1 and 9 weeks, that of being null, and how much changed."""

    measure: str
    leaks: tuple[Leak, ...]
    area_near: float
    area_far: float
    area_null: float
    changed: float


def landmarks(panel: Panel, measures: Sequence[str], leads: Sequence[int] = LEADS) -> pl.DataFrame:
    """Return a row for each decision and lead: the measures as they were known that many weeks before it was due.

    Columns: account, due, lead, weight (the rows of one decision weigh 1), lost, arr, week, measures. Open decisions
    are left out: they are censored, not kept. A lead at which nothing was known of the account is left out (left
    truncation), so that only those still here are ever compared: no immortal time. Source: van Houwelingen & Putter,
    Dynamic Prediction in Clinical Survival Analysis (2011).
    """
    closed = panel.decisions.filter(pl.col("outcome") != "open").select("account", "due", "outcome")
    asked = closed.join(pl.DataFrame({"lead": list(leads)}, schema={"lead": pl.Int64}), how="cross").with_columns(
        day=pl.col("due") - pl.duration(days=7 * pl.col("lead"))
    )
    columns = ["account", "week", "known_at", "arr", *measures]
    seen = asked.join(panel.table.select(columns), on="account").filter(
        (pl.col("week") <= pl.col("day")) & (pl.col("known_at") <= pl.col("day"))
    )
    key = ["account", "due", "lead"]
    last = seen.sort(*key, "week", "known_at").unique(key, keep="last", maintain_order=True)
    return last.select(
        *key,
        (1 / pl.len().over("account", "due")).alias("weight"),
        (pl.col("outcome") == "lost").alias("lost"),
        "arr",
        "week",
        *measures,
    ).sort(key)


def splits(
    account: Whole, on: Days, *, test_from: date, horizon_days: int, seed: int, folds: int = 5
) -> tuple[Split, ...]:
    """Split rows (n,) so that nothing of the test is known to the training; every later row is tested once.

    Out of time: trained on days whose outcome was known on `test_from` (the horizon before it is purged), tested on
    that day and later. Of one account rows lie on one side only: it is tested by the fold that was not trained on it.
    """
    days, first = on.astype("datetime64[D]").astype(np.int64), np.datetime64(test_from, "D").astype(np.int64)
    names, code = np.unique(account, return_inverse=True)
    fold = (np.random.default_rng(seed).permutation(len(names)) % folds)[code]
    before, after = days + horizon_days <= first, days >= first
    return tuple(Split(before & (fold != number), after & (fold == number)) for number in range(folds))


def leak_check(panel: Panel, measures: Sequence[str]) -> tuple[Suspicion, ...]:
    """Name measures that look at the answer, and the panel itself ("") where those who left have no past in it.

    Areas are of the better direction, .5 where there are too few outcomes to say. A measure is named where its area a
    week before the decision passes .95, where its being null tells who left (.6, and the interval leaves out .5), or
    where more than one in twenty of its values of weeks before a decision was changed after it.
    """
    near, far = (landmarks(panel, measures, (lead,)) for lead in (1, 9))
    found = [_survivors(panel, near)]
    for measure in measures:
        null, tells = _null(near, measure)
        areas = (_area(near, measure), _area(far, measure))
        changed = _changed(panel, measure)
        told = {Leak.TOO_GOOD: areas[0] > TOO_GOOD, Leak.CHANGED_AFTER: changed > CORRECTED, Leak.NULL_TELLS: tells}
        leaks = tuple(leak for leak, holds in told.items() if holds)
        found.append(Suspicion(measure, leaks, *areas, null, changed))
    return tuple(one for one in found if one.leaks)


def _survivors(panel: Panel, near: pl.DataFrame) -> Suspicion:
    """Compare the share of decisions with a known past among the lost and the kept."""
    decided = panel.decisions.filter(pl.col("outcome") != "open")
    lost = int((decided["outcome"] == "lost").sum())
    seen = int(near["lost"].sum())
    kept = len(decided) - lost
    # Half as many of the lost as of the kept have a past: no import is that unlucky.
    is_gone = lost >= LEAST and seen / lost < 0.5 * (len(near) - seen) / max(kept, 1)
    return Suspicion("", (Leak.SURVIVORS_ONLY,) if is_gone else (), 0.5, 0.5, 0.5, 0.0)


def _area(rows: pl.DataFrame, measure: str) -> float:
    known = rows.filter(pl.col(measure).is_not_null())
    value, lost = known[measure].cast(pl.Float64).to_numpy(), known["lost"].to_numpy()
    return _either_way(value, lost)


def _either_way(value: Floats, lost: Flags) -> float:
    if min(int(lost.sum()), int((~lost).sum())) < LEAST:
        return 0.5
    found = area(value, lost).value
    return max(found, 1 - found)


def _null(rows: pl.DataFrame, measure: str) -> tuple[float, bool]:
    null, lost = rows[measure].is_null().to_numpy().astype(np.float64), rows["lost"].to_numpy()
    value = _either_way(null, lost)
    if value <= NULL_TELLS:
        return value, False
    _, code = np.unique(rows["account"].to_numpy(), return_inverse=True)
    return value, not area(null, lost, code).interval().covers(0.5)


def _changed(panel: Panel, measure: str) -> float:
    """Return the share of values of weeks before a decision that another version, known after it, changed."""
    decided = panel.decisions.filter(pl.col("decided_at").is_not_null()).select("account", "due", "decided_at")
    before = pl.col("week") < pl.col("due")
    rows = decided.join(panel.table.select("account", "week", "known_at", measure), on="account").filter(before)
    rows = rows.with_columns(is_late=pl.col("known_at") > pl.col("decided_at")).sort("known_at")
    value = pl.col(measure)
    versions = rows.group_by("account", "due", "week").agg(
        then=value.filter(~pl.col("is_late")).last(), now=value.last(), late=pl.col("is_late").any()
    )
    changed = versions.select((pl.col("late") & pl.col("then").ne_missing(pl.col("now"))).mean()).item()
    return float(changed or 0.0)
