"""Show roll-ups to the measures as another level counts them, and name what they were counted for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from banso.accounts import queries as accounts
from banso.usage.queries.reading import Session, dialect, words_of
from banso.usage.rules.levels import Level, Tree, of_people, of_trees, tree_of

VALUES: Final = ("value", "newest", "newest_at")

type Counted = Callable[[str, str], str]


@dataclass(frozen=True)
class Counting:
    """A level in one reading."""

    work: Session
    level: Level
    tree: Tree

    @classmethod
    def at(cls, work: Session, level: Level) -> "Counting":
        """Return how this level counts what the reading sees."""
        numbers: dict[str, int] = {}
        parents = accounts.parents() if level == "tree" else {}
        if parents and work.seen.roll_up.accounts:
            numbers = dict(work.frame(f"SELECT account, number FROM {work.table('accounts')} AS accounts").rows())
        return cls(work, level, tree_of(parents, numbers))

    @property
    def keys(self) -> list[str]:
        """Return the columns that name what was counted for."""
        return ["account", "person"] if self.level == "person" else ["account"]

    @property
    def counted(self) -> Counted | None:
        """Return how a roll-up's SQL becomes that of this level; None for accounts, as they stand there."""
        if self.level == "account" or not self.work.seen.roll_up.accounts:
            return None
        return self._of_level

    def named(self, found: pl.DataFrame) -> pl.DataFrame:
        """Put accounts' own ids, and people's names, in the place of their numbers."""
        roll_up = self.work.seen.roll_up
        if not roll_up.accounts:
            texts = [pl.lit(None, pl.String).alias(name) for name in self.keys]
            return found.drop("account").with_columns(texts).clear()
        if self.level == "person":
            people = self.work.frame(
                "SELECT people.number AS number, accounts.account AS account, people.person AS person"
                f" FROM {self.work.table('people')} AS people JOIN {self.work.table('accounts')} AS accounts"
                " ON accounts.number = people.account"
            )
            return found.rename({"account": "number"}).join(people, on="number", how="inner")
        names = self.work.frame(f"SELECT number, account FROM {self.work.table('accounts')} AS accounts")
        silent = {"number": list(self.tree.silent), "account": list(self.tree.silent.values())}
        names = pl.concat([names, pl.DataFrame(silent, schema=names.schema)])
        return found.rename({"account": "number"}).join(names, on="number", how="inner")

    def _of_level(self, base: str, source: str) -> str:
        words = [f"m{word}" for word in range(words_of(self.work.seen))]
        columns = ["day", "late", "n", *words] if base == "user_day" else ["event", "day", "late", "n", *VALUES]
        if self.level == "person":
            return of_people(source, columns)
        return of_trees(source, columns, self.work.table("people"), self.tree.kin, dialect=dialect())
