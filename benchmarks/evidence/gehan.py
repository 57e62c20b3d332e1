"""Staying curves on the textbook case, to the digits that R gives: python -m benchmarks.evidence.gehan."""

from typing import Final

import numpy as np
import polars as pl

from banso.science import survival
from benchmarks.evidence._data import shared, table

SHARES: Final = {6: 0.857143, 7: 0.806723, 10: 0.752941, 13: 0.690196, 16: 0.627451, 22: 0.537815, 23: 0.448179}
ERRORS: Final = {6: 0.0763604, 10: 0.0963497, 23: 0.1345915}


def group(rows: pl.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return times and whether they ended, of one arm."""
    arm = rows.filter(pl.col("treat") == name)
    return arm["time"].to_numpy().astype(np.float64), arm["cens"].to_numpy() == 1


def main() -> None:
    """Print every figure beside the published one; each must agree to all digits given."""
    rows = pl.read_csv(shared("data", "survival", "gehan.csv"))
    arms = [group(rows, name) for name in ("6-MP", "control")]
    treated, control = (survival.curve(*arm) for arm in arms)
    error = dict(zip(treated.time.tolist(), treated.error.tolist(), strict=True))
    figures = [(f"S({week})", share, treated.at(week).value, 6) for week, share in SHARES.items()]
    figures += [(f"standard error of S({week})", value, error[week], 7) for week, value in ERRORS.items()]
    figures += [
        ("median, 6-MP", 23, treated.median().value, 0),
        ("median, control", 8, control.median().value, 0),
        ("log-rank chi-square", 16.792941, survival.difference(*arms).chi_square, 6),
        ("mean within 20 weeks, 6-MP", 16.12, treated.mean_until(20).value, 2),
        ("mean within 20 weeks, control", 8.43, control.mean_until(20).value, 2),
    ]
    lines = [
        (what, f"{target:.{digits}f}", f"{value:.{digits}f}", round(value, digits) == round(target, digits))
        for what, target, value, digits in figures
    ]
    table("Staying: 6-MP remission times (R survival 3.5)", lines)


if __name__ == "__main__":
    main()
