"""Risk at renewal on simulated books of 300 and 2,000 accounts: python -m benchmarks.evidence.risk_simulated.

By the protocol of the simulator (shared/simulator): a history of 156 weeks under a confounded habit of touches, learnt
from weeks 52–156, judged on 9,000 other accounts inside the window of renewal. 12 histories of each size; the book to
be judged by is kept in the temporary folder, since it is the same every time.
"""

import pickle
import sys
import tempfile
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import brier_score_loss, roc_auc_score

from banso.science import risk
from banso.science.basis import NotEnough
from banso.science.cases import Cases, Landmarks, Measure
from benchmarks.evidence._data import shared, slope, table

HISTORIES = range(71_001, 71_013)
WINDOW = 12  # weeks to the decision
MONDAY = np.datetime64(date(2020, 1, 6), "D")
# In the order of belief that the field's own table gives: use, its trend, onboarding in time, then the rest.
MEASURES = (
    Measure("u4", "high", "share"),
    Measure("trend", "high"),
    Measure("late_onb", "low"),
    Measure("nps", "high"),
    Measure("tick13", "low", "count"),
    Measure("m", "low", "count"),
    Measure("feat", "high", "count"),
    Measure("reply13", "high", "count"),
)
TARGETS = {300: (0.72, 0.158, 0.09), 2000: (0.727, 0.156, 0.105)}


def cases(rows: Any) -> Cases:
    """Return what the protocol's snapshots say of accounts; an NPS that nobody gave is not known."""
    values = rows[[one.name for one in MEASURES]].to_numpy(dtype=float).copy()
    values[rows["nps_missing"].to_numpy() == 1, 3] = np.nan
    segment = rows["mid"].to_numpy(dtype=int) + 2 * rows["large"].to_numpy(dtype=int)
    return Cases(values, segment, rows["log_arr"].to_numpy(dtype=float), rows["tau"].to_numpy(dtype=float) * 7)


def landmarks(rows: Any) -> Landmarks:
    """Return the snapshots inside the window of renewal, with what the decision was."""
    due = MONDAY + (rows["t"] + rows["tau"]).to_numpy(dtype=int) * np.timedelta64(7, "D")
    account = np.unique(rows["id"].to_numpy(), return_inverse=True)[1]
    return Landmarks(cases(rows), account, due, rows["y"].to_numpy() == 1)


def judged_by(protocol: Any) -> Any:
    """Return the snapshots of the 9,000 other accounts inside the window of renewal."""
    kept = Path(tempfile.gettempdir()) / "banso-evidence-9000-accounts.pickle"
    if not kept.exists():
        world = protocol.make(9000, 9999)
        kept.write_bytes(pickle.dumps([protocol.snap(world, week) for week in (156, 169, 182, 195)]))
    rows = protocol.pd.concat(pickle.loads(kept.read_bytes()))  # noqa: S301  # our own file
    return rows[rows.tau <= WINDOW]


def main() -> None:
    """Print the figures of both sizes."""
    warnings.simplefilter("ignore")
    sys.path.insert(0, str(shared("simulator")))
    import protocol  # type: ignore[import-not-found]

    test = judged_by(protocol)
    others, left = cases(test), test.y.to_numpy()
    base = left.mean() * (1 - left.mean())
    for accounts, (least_auc, most_brier, least_skill) in TARGETS.items():
        found, losses = [], []
        for seed in HISTORIES:
            rows = landmarks(protocol.train_sets(protocol.make(accounts, seed, extra=0), 52, 156)[1])
            model = risk.fit(rows, MEASURES, seed=seed)
            assert not isinstance(model, NotEnough)
            p = model.predict(others, seed=seed).p
            losses.append(rows.losses)
            found.append((roc_auc_score(left, p), brier_score_loss(left, p), slope(p, left), left.sum() / p.sum()))
        auc, brier, slopes, ratio = np.array(found).T
        skill, middle = 1 - brier.mean() / base, float(np.median(slopes))
        spread = f"{np.quantile(slopes, 0.1):.2f}–{np.quantile(slopes, 0.9):.2f}"
        table(
            f"Risk at renewal, simulated: {accounts:,} accounts, {len(found)} histories, {np.mean(losses):.0f} losses",
            [
                ("AUC inside the window, mean", f"≥ {least_auc}", f"{auc.mean():.4f}", auc.mean() >= least_auc),
                ("Brier inside the window, mean", f"≤ {most_brier}", f"{brier.mean():.4f}", brier.mean() <= most_brier),
                ("Brier skill over the base rate", f"≥ {least_skill:.1%}", f"{skill:.1%}", skill >= least_skill),
                ("calibration slope, median (10–90 %)", ".9–1.15", f"{middle:.2f} ({spread})", 0.9 <= middle <= 1.15),
                ("observed/expected, median", "shown", f"{np.median(ratio):.2f}", True),
            ],
        )


if __name__ == "__main__":
    main()
