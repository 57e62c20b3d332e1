"""Set A for every account as of 104 weeks, exactly, over 10 million events.

    python -m benchmarks.usage_weeks [EVENTS]

Compared with asking for each week by itself, which is what a nightly job without history has to do; three weeks are
held against that, cell by cell.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import polars as pl

from benchmarks.usage_data import AS_OF, installed
from benchmarks.usage_today import EVENTS, resident_mb, set_a

WEEKS = 104
RUNS = 4


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    installed(events)
    from banso.usage import queries as usage  # only after Django is set up

    measures = set_a()
    last = AS_OF - timedelta(days=AS_OF.weekday())
    mondays = [last - timedelta(days=7 * week) for week in range(WEEKS)]
    together, alone = [], []
    rows = 0
    for _ in range(RUNS):
        # In turns, so that whatever else the machine does falls on both.
        found, *taken = timed(lambda: usage.measures_by_week(measures, mondays))
        together.append(taken)
        rows = found.height
        for monday in (mondays[0], mondays[50], mondays[-1]):
            one, *taken = timed(lambda day: usage.measures_on(measures, day), monday)
            alone.append(taken)
            assert one.equals(found.filter(week=monday).drop("week")), monday
    print(f"Set A, {WEEKS} weeks, {events:,} events: {rows:,} rows of {len(measures)} measures")
    wall, processor = (statistics.median(column) for column in zip(*together[1:], strict=True))
    each, each_processor = (statistics.median(column) for column in zip(*alone[3:], strict=True))
    peak = resident_mb(os.getpid())
    print(f"together      median {wall:6.2f} s, processor {processor:6.2f} s  ({RUNS} runs)  peak {peak:,.0f} MB")
    print(
        f"week by week  {WEEKS} x {each:.3f} s = {WEEKS * each:6.2f} s, processor {WEEKS * each_processor:6.2f} s"
        f"  {WEEKS * each / wall:6.1f} x"
    )


def timed(ask: Callable[..., pl.DataFrame], *given: object) -> tuple[pl.DataFrame, float, float]:
    """Return what was found, and the seconds by the clock and of the processors."""
    clock, processor = time.perf_counter(), time.process_time()
    found = ask(*given)
    return found, time.perf_counter() - clock, time.process_time() - processor


if __name__ == "__main__":
    main()
