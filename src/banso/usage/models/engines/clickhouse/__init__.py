"""ClickHouse: for many writers and more events than one machine holds; alone, or a cluster sharded by account."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from banso.usage.models import manifest
from banso.usage.models.engines.clickhouse import loading
from banso.usage.models.engines.clickhouse.client import answering, database_of
from banso.usage.models.engines.clickhouse.loading import files_of, known_slices
from banso.usage.models.engines.clickhouse.pieces import Standing, condition
from banso.usage.models.engines.clickhouse.tables import COLUMNS, Place
from banso.usage.models.engines.door import Session, Tell
from banso.usage.models.engines.embedded import TRIES, window, words_of
from banso.usage.models.manifest import Manifest, MonthFiles, RollUp
from banso.usage.rules.addresses import Address, EngineDown
from banso.usage.rules.measures import Known


@dataclass
class ClickHouseSession:
    """One reading: the rows in force for the files that were visible when it began."""

    client: Any
    place: Place
    seen: Manifest
    standing: Standing
    shown: dict[str, str] = field(default_factory=dict)
    is_spread: bool = False

    def show(
        self,
        *,
        on: date,
        reach_days: int | None = None,
        names: Iterable[str],
        counted: Callable[[str, str], str] | None = None,
        known: Known = "event",
    ) -> None:
        # What counts for other accounts, too, may lie on other shards than they do.
        self.is_spread = bool(self.place.cluster) and counted is None
        for name in names:
            one = window(self.seen, name, on=on, reach_days=reach_days, known=known)
            table = self.place.local(one.base) if self.is_spread else self.place.whole(one.base)
            source = self._rows(one.base, one.months, table)
            self.shown[name] = one.query(counted(one.base, source) if counted else source)

    def table(self, name: str, months: Sequence[MonthFiles] = ()) -> str:
        return self._rows(name, months, self.place.whole(name))

    def frame(self, query: str) -> pl.DataFrame:
        found = pl.from_arrow(self.client.query_arrow(query))
        return pl.DataFrame(found)

    def by_account(self, query: str) -> pl.DataFrame:
        tables = ", ".join(f"{name} AS ({shown})" for name, shown in self.shown.items())
        whole = f"WITH {tables} SELECT * FROM ({query})"
        # All of an account lies on one shard: each answers for its own, and only the answers travel.
        return self.frame(f"SELECT * FROM cluster('{self.place.cluster}', view({whole}))" if self.is_spread else whole)

    def each_by_account(self, queries: Sequence[str]) -> Iterable[pl.DataFrame]:
        return map(self.by_account, queries)

    def _rows(self, name: str, months: Sequence[MonthFiles], table: str) -> str:
        files = (
            [getattr(one, name) for one in months]
            if name in {"daily", "user_day"}
            else [getattr(self.seen.roll_up, name)]
        )
        columns = [*COLUMNS[name], *(f"m{word}" for word in range(words_of(self.seen)) if name == "user_day")]
        return f"(SELECT {', '.join(columns)} FROM {table} WHERE {condition(name, files, self.standing)})"


@dataclass(frozen=True)
class ClickHouse:
    """The engine at an address."""

    address: Address
    dialect: str = "clickhouse"
    keeps_rows: bool = True

    @property
    def kind(self) -> str:
        return self.address.kind

    @property
    def place(self) -> Place:
        cluster = self.address.options.get("cluster", "")
        return Place(database_of(self.address), cluster, is_replicated=bool(cluster) and self.kind == "clickhouse")

    def reading[Found](self, look: Callable[[Session], Found]) -> Found:
        """Run a reading; where rows may have been removed under it, read again."""
        for _ in range(TRIES):
            with answering(self.address) as client:
                seen = manifest.current()
                found = look(ClickHouseSession(client, self.place, seen, self._standing(client, seen)))
            if manifest.is_there(seen.roll_up):
                return found
        raise EngineDown("The roll-ups changed faster than they could be read.")

    def load(self, roll_up: RollUp, *, kept: Iterable[str], tell: Tell) -> int:
        with answering(self.address) as client:
            return loading.load(client, self.place, roll_up, kept=kept, tell=tell)

    def lacks(self, roll_up: RollUp) -> bool:
        with answering(self.address) as client:
            known = known_slices(client, self.place)
        return not set(files_of(roll_up)) <= set(known)

    def check(self) -> None:
        with answering(self.address) as client:
            client.query("SELECT 1")

    def _standing(self, client: Any, seen: Manifest) -> Standing:
        return known_slices(client, self.place) if files_of(seen.roll_up) else {}
