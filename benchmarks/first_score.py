"""From nothing to the first score: 500 accounts and 1,000,000 events are recorded, rolled up and scored, every week.

    python benchmarks/first_score.py [--accounts 500] [--events 1000000] [--runs 3]

Each run starts from an empty installation (SQLite, a data folder of its own). Prints seconds by step, median of the
runs, the peak memory, and the time to compute today alone again.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

FIRST_DAY = date(2024, 11, 25)
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
FEATURES = 40


def events_of(accounts: int, events: int, *, seed: int = 1) -> pl.DataFrame:
    """Return events of accounts of unequal size, 20 people each on average, over two years of working days and some."""
    random = np.random.default_rng(seed)
    days = (TODAY - FIRST_DAY).days
    weight = random.lognormal(0.0, 1.0, accounts * 20)
    person = random.choice(accounts * 20, events, p=weight / weight.sum())
    joined = random.integers(0, days // 2, accounts)[person // 20]
    day = joined + (random.random(events) * (days - joined)).astype(np.int64)
    popularity = 1.0 / np.arange(1, FEATURES + 1)
    feature = random.choice(FEATURES, events, p=popularity / popularity.sum())
    start = int(datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC).timestamp())
    at = (start + day * 86_400 + random.integers(0, 43_200, events)) * 1_000_000
    frame = pl.DataFrame({"at": at, "account": person // 20, "person": person, "name": feature})
    return frame.select(
        pl.col("at").cast(pl.Datetime("us", "UTC")),
        pl.format("account-{}", "account").alias("account"),
        pl.format("person-{}", "person").alias("person"),
        pl.format("feature-{}", "name").alias("name"),
        pl.format("m{}", pl.int_range(pl.len())).alias("message_id"),
    )


def one_run(accounts: int, frame: pl.LazyFrame) -> dict[str, float]:
    """Return the seconds of each step in an empty installation."""
    from django.core.management import call_command  # after Django's set-up

    from banso.accounts import actions as account_actions
    from banso.health import actions as health
    from banso.people.access import SYSTEM
    from banso.usage import actions as usage

    call_command("migrate", verbosity=0)
    seconds: dict[str, float] = {}
    rows = [
        account_actions.AccountInput(external_id=f"account-{number}", name=f"Account {number}")
        for number in range(accounts)
    ]

    def timed(step: str, work: Callable[[], Any]) -> None:
        began = time.perf_counter()
        work()
        seconds[step] = time.perf_counter() - began

    timed("accounts", lambda: account_actions.save_accounts(rows, by=SYSTEM, now=NOW))
    timed("record", lambda: usage.record(frame, source="benchmark", by=SYSTEM, now=NOW))
    timed("roll up", lambda: usage.roll_up(NOW))
    timed("score, all weeks", lambda: health.recompute(on=TODAY, by=SYSTEM, now=NOW))
    seconds["first score"] = sum(seconds.values())
    timed(
        "today again", lambda: health.recompute(on=TODAY, by=SYSTEM, now=NOW + timedelta(hours=1), with_history=False)
    )
    return seconds


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=500)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        run_inside(given.accounts, given.inside)
        return
    with tempfile.TemporaryDirectory(prefix="banso-first-score-") as folder:
        events_of(given.accounts, given.events).write_parquet(f"{folder}/events.parquet")
        runs = [_in_a_process(given.accounts, Path(folder), number) for number in range(given.runs)]
    print(f"{given.accounts:,} accounts, {given.events:,} events, median of {given.runs}")
    print("| step | seconds |\n| --- | --- |")
    for step in runs[0]:
        print(f"| {step} | {statistics.median(run[step] for run in runs):.2f} |")


def _in_a_process(accounts: int, folder: Path, number: int) -> dict[str, float]:
    """Run apart, so that no run finds anything warm or kept."""
    given = ["--accounts", str(accounts), "--inside", str(folder)]
    environment = {**os.environ, "BANSO_DATA": str(folder / f"data-{number}")}
    subprocess.run([sys.executable, __file__, *given], check=True, env=environment)
    return {step: float(value) for step, value in json.loads((folder / "seconds.json").read_text()).items()}


def run_inside(accounts: int, folder: Path) -> None:
    """Do one run in this process, and write what it took."""
    import django  # the data folder must be known before

    os.environ["DJANGO_SETTINGS_MODULE"] = "banso.site.settings"
    django.setup()
    seconds = one_run(accounts, pl.scan_parquet(folder / "events.parquet"))
    seconds["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (folder / "seconds.json").write_text(json.dumps(seconds))


if __name__ == "__main__":
    main()
