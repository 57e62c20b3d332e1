"""Risk of falling silent on real companies, out of time: python -m benchmarks.evidence.risk_silence.

oss_activity: companies active in the last 90 days at the start of a quarter; lost is silent for the next 180. Learnt
from what was known on 2018-01-01, judged by every quarter from then on, as in shared/data/README.md.
"""

from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl
from sklearn.metrics import log_loss, roc_auc_score

from banso.science import risk
from banso.science.basis import NotEnough
from banso.science.cases import Cases, Landmarks, Measure
from benchmarks.evidence._data import shared, slope, table

KNOWN_ON: Final = date(2018, 1, 1)
SILENT_DAYS: Final = 180
DRAWS: Final = 500
# How recently, how steadily, how many people, how broadly, against before: in that order.
MEASURES: Final = (
    Measure("recency", "low", "count"),
    Measure("weeks", "high", "count"),
    Measure("people", "high", "count"),
    Measure("events", "high", "count"),
    Measure("before", "high", "count"),
    Measure("products", "high"),
    Measure("year", "high", "count"),
    Measure("tenure", "high", "count"),
)


def quarters(first: date, last: date) -> list[date]:
    """Return the first days of quarters between two days."""
    days = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 4, 7, 10)]
    return [day for day in days if first <= day <= last]


def snapshot(events: pl.DataFrame, on: date) -> pl.DataFrame:
    """Return the companies active in the 90 days before a day, their measures as of it, and who fell silent."""
    past, ahead = events.filter(pl.col("on") < on), timedelta(days=SILENT_DAYS)
    age = (pl.lit(on) - pl.col("on")).dt.total_days()
    recent = age <= 90  # a quarter
    counted = past.group_by("account").agg(
        age.min().alias("recency"),
        pl.col("on").filter(recent).dt.truncate("1w").n_unique().alias("weeks"),
        pl.col("user_id").filter(recent).n_unique().alias("people"),
        recent.sum().alias("events"),
        ((age > 90) & (age <= 180)).sum().alias("before"),  # the quarter before
        pl.col("product").filter(recent).n_unique().alias("products"),
        (age <= 365).sum().alias("year"),
        age.max().alias("tenure"),
    )
    stay = events.filter((pl.col("on") >= on) & (pl.col("on") < on + ahead))["account"].unique()
    found = counted.filter(pl.col("recency") <= 90).sort("account")
    return found.with_columns(pl.lit(on).alias("day"), ~pl.col("account").is_in(stay.implode()).alias("lost"))


def landmarks(rows: pl.DataFrame, names: list[str]) -> Landmarks:
    """Return snapshots as decisions that fall due when the silence would be known."""
    values = rows.select(one.name for one in MEASURES).cast(pl.Float64).to_numpy()
    count = len(rows)
    cases = Cases(values, np.zeros(count, dtype=np.int64), np.full(count, np.nan), np.full(count, float(SILENT_DAYS)))
    account = np.array([names.index(one) for one in rows["account"]])
    due = rows["day"].to_numpy().astype("datetime64[D]") + np.timedelta64(SILENT_DAYS, "D")
    return Landmarks(cases, account, due, rows["lost"].to_numpy())


def main() -> None:
    """Print the figures."""
    read = pl.read_csv(
        shared("data", "oss_activity", "events.csv"), columns=["event_time", "account", "user_id", "product"]
    )
    events = read.with_columns(pl.col("event_time").str.slice(0, 10).str.to_date().alias("on"))
    ends_on = events["on"].max()
    assert isinstance(ends_on, date)
    days = quarters(date(2011, 4, 1), ends_on - timedelta(days=SILENT_DAYS))
    rows = pl.concat([snapshot(events, on) for on in days])
    names = sorted(rows["account"].unique())
    learnt = landmarks(rows.filter(pl.col("day") + timedelta(days=SILENT_DAYS) <= KNOWN_ON), names)
    judged = landmarks(rows.filter(pl.col("day") >= KNOWN_ON), names)
    model = risk.fit(learnt, MEASURES, seed=1)
    assert not isinstance(model, NotEnough)
    p, lost = model.predict(judged.cases, within_days=SILENT_DAYS).p, judged.lost
    auc, loss, bend = roc_auc_score(lost, p), log_loss(lost, p), slope(p, lost)
    low, high = _slopes(p, lost, judged.account)
    held = 0.8 <= bend <= 1.2 and low <= 1 <= high
    base = log_loss(lost, np.full(len(lost), learnt.lost.mean()))
    table(
        f"Falling silent, oss_activity: {learnt.losses} losses learnt from, {len(lost)} rows judged, "
        f"{lost.mean():.1%} lost, {model.choice.kind}, {len(model.measures)} measures",
        [
            ("AUC", "≥ .75", f"{auc:.4f}", auc >= 0.75),
            ("log loss", "≤ .435", f"{loss:.4f} (rate of the years before: {base:.4f})", loss <= 0.435),
            ("calibration slope (80 % over companies)", ".8–1.2, covers 1", f"{bend:.2f} ({low:.2f}–{high:.2f})", held),
            ("observed/expected", "shown", f"{lost.sum() / p.sum():.2f}", True),
        ],
    )


def _slopes(p: np.ndarray, lost: np.ndarray, account: np.ndarray) -> tuple[float, float]:
    """Return the 80 % interval of the slope by drawing companies with replacement."""
    rng = np.random.default_rng(2)
    rows = [np.flatnonzero(account == one) for one in np.unique(account)]
    found = []
    for _ in range(DRAWS):
        drawn = np.concatenate([rows[one] for one in rng.integers(0, len(rows), len(rows))])
        found.append(slope(p[drawn], lost[drawn]))
    low, high = np.quantile(found, [0.1, 0.9])
    return float(low), float(high)


if __name__ == "__main__":
    main()
