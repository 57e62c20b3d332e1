"""Accounts by weeks: the running totals of a backfill, as one matrix for each number."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from banso.usage.rules.days import DAYS_IN_A_WEEK, day_of
from banso.usage.rules.measures import Atom
from banso.usage.rules.weekly import Reading

type Matrix = NDArray[np.float64]


@dataclass
class Grid:
    """Every account that was ever seen, in the order of its number, by every week from the first wanted to the last."""

    accounts: NDArray[np.int64]
    seen: Matrix
    person_seen: Matrix
    wanted: NDArray[np.int64]
    values: dict[Atom, Matrix] = field(default_factory=dict)

    @classmethod
    def of(cls, first_days: pl.DataFrame, weeks: Sequence[int]) -> Self:
        """Return an empty grid; `first_days` has a row for each account, `weeks` are ascending numbers of weeks."""
        ordered = first_days.sort("account")
        return cls(
            accounts=ordered["account"].cast(pl.Int64).to_numpy(),
            seen=ordered["seen"].cast(pl.Float64).to_numpy(),
            person_seen=ordered["person_seen"].cast(pl.Float64).fill_null(np.inf).to_numpy(),
            wanted=np.asarray(weeks, dtype=np.int64),
        )

    def take(self, reading: Reading, found: pl.DataFrame) -> None:
        """Turn the rows of one query into the matrices of its atoms."""
        parts: dict[int, Matrix] = {
            part: self._matrix(reading, found.filter(pl.col("part") == part))
            for part in sorted({part for _, *both in reading.atoms for part in both})
        }
        for atom, first, second in reading.atoms:
            self.values[atom] = parts[first] - parts[second] if reading.shape == "edges" else parts[first]

    def rows(self, atoms: Sequence[Atom]) -> pl.DataFrame:
        """Return a row for each account and wanted week before which it was seen, with a column for each atom."""
        shape = (self.accounts.size, self.wanted.size)
        is_seen = self.seen[:, None] < self.wanted[None, :] * DAYS_IN_A_WEEK
        on = np.broadcast_to(self.wanted * DAYS_IN_A_WEEK, shape)[is_seen]
        weeks = pl.DataFrame(
            {
                "on": self.wanted * DAYS_IN_A_WEEK,
                "week": [day_of(int(week) * DAYS_IN_A_WEEK) for week in self.wanted],
            }
        )
        columns = {"account": np.broadcast_to(self.accounts[:, None], shape)[is_seen].astype(np.int32), "on": on}
        for at, atom in enumerate(atoms):
            columns[f"a{at}"] = np.broadcast_to(self._value(atom), shape)[is_seen]
        numbers = pl.DataFrame(columns).with_columns(
            pl.when(pl.col(pl.Float64).is_finite()).then(pl.col(pl.Float64)).name.keep()
        )
        return numbers.join(weeks, on="on")

    def _value(self, atom: Atom) -> Matrix:
        if atom.stat == "seen":
            return self.seen[:, None]
        if atom.stat == "person_seen":
            return self.person_seen[:, None]
        return self.values[atom]

    def _matrix(self, reading: Reading, found: pl.DataFrame) -> Matrix:
        """Return the wanted weeks of one part: rows past the last are left out, those before the first enter it."""
        first, last = int(self.wanted[0]), int(self.wanted[-1])
        width = last - first + 1
        if reading.shape == "levels":
            found = found.filter(pl.col("k") >= first)
        found = found.filter(pl.col("k") <= last)
        at = np.searchsorted(self.accounts, found["account"].to_numpy())
        cells = at * width + np.maximum(found["k"].to_numpy() - first, 0)
        amounts = found["amount"].to_numpy()
        size = self.accounts.size * width
        if reading.shape == "latest":
            flat = np.full(size, -np.inf)
            np.maximum.at(flat, cells, amounts)
            matrix: Matrix = np.maximum.accumulate(flat.reshape(-1, width), axis=1)
        else:
            matrix = np.bincount(cells, weights=amounts, minlength=size).reshape(-1, width)
            matrix = matrix.cumsum(axis=1) if reading.shape == "edges" else matrix
        return matrix[:, self.wanted - first]
