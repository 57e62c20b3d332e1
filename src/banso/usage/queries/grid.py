"""Accounts by weeks: the running totals of a backfill, as one matrix for each number."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from banso.usage.rules.days import DAYS_IN_A_WEEK, day_of
from banso.usage.rules.measures import PERSON_SEEN, SEEN, Atom
from banso.usage.rules.weekly import Reading, Shape

type Matrix = NDArray[np.float64]


@dataclass
class Grid:
    """Every account that was ever seen, in the order of its number, by every week from the first wanted to the last.

    `values` has a column for each week, or one for all of them.
    """

    accounts: NDArray[np.int64]
    wanted: NDArray[np.int64]
    values: dict[Atom, Matrix] = field(default_factory=dict)

    @classmethod
    def of(cls, first_days: pl.DataFrame, weeks: Sequence[int]) -> Self:
        """Return a grid that knows since when accounts were seen; `weeks` are ascending numbers of weeks.

        `first_days` has a row for each account, or for each account and week `k` from which on it counts.
        """
        ordered = first_days.sort("account")
        accounts = ordered["account"].cast(pl.Int64).unique(maintain_order=True).to_numpy()
        grid = cls(accounts=accounts, wanted=np.asarray(weeks, dtype=np.int64))
        for atom, column in ((SEEN, "seen"), (PERSON_SEEN, "person_seen")):
            days = ordered.with_columns(pl.col(column).cast(pl.Float64).fill_null(np.inf).alias("amount"))
            grid.values[atom] = (
                grid._matrix("earliest", days) if "k" in days.columns else days["amount"].to_numpy()[:, None]
            )
        return grid

    def take(self, reading: Reading, found: pl.DataFrame) -> None:
        """Turn the rows of one query into the matrices of its atoms."""
        parts: dict[int, Matrix] = {
            part: self._matrix(reading.shape, found.filter(pl.col("part") == part))
            for part in sorted({part for _, *both in reading.atoms for part in both})
        }
        for atom, first, second in reading.atoms:
            self.values[atom] = parts[first] - parts[second] if reading.shape == "edges" else parts[first]

    def rows(self, atoms: Sequence[Atom]) -> pl.DataFrame:
        """Return a row for each account and wanted week before which it was seen, with a column for each atom."""
        shape = (self.accounts.size, self.wanted.size)
        is_seen = self.values[SEEN] < self.wanted[None, :] * DAYS_IN_A_WEEK
        on = np.broadcast_to(self.wanted * DAYS_IN_A_WEEK, shape)[is_seen]
        weeks = pl.DataFrame(
            {
                "on": self.wanted * DAYS_IN_A_WEEK,
                "week": [day_of(int(week) * DAYS_IN_A_WEEK) for week in self.wanted],
            }
        )
        columns = {"account": np.broadcast_to(self.accounts[:, None], shape)[is_seen].astype(np.int32), "on": on}
        for at, atom in enumerate(atoms):
            columns[f"a{at}"] = np.broadcast_to(self.values[atom], shape)[is_seen]
        numbers = pl.DataFrame(columns).with_columns(
            pl.when(pl.col(pl.Float64).is_finite()).then(pl.col(pl.Float64)).name.keep()
        )
        return numbers.join(weeks, on="on")

    def _matrix(self, shape: Shape, found: pl.DataFrame) -> Matrix:
        """Return the wanted weeks of one part: rows past the last are left out, those before the first enter it."""
        first, last = int(self.wanted[0]), int(self.wanted[-1])
        width = last - first + 1
        if shape in {"levels", "known"}:
            found = found.filter(pl.col("k") >= first)
        found = found.filter(pl.col("k") <= last)
        at = np.searchsorted(self.accounts, found["account"].to_numpy())
        cells = at * width + np.maximum(found["k"].to_numpy() - first, 0)
        amounts = found["amount"].to_numpy()
        size = self.accounts.size * width
        if shape == "known":
            flat = np.full(size, np.nan)
            flat[cells] = amounts
            matrix: Matrix = flat.reshape(-1, width)
        elif shape in {"latest", "earliest"}:
            further = np.maximum if shape == "latest" else np.minimum
            flat = np.full(size, -np.inf if shape == "latest" else np.inf)
            further.at(flat, cells, amounts)
            matrix = further.accumulate(flat.reshape(-1, width), axis=1)
        else:
            matrix = np.bincount(cells, weights=amounts, minlength=size).reshape(-1, width)
            matrix = matrix.cumsum(axis=1) if shape == "edges" else matrix
        return matrix[:, self.wanted - first]
