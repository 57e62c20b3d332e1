"""One million usage rows from a CSV: Banso's whole import beside what a user would write.

    python benchmarks/import_rows.py [ROWS]

Banso decodes, checks every cell, resolves accounts, refuses bad rows, drops repeats, records once and rolls up. The
rivals only load: pandas with row inserts into SQLite (unique message id), and DuckDB's own COPY into a table.
Each runs in a process of its own; seconds and peak memory are printed with the ratio to Banso.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

ACCOUNTS, PEOPLE, FEATURES, DAYS = 500, 20_000, 40, 730
WORK = {
    "banso": """
import django; django.setup()
from datetime import datetime, UTC
from pathlib import Path
from banso.intake import actions
from banso.people.access import SYSTEM
began = time.perf_counter()
row = actions.import_file(Path(FILE), kind="usage", by=SYSTEM, now=datetime.now(UTC), is_refreshing=False)
assert (row.state, row.added) == ("done", ROWS), (row.state, row.added, row.failure)
from banso.usage import actions as usage
recorded = time.perf_counter()
usage.roll_up(datetime.now(UTC))
print(json.dumps({"seconds": time.perf_counter() - began, "roll_up": time.perf_counter() - recorded}), flush=True)
""",
    "pandas + SQLite rows": """
import pandas, sqlite3
began = time.perf_counter()
frame = pandas.read_csv(FILE, parse_dates=["event_time"])
frame["event_time"] = frame["event_time"].astype(str)
base = sqlite3.connect(FILE + ".sqlite3")
base.execute("CREATE TABLE events (message_id TEXT PRIMARY KEY, account_id, user_id, event_time, event, count)")
base.executemany("INSERT OR IGNORE INTO events VALUES (?,?,?,?,?,?)", frame.itertuples(index=False, name=None))
base.commit()
print(json.dumps({"seconds": time.perf_counter() - began}), flush=True)
""",
    "DuckDB COPY": """
import duckdb
began = time.perf_counter()
base = duckdb.connect(FILE + ".duckdb")
columns = "account_id TEXT, user_id TEXT, event_time TIMESTAMPTZ, event TEXT, count DOUBLE"
base.execute(f"CREATE TABLE events (message_id TEXT PRIMARY KEY, {columns})")
base.execute(f"COPY events FROM '{FILE}' (HEADER)")
print(json.dumps({"seconds": time.perf_counter() - began}), flush=True)
""",
}  # fmt: skip


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "usage.csv"
        write(file, rows)
        environment = prepared(Path(folder) / "data")
        print(f"{rows:,} rows, {file.stat().st_size / 1e6:.0f} MB, {os.cpu_count()} cores")
        figures = {name: measured(name, work, file, rows, environment) for name, work in WORK.items()}
    base = figures["banso"]["seconds"]
    for name, one in figures.items():
        print(f"{name:22} {one['seconds']:7.1f} s   {one['peak_mb']:6.0f} MB   x{one['seconds'] / base:.2f}")
    print(f"of Banso's, the roll-up took {figures['banso']['roll_up']:.1f} s")
    print(json.dumps(figures))


def write(file: Path, rows: int) -> None:
    """Write events of two years, a message id each."""
    chance = random.Random(7)  # noqa: S311  # a benchmark, not a secret
    start = datetime(2024, 11, 1, tzinfo=UTC)
    with file.open("w", newline="") as out:
        write_row = csv.writer(out).writerow
        write_row(["message_id", "account_id", "user_id", "event_time", "event", "count"])
        for number in range(rows):
            person = chance.randrange(PEOPLE)
            at = start + timedelta(seconds=chance.randrange(DAYS * 86_400))
            feature = f"feature_{chance.randrange(FEATURES)}"
            write_row(
                [f"m-{number:09}", f"acc-{person % ACCOUNTS}", f"u{person}", f"{at:%Y-%m-%dT%H:%M:%SZ}", feature, 1]
            )


def prepared(data: Path) -> dict[str, str]:
    """Make an installation with the accounts in it."""
    environment = {**os.environ, "BANSO_DATA": str(data), "DJANGO_SETTINGS_MODULE": "banso.site.settings"}
    accounts = data.parent / "accounts.csv"
    accounts.write_text("id,name\n" + "".join(f"acc-{one},Account {one}\n" for one in range(ACCOUNTS)))
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, env=environment)
    code = f"""
import django; django.setup()
from datetime import datetime, UTC
from pathlib import Path
from banso.intake import actions
from banso.people.access import SYSTEM
said = dict(kind="accounts", by=SYSTEM, now=datetime.now(UTC), is_refreshing=False)
row = actions.import_file(Path({str(accounts)!r}), **said)
assert row.added == {ACCOUNTS}, row
"""
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    return environment


def measured(name: str, work: str, file: Path, rows: int, environment: dict[str, str]) -> dict[str, float]:
    """Run one contender in a fresh process; return its seconds and the peak of its memory."""
    code = f"import json, resource, time\nFILE, ROWS = {str(file)!r}, {rows}\n{work}"
    code += '\nprint(json.dumps({"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))'
    done = subprocess.run([sys.executable, "-c", code], check=True, env=environment, capture_output=True, text=True)
    del name
    figures: dict[str, float] = {}
    for line in done.stdout.splitlines()[-2:]:
        figures |= json.loads(line)
    return figures


if __name__ == "__main__":
    main()
