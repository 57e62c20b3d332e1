"""Where the figures' data lie, how a table of them is printed, and the measures of discrimination and calibration."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression


def shared(*names: str) -> Path:
    """Return a place in the folder of data and simulator, named by BANSO_SHARED."""
    found = Path(os.environ.get("BANSO_SHARED") or Path(__file__).parents[3] / "shared").joinpath(*names)
    if not found.exists():
        raise SystemExit(f"The data is not there: {found}. Set BANSO_SHARED to the folder that holds it.")
    return found


def table(title: str, rows: Sequence[tuple[str, str, str, bool]]) -> None:
    """Print figures as Markdown: what, target, measured, whether it is reached."""
    print(f"\n### {title}\n\n| figure | target | measured | |\n| --- | --- | --- | --- |")
    for what, target, measured, is_reached in rows:
        print(f"| {what} | {target} | {measured} | {'reached' if is_reached else '**not reached**'} |")
    sys.stdout.flush()


def slope(p: np.ndarray, lost: np.ndarray) -> float:
    """Return the calibration slope of probabilities: the coefficient of their log-odds, 1 where they are right."""
    odds = np.log(p / (1 - p)).reshape(-1, 1)
    return float(LogisticRegression(C=np.inf).fit(odds, lost).coef_[0, 0])
