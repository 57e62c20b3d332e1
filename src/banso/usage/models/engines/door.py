"""What every engine promises: one reading sees one state of the roll-ups."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Protocol

import polars as pl

from banso.usage.models.manifest import Manifest, MonthFiles, RollUp
from banso.usage.rules.measures import Known

type Tell = Callable[[int, int, str], None]


class Session(Protocol):
    """One reading of an engine: all its queries see the same roll-ups, those of `seen`."""

    @property
    def seen(self) -> Manifest:
        """Return what was visible when the reading began."""

    def show(
        self,
        *,
        on: date,
        reach_days: int | None = None,
        names: Iterable[str],
        counted: Callable[[str, str], str] | None = None,
        known: Known = "event",
    ) -> None:
        """Make the tables of the expressions, with the days before `on`.

        `..._all` is whole, the others go `reach_days` back; `age` is the number of days before `on`. `counted` makes of
        a roll-up's name and its SQL the SQL that stands in its place: for measures of people, or of trees. With
        `known="received"` only what had come in before `on` is there.
        """

    def table(self, name: str, months: Sequence[MonthFiles] = ()) -> str:
        """Return the SQL to read a roll-up FROM: `daily` or `user_day` of some months, `accounts` or `people` whole."""

    def frame(self, query: str) -> pl.DataFrame:
        """Return what a query in this engine's dialect finds."""

    def by_account(self, query: str) -> pl.DataFrame:
        """Return what a query over the tables that were shown finds.

        Its rows must be of one account each: where accounts are spread over machines, each answers for its own.
        """

    def each_by_account(self, queries: Sequence[str]) -> Iterable[pl.DataFrame]:
        """Return what several such queries, all of the same columns, find, in their order."""


class Engine(Protocol):
    """An engine: in which SQL it is spoken to, and how it is read from."""

    @property
    def kind(self) -> str:
        """Return its name."""

    @property
    def dialect(self) -> str:
        """Return the SQL that it is spoken to in, as Ibis names it."""

    @property
    def keeps_rows(self) -> bool:
        """Return whether it has rows of its own; else it reads the files where they lie."""

    def reading[Found](self, look: Callable[[Session], Found]) -> Found:
        """Run a reading over what is visible now."""

    def load(self, roll_up: RollUp, *, kept: Iterable[str], tell: Tell) -> int:
        """Bring the files of a roll-up into the engine, so that readings see them once the manifest names them.

        Only what is missing is brought, and files that neither the roll-up nor `kept` names go. Safe to kill and to
        run twice, under the lock of the roll-up. `tell` hears how many files of how many are done, and which comes.
        Return the rows that were written; an engine that reads the files where they lie has nothing to do.
        """

    def lacks(self, roll_up: RollUp) -> bool:
        """Return whether a file of a roll-up is not in the engine."""

    def check(self) -> None:
        """Raise an error where the engine does not answer."""
