"""Set A for every account today over 10 million events: Banso, plain SQL in DuckDB, pandas and PostgreSQL.

    python -m benchmarks.usage_today [EVENTS]

Set A is, per account: active people over 7, 28 and 90 days, events and their change, events per person, distinct key
features, days since the last use, and for each of 12 features the share of active people who used it. Each rival runs
in a process of its own, answers the same question several times, and its sums must equal Banso's.
"""

import json
import os
import pwd
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.usage_data import AS_OF, KEY_FEATURES, cache, generated, installed

EVENTS = 10_000_000
COMMAND = [sys.executable, "-m", "benchmarks.usage_today"]
POSTGRESQL = Path("/usr/lib/postgresql/15/bin")
type Sums = dict[str, float]


def main() -> None:
    if len(sys.argv) > 2:
        events, name = int(sys.argv[1]), sys.argv[2]
        if name == "prepare":
            installed(events)
        else:
            print(json.dumps(RIVALS[name](events)))
        return
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    print(f"Set A, all accounts, {events:,} events", flush=True)
    generated(events)
    print(subprocess.check_output([*COMMAND, str(events), "prepare"], text=True), end="", flush=True)
    results = {name: found for name in RIVALS if (found := _in_a_process(name, events))}
    ours = results["banso"]
    for name, found in results.items():
        _compare(name, ours["sums"], found["sums"])
        ratio = found["median"] / ours["median"]
        print(
            f"{name:<12} median {found['median']:8.3f} s  ({len(found['runs'])} runs, first {found['runs'][0]:.3f} s)"
            f"  {ratio:6.1f} x  peak {found['peak_mb']:,.0f} MB  {found['note']}"
        )


def _in_a_process(name: str, events: int) -> dict[str, Any] | None:
    done = subprocess.run([*COMMAND, str(events), name], capture_output=True, text=True, check=False)
    if done.returncode == 3:
        print(f"{name:<12} skipped: {done.stderr.strip()}")
        return None
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _timed(ask: Callable[[], Sums], *, runs: int, note: str = "", processes: tuple[int, ...] = ()) -> dict[str, Any]:
    taken, sums = [], {}
    for _ in range(runs):
        began = time.perf_counter()
        sums = ask()
        taken.append(time.perf_counter() - began)
    peak = sum(resident_mb(process) for process in processes or (os.getpid(),))
    # The first run reads from the disk; the median is of those after it.
    return {"median": statistics.median(taken[1:]), "runs": taken, "peak_mb": peak, "note": note, "sums": sums}


def _compare(name: str, ours: Sums, theirs: Sums) -> None:
    for measure, value in ours.items():
        assert abs(value - theirs[measure]) <= 1e-6 * max(abs(value), 1), (name, measure, value, theirs[measure])


def banso(events: int) -> dict[str, Any]:
    installed(events)
    from banso.usage import queries as usage  # only after Django is set up

    measures = set_a()
    names = [measure.name for measure in measures]

    def ask() -> Sums:
        found = usage.measures_on(measures, AS_OF)
        return dict(found.select(names).sum().to_dicts()[0])

    return _timed(ask, runs=8, note="from the roll-ups")


def set_a() -> list[Any]:
    from banso.usage.queries import Measure

    return [
        *(Measure(f"active_{days}", "active_people", days) for days in (7, 28, 90)),
        Measure("events", "events"),
        Measure("change", "change"),
        Measure("per_person", "events_per_person"),
        Measure("features", "distinct_features", events=KEY_FEATURES),
        Measure("recency", "recency_days"),
        *(Measure(f"adoption_{name}", "people_share", events=(name,)) for name in KEY_FEATURES),
    ]


def pandas(events: int) -> dict[str, Any]:
    try:
        import pandas as pd
    except ImportError:
        _skip("pandas is not installed")
    began = time.perf_counter()
    frame = pd.read_parquet(generated(events), columns=["at", "account", "person", "name"])
    for column in ("account", "person", "name"):
        frame[column] = frame[column].astype("category")
    loading = time.perf_counter() - began

    def ask() -> Sums:
        return _asked_of_pandas(frame)

    return _timed(ask, runs=4, note=f"in memory, after {loading:.1f} s of loading")


