"""One million usage rows that sources read by themselves: by SQL out of a Parquet file, and from a watched folder.

    python -m benchmarks.sources [ROWS]

Each runs in a process of its own, from the first run of the source to the last row in the lake, checked like every
import; seconds, rows a second and the peak of memory are printed. `import_rows.py` has the same rows by hand.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.import_rows import prepared, write

COLUMNS = {
    "message_id": "message_id",
    "account": "account_id",
    "person": "user_id",
    "at": "event_time",
    "name": "event",
    "value": "count",
}
WAYS = ("sql", "folder")
CURSOR = {"cursor_column": "message_id", "starts_at": ""}


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    figures: dict[str, dict[str, float]] = {}
    for how in WAYS:
        with tempfile.TemporaryDirectory() as place:
            data = Path(place) / "data"
            environment = {**prepared(data), "BANSO_SOURCE_FOLDERS": place}
            write(Path(place) / "usage.csv", rows)
            command = [sys.executable, "-m", "benchmarks.sources", how, place, str(rows)]
            done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True)
            figures[how] = json.loads(done.stdout.splitlines()[-1])
    print(f"{rows:,} rows, {os.cpu_count()} cores")
    for how, one in figures.items():
        rate = rows / one["seconds"]
        print(
            f"{how:8} {one['seconds']:7.1f} s  {rate:9,.0f} rows/s  {one['peak_mb']:6.0f} MB  in {one['runs']:.0f} runs"
        )
    print(json.dumps(figures))


def read(how: str, place: Path, rows: int) -> None:
    """Let a source bring in all rows, run after run, and print how that went."""
    import django

    django.setup()
    from banso.intake import actions
    from banso.intake.actions.sources import keeping, pulling
    from banso.intake.queries import sources
    from banso.intake.rules import mapping
    from banso.people.access import SYSTEM

    now = datetime.now(UTC)
    file = place / "usage.csv"
    if how == "sql":
        file = parquet(file)
        where = {"kind": "duckdb", "settings": {"database": ""}}
        what = f"SELECT * FROM read_parquet('{file}') WHERE message_id > :cursor ORDER BY message_id"
    else:
        where, what = {"kind": "folder", "settings": {"folder": str(place)}}, "usage.csv"
    source = keeping.add(**where, name="benchmark", every_minutes=60, by=SYSTEM, now=now)
    cursor = CURSOR if how == "sql" else {}
    feed = keeping.add_feed(source_id=source.pk, kind="usage", what=what, by=SYSTEM, now=now, **cursor)
    columns = [{"to": to, "from": name} for to, name in COLUMNS.items()]
    feed.mapping = mapping.as_plain(mapping.from_plain({"kind": "usage", "columns": columns}))
    feed.save(update_fields=["mapping"])
    if how == "folder":
        time.sleep(31)  # a file is read once it has been left alone
    before, began, added, runs = peak_mb(), time.perf_counter(), 0, 0
    while added < rows:
        run_id = pulling.run_now(source_id=source.pk, by=SYSTEM, now=datetime.now(UTC))
        actions.pull(run_id, now=datetime.now(UTC))
        run = sources.run(run_id)
        if run.state != "done" or not run.added:
            raise SystemExit(f"{run.state} after {added:,} rows: {run}")
        added, runs = added + run.added, runs + 1
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), "before_mb": before, "runs": runs}))


def parquet(file: Path) -> Path:
    """Write the same rows as Parquet."""
    import duckdb

    target = file.with_suffix(".parquet")
    duckdb.sql(f"COPY (SELECT * FROM '{file}') TO '{target}'")
    return target


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if len(sys.argv) > 2:
        read(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
