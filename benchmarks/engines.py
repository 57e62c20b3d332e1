"""Set A for every account over three engines side by side: today, and as of 104 weeks.

    python -m benchmarks.engines [EVENTS] [WEEKS]

DuckDB over the roll-up files, ClickHouse as its in-process twin chDB (loaded first), Spark as a standalone master with
two workers of one core each. Each in a process of its own, over the same installation; the sums of every measure must
be equal.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.usage_data import AS_OF, installed
from benchmarks.usage_today import EVENTS, set_a

WEEKS = 104
RUNS = {"duckdb": 5, "clickhouse": 5, "spark": 3}
# Not as the tests run it: code is compiled, and memory is for the size.
SPARK = (
    "spark.driver.host=127.0.0.1",
    "spark.dynamicAllocation.enabled=false",
    "spark.executor.memory=900m",
    "spark.sql.shuffle.partitions=4",
)
COMMAND = [sys.executable, "-m", "benchmarks.engines"]
type Sums = dict[str, float]


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    weeks = int(sys.argv[2]) if len(sys.argv) > 2 else WEEKS
    if len(sys.argv) > 3:
        print(json.dumps(_one(sys.argv[3], events, weeks)))
        return
    installed(events)
    print(f"Set A, all accounts, {events:,} events; load {os.getloadavg()[0]:.0f} on {os.cpu_count()} processors")
    ours: dict[str, Any] = {}
    for name in RUNS:
        done = subprocess.run([*COMMAND, str(events), str(weeks), name], stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        ours = ours or found
        for question in ("today", "weeks"):
            _compare(name, ours[question]["sums"], found[question]["sums"])
        print(
            f"{name:<10} today {_told(found['today'], ours['today'])}"
            f"   {weeks} weeks {_told(found['weeks'], ours['weeks'])}"
            f"   peak {found['peak_mb']:,.0f} MB   {found['note']}",
            flush=True,
        )


def _told(found: dict[str, Any], ours: dict[str, Any]) -> str:
    return f"{found['median']:7.2f} s ({found['median'] / ours['median']:5.1f} x)"


def _compare(name: str, ours: Sums, theirs: Sums) -> None:
    for measure, value in ours.items():
        assert abs(value - theirs[measure]) <= 1e-6 * max(abs(value), 1), (name, measure, value, theirs[measure])


def _one(name: str, events: int, weeks: int) -> dict[str, Any]:
    installed(events)
    from django.conf import settings  # only after Django is set up

    from banso.usage import queries as usage

    measures = set_a()
    last = AS_OF - timedelta(days=AS_OF.weekday())
    mondays = [last - timedelta(days=7 * week) for week in range(weeks)]
    with _engine(name) as (address, note):
        settings.ENGINE_URL = address
        told = note()
        runs = RUNS[name]
        today = _timed(lambda: usage.measures_on(measures, AS_OF), runs)
        backfill = _timed(lambda: usage.measures_by_week(measures, mondays), runs)
        return {"today": today, "weeks": backfill, "peak_mb": _peak_mb(os.getpid()), "note": told}


def _timed(ask: Callable[[], pl.DataFrame], runs: int) -> dict[str, Any]:
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        found = ask()
        taken.append(time.perf_counter() - began)
    sums = found.select(pl.col(pl.Float64)).sum().to_dicts()[0]
    # The first run compiles the questions, and starts a Java.
    return {"median": statistics.median(taken[1:]), "runs": taken, "sums": sums}


@contextmanager
def _engine(name: str) -> Iterator[tuple[str, Callable[[], str]]]:
    if name == "spark":
        from banso.usage.tests import lakehouse

        with tempfile.TemporaryDirectory() as folder, lakehouse.running(Path(folder)) as address:
            yield f"{address.partition('?')[0]}?{'&'.join(SPARK)}", lambda: "2 workers of one core"
            lakehouse.stop()
    elif name == "clickhouse":
        yield "chdb:///benchmark", _load
    else:
        yield "duckdb:", lambda: ""


def _load() -> str:
    from django.conf import settings

    from banso.usage import actions
    from banso.usage.models.engines.clickhouse import client
    from banso.usage.rules.addresses import address_of

    began = time.perf_counter()
    rows = actions.load_engine()
    seconds = time.perf_counter() - began
    with client.answering(address_of(settings.ENGINE_URL)) as chdb:
        found = chdb.query(
            "SELECT table, sum(data_compressed_bytes), sum(rows) FROM system.parts"
            " WHERE active AND database = 'benchmark' GROUP BY table ORDER BY table"
        ).result_rows
    sizes = ", ".join(
        f"{table.removeprefix('usage_')} {size / rows:.1f} B a row" for table, size, rows in found if rows
    )
    return f"{rows:,} rows loaded in {seconds:.1f} s: {sizes}"


def _peak_mb(process: int) -> float:
    """Return the peak memory of a process and of all that it started."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        children = [
            child
            for file in Path(f"/proc/{process}/task").glob("*/children")
            for child in file.read_text(encoding="ascii").split()
        ]
    except FileNotFoundError:
        return 0
    peak = next((int(one.split()[1]) / 1024 for one in status.splitlines() if one.startswith("VmHWM")), 0)
    return peak + sum(_peak_mb(int(child)) for child in children)


if __name__ == "__main__":
    main()
