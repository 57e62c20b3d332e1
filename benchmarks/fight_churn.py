"""The metrics of *Fighting Churn With Data*, by week over its own simulation: the peer itself, plain SQL, Banso.

    python -m benchmarks.fight_churn

The peer is `fightchurn` 1.2.0 from PyPI, unmodified, in an environment of its own (Python 3.9 to 3.12) on PostgreSQL.
Its metrics, for 15 weeks: 8 counts over 28 days, total opinions, change against four weeks before, a count of 84 days
scaled to 28, and 6 ratios. The counts must be equal cell by cell, once on the peer's own dates (Sundays) and once on
Mondays; so must be the nine others, save where the two define them differently (see `_compare`).
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks.usage_data import cache, install
from benchmarks.usage_today import resident_mb

PEER: Final = "fightchurn==1.2.0"
PEER_PYTHONS: Final = ("python3.12", "python3.11", "python3.10", "python3.9")
COMMAND: Final = [sys.executable, "-m", "benchmarks.fight_churn"]
SUNDAY, MONDAY, WEEKS = date(2020, 2, 2), date(2020, 2, 3), 15
RUNS: Final = 4
KINDS: Final = ("like", "newfriend", "post", "adview", "dislike", "unfriend", "message", "reply")
RATIOS: Final = {
    21: ("adview", "post"),
    22: ("reply", "message"),
    23: ("like", "post"),
    24: ("post", "message"),
    25: ("unfriend", "newfriend"),
    27: ("dislike", "opinions"),
}


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(ROLES[sys.argv[1]]()))
        return
    results = {"fightchurn on PostgreSQL": peer()}
    for name, role in (("the same counts in DuckDB's SQL", "duckdb"), ("Banso, from the roll-ups", "banso")):
        results[name] = json.loads(subprocess.check_output([*COMMAND, role], text=True).splitlines()[-1])
    ours = results["Banso, from the roll-ups"]
    for what in ("counts", "all"):
        print(f"{'8 counts' if what == 'counts' else '17 metrics'}, {WEEKS} weeks")
        for name, found in results.items():
            if what in found:
                ratio = found[what] / ours[what]
                print(f"  {name:<32} median {found[what]:8.3f} s  {ratio:7.1f} x  {found['note']}")
    for line in ours["equal"]:
        print(line)


def mondays(first: date) -> list[date]:
    """Return the dates of the weeks from the first on."""
    return [first + timedelta(days=7 * week) for week in range(WEEKS)]


def data() -> Path:
    """Return the folder of the peer's simulated data."""
    folder = Path(os.environ.get("BANSO_SHARED", "../shared")) / "data" / "fight_churn"
    if not folder.exists():
        raise SystemExit(f"The data is not there: {folder}. Set BANSO_SHARED to the folder that holds data/.")
    return folder


def events() -> pl.DataFrame:
    """Return the events with the names of their kinds."""
    kinds = pl.read_csv(data() / "event_type.csv")
    read = pl.read_csv(
        data() / "event.csv.gz", columns=["account_id", "event_time", "event_type_id"], try_parse_dates=True
    )
    return read.join(kinds, on="event_type_id").rename({"event_type_name": "name"})


# The peer


def peer() -> dict[str, Any]:
    """Run the peer on both sets of dates; keep what it found, and how long it took on Mondays."""
    import psycopg

    from tools.postgres import cluster

    python = _peer_python()
    with cluster() as url, psycopg.connect(url, autocommit=True) as connected:
        connected.execute("CREATE ROLE postgres SUPERUSER LOGIN PASSWORD 'postgres'")
        host = f"{connected.info.host}:{connected.info.port}"
        _ask_peer(python, host, SUNDAY, "schema")
        _load(connected)
        runs = []
        for first in (SUNDAY, MONDAY, MONDAY, MONDAY):
            connected.execute("TRUNCATE socialnet7.metric, socialnet7.metric_name")
            runs.append(_ask_peer(python, host, first, "metrics"))
            _keep(connected, first)
    taken = runs[1:]
    counts = [sum(seconds for name, seconds in run.items() if name.startswith("3.3")) for run in taken]
    return {
        "counts": statistics.median(counts),
        "all": statistics.median([sum(run.values()) for run in taken]),
        "note": f"median of {len(taken)}, fsync off",
    }


