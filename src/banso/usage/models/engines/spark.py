"""Spark: for companies whose usage lies in a lakehouse; reads the roll-up files, or tables of the same columns."""

import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from typing import Any, Final

import polars as pl

from banso.usage.models import manifest
from banso.usage.models.engines.door import Session, Tell
from banso.usage.models.engines.embedded import TRIES, window, words_of
from banso.usage.models.manifest import Manifest, MonthFiles, RollUp
from banso.usage.rules.addresses import Address, EngineDown, WrongEngine
from banso.usage.rules.measures import Known

CONNECT_SECONDS: Final = 5
ANSWER_SECONDS: Final = 600
QUERIES_AT_ONCE: Final = 32
PORT: Final = 7077
SETTINGS: Final = {
    "spark.app.name": "Banso",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # A shuffle into 200 parts, as Spark's default is, costs more than these questions do.
    "spark.sql.shuffle.partitions": "32",
    # Server and worker are applications of their own: who asks nothing keeps no cores from the others.
    "spark.dynamicAllocation.enabled": "true",
    "spark.dynamicAllocation.shuffleTracking.enabled": "true",
    "spark.dynamicAllocation.executorIdleTimeout": "60s",
}
COLUMNS: Final = {
    "daily": (
        "account INT, person INT, event INT, day INT, late INT, n INT, value DOUBLE, newest DOUBLE, newest_at BIGINT"
    ),
    "user_day": "account INT, person INT, day INT, late INT, n INT",
    "accounts": "account STRING, number INT",
    "people": "account INT, person STRING, number INT",
}
_starting = threading.Lock()


@dataclass
class SparkSession:
    """One reading: views of the files that were in force when it began."""

    spark: Any
    address: Address
    seen: Manifest
    shown: dict[str, str] = field(default_factory=dict)
    views: list[str] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)

    def show(
        self,
        *,
        on: date,
        reach_days: int | None = None,
        names: Iterable[str],
        counted: Callable[[str, str], str] | None = None,
        known: Known = "event",
    ) -> None:
        for name in names:
            one = window(self.seen, name, on=on, reach_days=reach_days, known=known)
            source = self.table(one.base, one.months)
            query = one.query(counted(one.base, source) if counted else source)
            self.shown[name] = self._kept(query) if self.address.options.get("cache") else query

    def table(self, name: str, months: Sequence[MonthFiles] = ()) -> str:
        masks = [f"m{word}" for word in range(words_of(self.seen) if name == "user_day" else 0)]
        if tables := self.address.options.get("tables"):
            return f"{tables}.{name}"
        files = [getattr(one, name) for one in months] if "day" in COLUMNS[name] else [getattr(self.seen.roll_up, name)]
        view = f"v{uuid.uuid4().hex}"
        schema = ", ".join([COLUMNS[name], *(f"{mask} BIGINT" for mask in masks)])
        found = self.spark.read.schema(schema).parquet(*map(self._path, files)) if files else None
        found = self.spark.createDataFrame([], schema) if found is None else found
        # Months that were written before there were so many features have fewer words.
        found = found.fillna(0, subset=masks) if masks else found
        found.createOrReplaceTempView(view)
        self.views.append(view)
        return view

    def frame(self, query: str) -> pl.DataFrame:
        tag = uuid.uuid4().hex
        # Without workers Spark waits for ever.
        late = threading.Timer(ANSWER_SECONDS, self.spark.interruptTag, [tag])
        late.daemon = True
        self.spark.addTag(tag)
        late.start()
        try:
            return pl.DataFrame(pl.from_arrow(self.spark.sql(query).toArrow()))
        finally:
            late.cancel()
            self.spark.removeTag(tag)

    def by_account(self, query: str) -> pl.DataFrame:
        tables = ", ".join(f"{name} AS ({shown})" for name, shown in self.shown.items())
        return self.frame(f"WITH {tables} SELECT * FROM ({query})")

    def each_by_account(self, queries: Sequence[str]) -> Iterable[pl.DataFrame]:
        """Ask many at once: a question costs Spark more than its rows do."""
        for some in batched(queries, QUERIES_AT_ONCE):
            asked = (f"SELECT {nr} AS nr, * FROM ({query})" for nr, query in enumerate(some))
            found = self.by_account(" UNION ALL ".join(asked))
            for nr in range(len(some)):
                yield found.filter(pl.col("nr") == nr).drop("nr")

    def close(self) -> None:
        for found in self.kept:
            found.unpersist()
        for view in self.views:
            self.spark.catalog.dropTempView(view)

    def _kept(self, query: str) -> str:
        """Return the query of what another finds, which Spark finds once and keeps as long as this reading goes on."""
        view = f"v{uuid.uuid4().hex}"
        found = self.spark.sql(query).cache()
        found.createOrReplaceTempView(view)
        self.views.append(view)
        self.kept.append(found)
        return f"SELECT * FROM {view}"

    def _path(self, file: str) -> str:
        """Return where Spark's machines see a file: at the same place as we do, or where `path` says."""
        folder = self.address.options.get("path")
        return f"{folder.rstrip('/')}/{file}" if folder else manifest.paths([file])[0]


