"""Risk on the IBM Telco sample by the two published protocols: python -m benchmarks.evidence.risk_telco.

The lab itself picks the model on each training part. Churn has no renewal date here: each customer is one decision.
First protocol: Nori et al. 2019 (arXiv 1909.09223). Signs are fixed for tenure alone: who stayed long, stays.
"""

from typing import Final

import numpy as np
import polars as pl
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import BaseCrossValidator, RepeatedStratifiedKFold, StratifiedShuffleSplit

from banso.science import risk
from banso.science.basis import NotEnough
from banso.science.cases import Cases, Landmarks, Measure
from benchmarks.evidence._data import shared, table

NUMBERS: Final = (
    Measure("tenure", "high", "count"),
    Measure("MonthlyCharges"),
    Measure("TotalCharges", "either", "count"),
    Measure("SeniorCitizen"),
)
DAY: Final = np.datetime64("2026-01-01")


def customers() -> tuple[Cases, tuple[Measure, ...], np.ndarray]:
    """Return customers, their measures (words as one column each) and who left; 11 blanks are not known."""
    path = shared("data", "telco_ibm", "Telco-Customer-Churn.csv")
    read = pl.read_csv(path, null_values=["", " "])
    numbers = [one.name for one in NUMBERS]
    words = read.drop("customerID", "Churn", *numbers).to_dummies()
    values = pl.concat([read.select(numbers), words], how="horizontal").cast(pl.Float64).fill_null(np.nan).to_numpy()
    count = len(values)
    cases = Cases(values, np.zeros(count, dtype=np.int64), np.full(count, np.nan), np.full(count, 30.0))
    return cases, (*NUMBERS, *(Measure(name) for name in words.columns)), (read["Churn"] == "Yes").to_numpy()


def by(splitter: BaseCrossValidator) -> tuple[float, float, list[str]]:
    """Return mean AUC, mean log loss and the kinds that the lab picked, over the parts of a protocol."""
    cases, measures, left = customers()
    found, kinds = [], []
    for place, (learn, judge) in enumerate(splitter.split(cases.values, left)):
        rows = Landmarks(cases.take(learn), np.arange(len(learn)), np.full(len(learn), DAY), left[learn])
        model = risk.fit(rows, measures, seed=place)
        assert not isinstance(model, NotEnough)
        p = model.predict(cases.take(judge)).p
        found.append((roc_auc_score(left[judge], p), log_loss(left[judge], p)))
        kinds.append(str(model.choice.kind))
    auc, loss = np.mean(found, axis=0)
    return float(auc), float(loss), sorted(set(kinds))


def main() -> None:
    """Print the figures of both protocols."""
    auc, _, kinds = by(StratifiedShuffleSplit(n_splits=3, test_size=0.25, random_state=1337))
    again, loss, others = by(RepeatedStratifiedKFold(n_splits=5, n_repeats=3, random_state=0))
    picked = ", ".join(sorted({*kinds, *others}))
    table(
        f"Risk on Telco, the lab's own pick: {picked}",
        [
            ("AUC, 3 shuffles", "≥ .851", f"{auc:.4f}", auc >= 0.851),
            ("AUC, 5 folds × 3", "≥ .848", f"{again:.4f}", again >= 0.848),
            ("log loss, 5 folds × 3", "≤ .414", f"{loss:.4f}", loss <= 0.414),
        ],
    )


if __name__ == "__main__":
    main()