def _asked_of_pandas(frame: Any) -> Sums:
    by = {"observed": True, "sort": False}
    since = {days: frame[frame["at"] >= _before(days)] for days in (90, 56, 28, 7)}
    people = {days: since[days].groupby(["account", "person"], **by).size() for days in (90, 28, 7)}
    active = {days: people[days].groupby("account", **by).size() for days in people}
    events = since[28].groupby("account", **by).size()
    both = since[56].groupby("account", **by).size()
    earlier = both.sub(events, fill_value=0)
    seen = frame.groupby("account", **by)["at"].agg(["min", "max"])
    is_whole = seen["min"].dt.normalize() <= _before(56)
    ratio = (events.reindex(earlier.index, fill_value=0) / earlier)[(earlier > 0) & is_whole.reindex(earlier.index)]
    keyed = since[28][since[28]["name"].isin(KEY_FEATURES)]
    sums = {f"active_{days}": float(active[days].sum()) for days in active}
    sums |= {
        "events": float(events.sum()),
        "change": float(ratio.sum()),
        "per_person": float((events / active[28]).sum()),
    }
    sums["features"] = float(keyed.drop_duplicates(["account", "name"]).shape[0])
    sums["recency"] = float((_before(0).date() - seen["max"].dt.date).map(lambda gap: gap.days).sum())
    users = keyed.drop_duplicates(["account", "person", "name"]).groupby(["account", "name"], **by).size()
    for name in KEY_FEATURES:
        used = users.xs(name, level="name")
        sums[f"adoption_{name}"] = float((used / active[28].reindex(used.index)).sum())
    return sums


def _before(days: int) -> Any:
    import pandas as pd

    return pd.Timestamp(AS_OF, tz="UTC") - pd.Timedelta(days=days)


def postgresql(events: int) -> dict[str, Any]:
    if not (POSTGRESQL / "postgres").exists():
        _skip(f"no PostgreSQL 15 in {POSTGRESQL}: apt-get install postgresql-15")
    import psycopg

    with _cluster(events) as (port, process), psycopg.connect(_address(port), autocommit=True) as connected:
        if not connected.execute("SELECT to_regclass('events')").fetchone()[0]:  # type: ignore[index]
            _load(connected, events)
        query = _query()

        def ask() -> Sums:
            cursor = connected.execute(query)
            row = cursor.fetchone()
            names = [column.name for column in cursor.description or ()]
            return {name: float(value) for name, value in zip(names, row or (), strict=True)}

        processes = (process.pid, connected.info.backend_pid)
        return _timed(ask, runs=4, note="indexed, shared_buffers 2 GB", processes=processes)


