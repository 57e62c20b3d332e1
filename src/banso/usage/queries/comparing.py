"""Whether an engine holds what the files do: rows and checksums, by month, in SQL that both read alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import isclose
from typing import Final

from banso.usage.models import engines
from banso.usage.models.engines import Session
from banso.usage.models.engines.embedded import Embedded
from banso.usage.queries.reading import words_of

# Each column has a factor of its own, so that a value in another's place is seen; below 2^63 whatever they hold.
FACTORS: Final = {
    "daily": {
        "account": 7919,
        "person": 104_729,
        "event": 1_299_709,
        "day": 15_485_863,
        "late": 49_979_687,
        "n": 32_452_843,
    },
    "user_day": {"account": 7919, "person": 104_729, "day": 15_485_863, "late": 49_979_687, "n": 32_452_843},
    "accounts": {"number": 7919},
    "people": {"account": 7919, "number": 104_729},
}
PRIME: Final = 2_147_483_647
# The first 32 bits of a name's MD5 as a number.
NAMES: Final = {"accounts": "account", "people": "person"}
DIGESTS: Final = {
    "duckdb": "CAST('0x' || substr(md5({name}), 1, 8) AS BIGINT)",
    "clickhouse": "toInt64(reinterpretAsUInt32(reverse(substring(MD5({name}), 1, 4))))",
}


@dataclass(frozen=True)
class Sums:
    """What a table of a month adds up to; `value` is the sum of fractions, which no two engines add in one order."""

    rows: int
    mark: int
    value: float

    def equals(self, other: "Sums") -> bool:
        return (self.rows, self.mark) == (other.rows, other.mark) and isclose(
            self.value, other.value, rel_tol=1e-9, abs_tol=1e-6
        )


@dataclass(frozen=True)
class Compared:
    """A table of a month (no month: names) as the files have it, and as the engine does."""

    month: str
    table: str
    files: Sums
    engine: Sums

    @property
    def is_same(self) -> bool:
        return self.files.equals(self.engine)


def compare_engine(hear: Callable[[Compared], None]) -> list[Compared]:
    """Return every table of every month, as the files and as the engine of this installation have it.

    Call it while no roll-up runs. `hear` is told each as soon as it is known.
    """
    engine, found = engines.current(), []
    files = Embedded().reading(_all_sums)
    for (month, table), sums in files.items():
        there = engine.reading(partial(_sums, month=month, table=table, speech=engine.dialect))
        found.append(Compared(month, table, sums, there))
        hear(found[-1])
    return found


def _all_sums(work: Session) -> Mapping[tuple[str, str], Sums]:
    months = sorted(work.seen.roll_up.months)
    places = [("", "accounts"), ("", "people")] if work.seen.roll_up.accounts else []
    places += [(month, table) for month in months for table in ("daily", "user_day")]
    return {place: _sums(work, *place) for place in places}


def _sums(work: Session, month: str, table: str, speech: str = "duckdb") -> Sums:
    months = [work.seen.roll_up.months[month]] if month else []
    parts = [f"CAST(coalesce({name}, -1) AS BIGINT) * {factor}" for name, factor in FACTORS[table].items()]
    marks = [f"sum(({' + '.join(parts)}) % {PRIME})"]
    if table == "user_day":
        marks += [f"sum(m{word} % {PRIME})" for word in range(words_of(work.seen))]
    if name := NAMES.get(table):
        marks.append(f"sum({DIGESTS[speech].format(name=name)})")
    value = "sum(value)" if table == "daily" else "0"
    row = work.frame(
        f"SELECT count(*) AS a, CAST(coalesce({' + '.join(marks)}, 0) AS BIGINT) AS b,"
        f" CAST(coalesce({value}, 0) AS DOUBLE) AS c FROM {work.table(table, months)} AS kept"
    ).row(0)
    return Sums(rows=int(row[0]), mark=int(row[1]), value=float(row[2]))
