"""Set A for every account as of 104 weeks, exactly, over 10 million events.

    python -m benchmarks.usage_weeks [EVENTS]

Compared with asking for each week by itself, which is what a nightly job without history has to do; three weeks are
held against that, cell by cell.
"""

import os
import statistics
import sys
import time
from datetime import timedelta

from benchmarks.usage_data import AS_OF, installed
from benchmarks.usage_today import EVENTS, resident_mb, set_a

WEEKS = 104
RUNS = 4


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    installed(events)
    from banso.usage import queries as usage  # noqa: PLC0415  # only after Django is set up

    measures = set_a()
    last = AS_OF - timedelta(days=AS_OF.weekday())
    mondays = [last - timedelta(days=7 * week) for week in range(WEEKS)]
    together, found = [], None
    for _ in range(RUNS):
        began = time.perf_counter()
        found = usage.measures_by_week(measures, mondays)
        together.append(time.perf_counter() - began)
    peak = resident_mb(os.getpid())
    alone = []
    for monday in (mondays[0], mondays[50], mondays[-1], mondays[0], mondays[50]):
        began = time.perf_counter()
        one = usage.measures_on(measures, monday)
        alone.append(time.perf_counter() - began)
        assert found is not None
        assert one.equals(found.filter(week=monday).drop("week")), monday
    median, each = statistics.median(together[1:]), statistics.median(alone[1:])
    rows = 0 if found is None else found.height
    print(f"Set A, {WEEKS} weeks, {events:,} events: {rows:,} rows of {len(measures)} measures")
    print(f"together      median {median:8.2f} s  ({RUNS} runs, first {together[0]:.2f} s)  peak {peak:,.0f} MB")
    print(f"week by week  {WEEKS} x {each:.3f} s = {WEEKS * each:8.2f} s  {WEEKS * each / median:6.1f} x")


if __name__ == "__main__":
    main()
