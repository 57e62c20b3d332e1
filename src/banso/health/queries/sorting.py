"""In which segment and stage accounts stood on past days: as the journal tells of their moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl

from banso.journal import queries as journal
from banso.people import queries as people

_COLUMNS: Final = ("segment", "stage")
_MOVES: Final = {"account_id": pl.Int64, "moved_on": pl.Date, "before": pl.String}


@dataclass(frozen=True)
class Sorting:
    """The moves of accounts by column: account_id, moved_on (the company's day) and before; one for each day."""

    moves: dict[str, pl.DataFrame]

    def as_then(self, frame: pl.DataFrame, *, today: date) -> pl.DataFrame:
        """Return rows by account and day (`on`) with the segment and stage of the start of each day before today.

        Today's rows keep what holds now. What the journal does not tell of stood as it stands.
        """
        for column, moves in self.moves.items():
            found = frame.sort("on").join_asof(
                moves.sort("moved_on"),
                left_on="on",
                right_on="moved_on",
                by="account_id",
                strategy="forward",
                check_sortedness=False,  # both are sorted right here
            )
            has_moved = pl.col("moved_on").is_not_null() & (pl.col("on") < today)
            kept = pl.when(has_moved).then("before").otherwise(column)
            frame = found.with_columns(kept.alias(column)).drop("moved_on", "before")
        return frame.sort("account_id", "on")


def sorting() -> Sorting:
    """Return how accounts were sorted over time, in the names that segments and stages have now; four queries."""
    zone = ZoneInfo(people.company().time_zone)
    told = journal.changes("account.changed", _COLUMNS)
    return Sorting({column: _moves(column, told, zone) for column in _COLUMNS})


def _moves(column: str, told: Sequence[tuple[int, datetime, dict[str, Any]]], zone: ZoneInfo) -> pl.DataFrame:
    renames = [(at, *said["name"]) for _id, at, said in journal.changes(f"{column}.changed", ("name",))]
    rows = [
        (account_id, at.astimezone(zone).date(), _called_now(said[column][0], at, renames))
        for account_id, at, said in told
        if column in said
    ]
    moves = pl.DataFrame(rows, schema=_MOVES, orient="row")
    return moves.unique(["account_id", "moved_on"], keep="first", maintain_order=True)


def _called_now(name: str | None, at: datetime, renames: Sequence[tuple[datetime, str, str]]) -> str | None:
    for renamed_at, before, after in renames:
        if renamed_at >= at and name == before:
            name = after
    return name