@dataclass(frozen=True)
class Spark:
    """The engine at a master's address."""

    address: Address
    kind: str = "spark"
    dialect: str = "pyspark"
    keeps_rows: bool = False

    def reading[Found](self, look: Callable[[Session], Found]) -> Found:
        """Run a reading; where a file was removed under it, read again what replaced it."""
        for _ in range(TRIES - 1):
            seen = manifest.current()
            try:
                return self._once(look, seen)
            except EngineDown:
                if manifest.is_there(seen.roll_up):
                    raise
        return self._once(look, manifest.current())

    def load(self, roll_up: RollUp, *, kept: Iterable[str], tell: Tell) -> int:  # noqa: ARG002  # read where they lie
        return 0

    def lacks(self, roll_up: RollUp) -> bool:  # noqa: ARG002  # likewise
        return False

    def check(self) -> None:
        """Only knock: a process that asks for the state of the installation need not start a Java of its own."""
        _knock(self.address)

    def _once[Found](self, look: Callable[[Session], Found], seen: Manifest) -> Found:
        with _answering(self.address) as spark:
            session = SparkSession(spark, self.address, seen)
            try:
                return look(session)
            finally:
                session.close()


@contextmanager
def _answering(address: Address) -> Iterator[Any]:
    try:
        from py4j.protocol import Py4JError  # noqa: PLC0415  # an extra that most installations do without
        from pyspark.errors import PySparkException  # noqa: PLC0415
        from pyspark.sql import SparkSession as Started  # noqa: PLC0415
    except ImportError as missing:
        raise WrongEngine(
            "BANSO_ENGINE_URL names Spark, but its client is not installed: pip install 'banso[spark]'."
        ) from missing
    _knock(address)
    try:
        with _starting:
            spark = _started(Started.builder, address)
        yield spark
    except (PySparkException, Py4JError, OSError) as error:
        raise EngineDown(f"Spark at {_where(address)}: {' '.join(str(error).split())[:500]}") from None


def _started(builder: Any, address: Address) -> Any:
    os.environ.setdefault("PYSPARK_PYTHON", "python3")
    given = {name: value for name, value in address.options.items() if name.startswith("spark.")}
    for name, value in (SETTINGS | given).items():
        builder = builder.config(name, value)
    spark = builder.master(f"spark://{_where(address)}").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def _knock(address: Address) -> None:
    """Raise EngineDown where nobody answers: Spark itself would try for minutes."""
    try:
        socket.create_connection((address.host, address.port or PORT), CONNECT_SECONDS).close()
    except OSError as error:
        raise EngineDown(f"Spark at {_where(address)} does not answer: {error}") from None


def _where(address: Address) -> str:
    return f"{address.host}:{address.port or PORT}"