def _peer_python() -> Path:
    home = cache() / "fightchurn"
    python = home / "bin" / "python"
    if not python.exists():
        found = next((path for name in PEER_PYTHONS if (path := shutil.which(name)) and _runs(path)), None)
        if found is None:
            raise SystemExit(f"The peer needs one of {', '.join(PEER_PYTHONS)}.")
        subprocess.run([found, "-m", "venv", home], check=True)
        subprocess.run([home / "bin" / "pip", "install", "-q", PEER], check=True)
    return python


def _runs(path: str) -> bool:
    return subprocess.run([path, "-c", "import venv"], capture_output=True, check=False).returncode == 0


def _ask_peer(python: Path, host: str, first: date, what: str) -> dict[str, float]:
    script = Path(__file__).parent / "peers" / "fightchurn_metrics.py"
    last = mondays(first)[-1]
    done = subprocess.run(
        [python, script, host, str(first), str(last), what], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _load(connected: Any) -> None:
    rows = pl.read_csv(
        data() / "event.csv.gz", columns=["account_id", "event_time", "event_type_id"], infer_schema=False
    )
    with connected.cursor().copy(
        "COPY socialnet7.event (account_id, event_time, event_type_id) FROM STDIN (FORMAT csv)"
    ) as copy:
        for piece in rows.iter_slices(500_000):
            copy.write(piece.write_csv(include_header=False))
    with connected.cursor().copy("COPY socialnet7.event_type FROM STDIN (FORMAT csv, HEADER)") as copy:
        copy.write((data() / "event_type.csv").read_bytes())
    connected.execute("VACUUM ANALYZE")


def _keep(connected: Any, first: date) -> None:
    found = connected.execute(
        "SELECT account_id, metric_time::date, metric_name_id, metric_value FROM socialnet7.metric"
    ).fetchall()
    columns = {"account": pl.Int64, "week": pl.Date, "metric": pl.Int64, "value": pl.Float64}
    pl.DataFrame(found, schema=columns, orient="row").write_parquet(_kept(first))


def _kept(first: date) -> Path:
    return cache() / f"fightchurn-metrics-{first}.parquet"


# Plain SQL in DuckDB


def duckdb() -> dict[str, Any]:
    """Count with the peer's own query shape, a join of events and dates by range, over a table in memory."""
    import duckdb as engine

    connected = engine.connect()
    connected.register("frame", events())
    connected.execute("CREATE TABLE event AS FROM frame")
    first, last = mondays(MONDAY)[0], mondays(MONDAY)[-1]
    query = """
        SELECT account_id, day, count(*) AS value
        FROM event JOIN (SELECT unnest(generate_series($first::TIMESTAMP, $last::TIMESTAMP, INTERVAL 7 DAY)) AS day)
            ON event_time < day AND event_time >= day - INTERVAL 28 DAY
        WHERE name = $name GROUP BY account_id, day"""

    def ask() -> None:
        for name in KINDS:
            connected.execute(query, {"first": first, "last": last, "name": name}).fetchall()

    return {"counts": timed(ask), "note": f"median of {RUNS}, in memory", "peak": resident_mb(os.getpid())}


# Banso


def banso() -> dict[str, Any]:
    """Count by weeks from the roll-ups; hold what was found against what the peer found."""
    _installed()
    from banso.usage import queries as usage

    counts = [usage.Measure(name, "events", 28, events=(name,)) for name in KINDS]
    others = [
        usage.Measure("opinions", "events", 28, events=("like", "dislike")),
        usage.Measure("change", "change", 28, events=("newfriend",)),
        usage.Measure("scaled", "events", 84, events=("unfriend",)),
    ]
    weeks = mondays(MONDAY)
    alone = timed(lambda: usage.measures_by_week(counts, weeks))
    together = timed(lambda: _with_ratios(usage.measures_by_week([*counts, *others], weeks)))
    found = _with_ratios(usage.measures_by_week([*counts, *others], weeks))
    sundays = pl.concat(usage.measures_on(counts, day).with_columns(week=pl.lit(day)) for day in mondays(SUNDAY))
    equal = list(_compare(sundays, found))
    return {"counts": alone, "all": together, "note": f"median of {RUNS}", "equal": equal}


def _installed() -> None:
    install("fight-churn", lambda: [_recorded()], now=datetime(2020, 7, 1, tzinfo=UTC))


def _recorded() -> pl.LazyFrame:
    return (
        events()
        .with_row_index("place")
        .lazy()
        .select(
            at=pl.col("event_time").cast(pl.Datetime("us", "UTC")),
            account=pl.col("account_id").cast(pl.String),
            name="name",
            message_id=pl.concat_str(pl.lit("m"), "place"),
        )
    )


def _with_ratios(found: pl.DataFrame) -> pl.DataFrame:
    ratios = {f"ratio_{number}": pl.col(top) / pl.col(below) for number, (top, below) in RATIOS.items()}
    return found.with_columns(change=pl.col("change") - 1, scaled=pl.col("scaled") / 3, **ratios)


def _compare(sundays: pl.DataFrame, found: pl.DataFrame) -> Iterator[str]:
    """Yield what was compared: the peer has no row for zero, and where it has one, Banso's number must be its.

    Two definitions differ: the peer compares periods also of an account that has not been there for both (Banso says
    "not known"), and counts an event of exactly midnight on both sides of a day in its scaled metric.
    """
    for first, table, label in ((SUNDAY, sundays, "the peer's own dates"), (MONDAY, found, "Mondays")):
        theirs = pl.read_parquet(_kept(first))
        for number, name in enumerate(KINDS):
            _equal(table, theirs.filter(metric=number), name)
        rows = theirs.filter(pl.col("metric") < len(KINDS)).height
        yield f"equal: 8 counts on {label}: {rows:,} cells"
    cells = 0
    for number, name in {26: "opinions", **{number: f"ratio_{number}" for number in RATIOS}}.items():
        cells += _equal(found, theirs.filter(metric=number), name)
    yield f"equal: total opinions and {len(RATIOS)} ratios: {cells:,} cells"
    known = found.filter(pl.col("change").is_not_null())
    joined = _joined(known, theirs.filter(metric=30), "change", how="inner")
    assert _differing(joined, "change").is_empty()
    yield f"equal: change: {joined.height:,} cells that both know"
    joined = _joined(found, theirs.filter(metric=33), "scaled", how="inner")
    differing = _differing(joined, "scaled").height
    yield f"scaled count of 84 days: {differing:,} of {joined.height:,} cells differ"


def _equal(ours: pl.DataFrame, theirs: pl.DataFrame, name: str) -> int:
    """Hold every cell of the peer against ours, and see that we say nothing where it has no row."""
    some = ours.filter(
        pl.col(name).is_not_nan() & (pl.col(name) > 0) if not name.startswith("ratio") else pl.col(name).is_finite()
    )
    joined = _joined(some, theirs, name, how="full")
    alone = joined.filter(pl.col("value").is_null() | pl.col(name).is_null())
    assert alone.is_empty(), (name, alone)
    assert _differing(joined, name).is_empty(), (name, _differing(joined, name))
    return joined.height


def _joined(ours: pl.DataFrame, theirs: pl.DataFrame, name: str, *, how: Any) -> pl.DataFrame:
    named = ours.select(pl.col("account").cast(pl.Int64), "week", name)
    return named.join(theirs, on=["account", "week"], how=how)


def _differing(joined: pl.DataFrame, name: str) -> pl.DataFrame:
    # The peer keeps single precision.
    return joined.filter((pl.col(name) - pl.col("value")).abs() > 1e-6 * pl.col("value").abs().clip(lower_bound=1))


def timed(ask: Callable[[], object]) -> float:
    """Return the median of seconds, the first run left out."""
    taken = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])


ROLES: Final = {"duckdb": duckdb, "banso": banso}

if __name__ == "__main__":
    main()