@contextmanager
def _cluster(events: int) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Start a cluster of our own on a free port; the server refuses to be root, so root runs it as `postgres`."""
    folder = cache() / f"postgresql-{events}"
    as_user = {} if os.getuid() else {"user": "postgres", "group": "postgres", "extra_groups": []}
    if not (folder / "PG_VERSION").exists():
        folder.mkdir(exist_ok=True)
        if as_user:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
        command = [POSTGRESQL / "initdb", "-D", folder, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C"]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **as_user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = ["shared_buffers=2GB", "work_mem=512MB", "maintenance_work_mem=1GB", "max_wal_size=8GB", "jit=off"]
    command = [POSTGRESQL / "postgres", "-D", folder, "-p", str(port), "-k", "/tmp", "-h", "127.0.0.1"]  # noqa: S108
    command += [word for setting in settings for word in ("-c", setting)]
    process = subprocess.Popen(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_user)
    try:
        _wait_for(port)
        yield port, process
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(port: int) -> None:
    import psycopg

    for _ in range(300):
        try:
            psycopg.connect(_address(port)).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("PostgreSQL did not start")


def _address(port: int) -> str:
    return f"host=127.0.0.1 port={port} user=postgres dbname=postgres"


def _load(connected: Any, events: int) -> None:
    import polars as pl

    columns = ["at", "account", "person", "name"]
    connected.execute("CREATE TABLE loading (at timestamptz, account text, person text, name text)")
    with connected.cursor().copy("COPY loading FROM STDIN (FORMAT csv)") as copy:
        for piece in pl.read_parquet(generated(events), columns=columns).iter_slices(500_000):
            copy.write(piece.write_csv(include_header=False))
    connected.execute("CREATE INDEX ON loading (at) INCLUDE (account, person, name)")
    connected.execute("CREATE INDEX ON loading (account, at)")
    connected.execute("VACUUM (ANALYZE) loading")
    connected.execute("ALTER TABLE loading RENAME TO events")


def duckdb(events: int) -> dict[str, Any]:
    import duckdb as engine

    connected = engine.connect()
    connected.execute(f"CREATE VIEW events AS FROM '{generated(events)}'")
    query = _query()

    def ask() -> Sums:
        found = connected.execute(query)
        names = [column[0] for column in found.description]
        return {name: float(value) for name, value in zip(names, found.fetchone() or (), strict=True)}

    return _timed(ask, runs=4, note="PostgreSQL's query over the events in one Parquet file")


def _query() -> str:
    shares = ", ".join(
        f"bool_or(name = '{name}' AND \"at\" >= t28) AS f{number}" for number, name in enumerate(KEY_FEATURES)
    )
    users = ", ".join(f"count(*) FILTER (WHERE f{number}) AS u{number}" for number in range(len(KEY_FEATURES)))
    sums = ", ".join(
        f'sum(u{number}::float8 / nullif(active_28, 0)) AS "adoption_{name}"'
        for number, name in enumerate(KEY_FEATURES)
    )
    keyed = ", ".join(f"'{name}'" for name in KEY_FEATURES)
    start = {days: datetime.combine(AS_OF, datetime.min.time()) - timedelta(days=days) for days in (7, 28, 56, 90)}
    return f"""
    WITH dates AS (SELECT {", ".join(f"timestamptz '{at}+00' AS t{days}" for days, at in start.items())}),
    people AS (
        SELECT account, person, bool_or("at" >= t7) AS is_7, bool_or("at" >= t28) AS is_28,
            count(*) FILTER (WHERE "at" >= t28) AS n28,
            count(*) FILTER (WHERE "at" >= t56 AND "at" < t28) AS n56, {shares}
        FROM events, dates WHERE "at" >= timestamptz '{start[90]}+00' GROUP BY account, person),
    accounts AS (
        SELECT account, count(*) FILTER (WHERE is_7) AS active_7, count(*) FILTER (WHERE is_28) AS active_28,
            count(*) AS active_90, sum(n28) AS events, sum(n56) AS earlier, {users} FROM people GROUP BY account),
    used AS (SELECT DISTINCT account, name FROM events, dates
        WHERE "at" >= timestamptz '{start[28]}+00' AND name IN ({keyed})),
    seen AS (SELECT account, min("at") AS first_at, max("at") AS last_at FROM events GROUP BY account)
    SELECT sum(active_7) AS active_7, sum(active_28) AS active_28, sum(active_90) AS active_90, sum(events) AS events,
        sum(events / nullif(earlier, 0)) FILTER (WHERE first_at < t56 + interval '1 day') AS change,
        sum(events::float8 / nullif(active_28, 0)) AS per_person, (SELECT count(*) FROM used) AS features,
        (SELECT sum(date '{AS_OF}' - (last_at AT TIME ZONE 'UTC')::date) FROM seen) AS recency, {sums}
    FROM accounts JOIN seen USING (account), dates
    """


def resident_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _skip(reason: str) -> None:
    print(reason, file=sys.stderr)
    raise SystemExit(3)


RIVALS: dict[str, Callable[[int], dict[str, Any]]] = {
    "banso": banso,
    "duckdb": duckdb,
    "pandas": pandas,
    "postgresql": postgresql,
}

if __name__ == "__main__":
    main()
