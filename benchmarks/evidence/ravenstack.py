"""The lab's verdict on data that has no signal: python -m benchmarks.evidence.ravenstack.

Monthly snapshots of accounts with a running subscription, each measure from what had happened by then, ranked among the
accounts of its day; lost is a churn event in the 90 days after. Six definitions, the last of them weights learnt on
2023 to June 2024 and other accounts. A platform that shows a confident model here is lying.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from banso.science.backtest import Backtest, Snapshots, Verdict, backtest
from banso.science.basis import NotEnough
from banso.science.panel import splits
from banso.science.weights import suggested
from benchmarks.evidence._data import shared, table

HORIZON: Final = 90
TEST_FROM: Final = date(2024, 6, 1)
DAYS: Final = [date(2023 + month // 12, month % 12 + 1, 1) for month in range(3, 21)]  # 90 days before the data end
MEASURES: Final = ("use", "trend", "errors", "tickets", "seats")
CLAIM: Final = 0.60


def read(name: str) -> pl.DataFrame:
    """Return one of the files."""
    return pl.read_csv(shared("data", "ravenstack", f"ravenstack_{name}.csv"), try_parse_dates=True)


def snapshot(files: Mapping[str, pl.DataFrame], on: date) -> pl.DataFrame:
    """Return accounts with a running subscription on a day, their measures until it, and who left in 90 days."""
    running = files["subscriptions"].filter(
        (pl.col("start_date") <= on) & (pl.col("end_date").is_null() | (pl.col("end_date") > on))
    )
    book = running.group_by("account_id").agg(seats=pl.col("seats").sum(), arr=pl.col("arr_amount").sum())
    used = files["usage"].filter((pl.col("usage_date") < on) & (pl.col("usage_date") >= on - timedelta(days=180)))
    recent = pl.col("usage_date") >= on - timedelta(days=HORIZON)
    use = used.group_by("account_id").agg(
        use=pl.col("usage_count").filter(recent).sum(),
        before=pl.col("usage_count").filter(~recent).sum(),
        errors=-pl.col("error_count").filter(recent).sum(),
    )
    opened = pl.col("submitted_at").cast(pl.Date)
    asked = files["tickets"].filter((opened < on) & (opened >= on - timedelta(days=HORIZON)))
    tickets = asked.group_by("account_id").agg(tickets=-pl.len().cast(pl.Int64))
    after = (pl.col("churn_date") > on) & (pl.col("churn_date") <= on + timedelta(days=HORIZON))
    gone = files["events"].filter(after).group_by("account_id").agg(left=pl.col("churn_date").min())
    rows = book
    for other in (use, tickets, gone):
        rows = rows.join(other, on="account_id", how="left")
    rows = rows.with_columns(pl.col("use", "before", "errors", "tickets").fill_null(0), day=pl.lit(on))
    return rows.with_columns(trend=pl.col("use") - pl.col("before"))


def ranked(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each measure as points 0–100: its rank among the accounts of the day."""
    share = (pl.col(MEASURES).rank().over("day") - 0.5) / pl.len().over("day") * 100
    return rows.with_columns(share)


def snapshots(rows: pl.DataFrame, score: np.ndarray) -> Snapshots:
    """Return what the lab is given."""
    level = np.where(np.isnan(score), 0, 1 + (score >= 30) + (score >= 50) + (score >= 70))
    _, account = np.unique(rows["account_id"].to_numpy(), return_inverse=True)
    left = rows["left"].to_numpy().astype("datetime64[D]")
    on = rows["day"].to_numpy().astype("datetime64[D]")
    return Snapshots(account, on, score, level, ~np.isnat(left), rows["arr"].to_numpy().astype(float), left)


def learnt(rows: pl.DataFrame) -> np.ndarray:
    """Return the score by weights learnt on earlier days and other accounts; NaN on the days learnt from."""
    plain = snapshots(rows, np.zeros(len(rows)))
    points = rows.select(MEASURES).to_numpy().astype(float)
    found = np.full(len(rows), np.nan)
    for split in splits(plain.account, plain.on, test_from=TEST_FROM, horizon_days=HORIZON, seed=1):
        train = split.train
        told = suggested(points[train], plain.lost[train], plain.account[train], plain.on[train], seed=1)
        if isinstance(told, NotEnough) or not told.is_any:
            found[split.test] = 50.0  # nothing to suggest: everybody alike
        else:
            found[split.test] = points[split.test] @ np.array([weight.value for weight in told.weights])
    return found


def main() -> None:
    """Print the verdict on each definition."""
    names = {"subscriptions": "subscriptions", "tickets": "support_tickets", "events": "churn_events"}
    files = {key: read(name) for key, name in names.items()}
    owner = files["subscriptions"].select("subscription_id", "account_id")
    usage = read("feature_usage").unique("usage_id", keep="first", maintain_order=True)
    files["usage"] = usage.join(owner, on="subscription_id")
    rows = ranked(pl.concat([snapshot(files, day) for day in DAYS])).sort("account_id", "day")
    measures = {name: rows[name].to_numpy().astype(float) for name in ("use", "trend", "errors", "tickets")}
    weighed = 0.4 * measures["use"] + 0.3 * measures["trend"] + 0.1 * measures["errors"] + 0.2 * measures["tickets"]
    lines = []
    for name, score in {**measures, "weighted by hand": weighed, "weights learnt": learnt(rows)}.items():
        held = ~np.isnan(score)
        found = backtest(snapshots(rows.filter(held), score[held]), capacity=50, seed=1, horizon_days=HORIZON)
        assert isinstance(found, Backtest), found
        auc = found.auc
        words = "no better than chance" if found.verdict is Verdict.CHANCE else f"{found.verdict} than chance"
        measured = f"{auc.value:.3f} ({auc.low:.3f}–{auc.high:.3f}): {words}, {found.basis.events} losses"
        is_honest = found.verdict is not Verdict.BETTER and auc.low < CLAIM and auc.value <= CLAIM
        lines.append((f"AUC of {name}", "covers .5, never above .60", measured, is_honest and auc.covers(0.5)))
    table("RavenStack: no definition is better than chance", lines)


if __name__ == "__main__":
    main()
