"""How time and memory grow: set A over 1, 10 and 100 million events, and the plot of it.

    python -m benchmarks.growth [EVENTS ...]

For each size, in a process of its own: taking in and rolling up (once, then kept), today in a fresh process and again
(median), all accounts as of 104 weeks, peak memory of the reading, bytes on the disk. Writes benchmarks/growth.svg.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks.usage_data import AS_OF, cache, generated_parts, installed
from benchmarks.usage_today import resident_mb, set_a

SIZES: Final = (1_000_000, 10_000_000, 100_000_000)
COMMAND: Final = [sys.executable, "-m", "benchmarks.growth"]
WEEKS: Final = 104
PLOT: Final = Path(__file__).parent / "growth.svg"


def main() -> None:
    if sys.argv[1:2] in (["fill"], ["ask"]):
        print(json.dumps(ROLES[sys.argv[1]](int(sys.argv[2]))))
        return
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    print(
        f"{'events':>12} {'first':>8} {'today':>8} {'104 weeks':>10} {'peak MB':>8} {'lake MB':>8} {'roll-up MB':>10}"
    )
    rows = []
    for size in sizes:
        generated_parts(size)
        _in_a_process("fill", size)
        found = _in_a_process("ask", size)
        rows.append(found)
        print(
            f"{found['events']:>12,} {found['first']:>7.2f}s {found['today']:>7.2f}s {found['weeks']:>9.2f}s"
            f" {found['peak_mb']:>8,.0f} {found['lake_mb']:>8,.0f} {found['roll_up_mb']:>10,.0f}",
            flush=True,
        )
    if len(rows) > 1:
        _plot(rows)


def fill(events: int) -> dict[str, Any]:
    """Record and roll up, where that has not been done."""
    installed(events)
    return {}


def ask(events: int) -> dict[str, Any]:
    """Ask for set A today and as of all weeks."""
    installed(events)
    from banso.usage import queries as usage

    measures = set_a()
    taken = [_seconds(lambda: usage.measures_on(measures, AS_OF)) for _ in range(6)]
    today_mb = resident_mb(os.getpid())
    last = AS_OF - timedelta(days=AS_OF.weekday())
    mondays = [last - timedelta(days=7 * week) for week in range(WEEKS)]
    weeks = [_seconds(lambda: usage.measures_by_week(measures, mondays)) for _ in range(3)]
    home = cache() / f"installation-{events}" / "usage"
    return {
        "events": events,
        "first": taken[0],
        "today": statistics.median(taken[1:]),
        "weeks": statistics.median(weeks),
        "today_mb": today_mb,
        "peak_mb": resident_mb(os.getpid()),
        "lake_mb": _megabytes(home / "lake"),
        "roll_up_mb": _megabytes(home) - _megabytes(home / "lake"),
    }


def _seconds(question: Any) -> float:
    began = time.perf_counter()
    question()
    return time.perf_counter() - began


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1_000_000


def _in_a_process(role: str, events: int) -> dict[str, Any]:
    done = subprocess.run([*COMMAND, role, str(events)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    print(*(line for line in done.stdout.splitlines()[:-1]), sep="\n", end="", flush=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _plot(rows: list[dict[str, Any]]) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "growth"
    from matplotlib import pyplot as plt

    events = [row["events"] for row in rows]
    figure, left = plt.subplots(figsize=(7, 4.2), layout="constrained")
    right = left.twinx()
    for name, label, mark in (
        ("today", "today, warm", "o"),
        ("first", "today, first", "s"),
        ("weeks", "104 weeks", "^"),
    ):
        left.plot(events, [row[name] for row in rows], marker=mark, label=label)
    right.plot(events, [row["peak_mb"] for row in rows], marker="d", linestyle="--", color="gray", label="peak memory")
    left.set(
        xscale="log", yscale="log", xlabel="events", ylabel="seconds", title="Set A, 5,000 accounts, two years, 2 cores"
    )
    right.set(ylabel="MB", ylim=(0, None))
    handles = [*left.get_lines(), *right.get_lines()]
    left.legend(handles=handles, loc="upper left")
    left.grid(visible=True, which="major", alpha=0.3)
    figure.savefig(PLOT, metadata={"Date": None})


ROLES: Final = {"fill": fill, "ask": ask}

if __name__ == "__main__":
    main()
