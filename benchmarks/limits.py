"""The nightly job of limits at 10,000 lines: how long it takes, and how much of it is foreseeing.

Run: python -m benchmarks.limits [LINES]
"""

import os
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta

LINES = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
DAYS = 364
NOW = datetime.now(UTC)


def main() -> None:
    """Fill an installation of its own, then measure twice: a night, and a refresh within the day."""
    os.environ["BANSO_DATA"] = tempfile.mkdtemp(prefix="banso-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "banso.site.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _fill()
    from banso.growth import actions
    from banso.people.access import SYSTEM

    for what, is_refresh in (("a night", False), ("a refresh", True)):
        began = time.perf_counter()
        done = actions.measure(on=NOW.date(), by=SYSTEM, now=NOW, is_refresh=is_refresh)
        print(f"{what}: {time.perf_counter() - began:.1f} s, {done}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _fill() -> None:
    import numpy as np
    import polars as pl

    from banso.accounts import actions as accounts
    from banso.contracts import actions as contracts
    from banso.people.access import SYSTEM
    from banso.shared.businessdays import calendar_of
    from banso.usage import actions as usage

    rows = [accounts.AccountInput(f"B{place}", name=f"株式会社会社{place}", kind="company") for place in range(LINES)]
    accounts.save_accounts(rows, by=SYSTEM, now=NOW)
    starts_on = date(NOW.year - 2, 1, 1)
    held = [
        contracts.ContractInput(
            f"K{place}",
            account_external_id=f"B{place}",
            starts_on=starts_on,
            lines=[contracts.LineInput("m", kind="metered", name="API", limit=300 + place % 200, meter="api_called")],
        )
        for place in range(LINES)
    ]
    contracts.save_contracts(held, by=SYSTEM, now=NOW, calendar=calendar_of("JP", ()))
    rng = np.random.default_rng(1)
    first = NOW.replace(hour=3, minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
    for day in range(DAYS):
        frame = pl.DataFrame(
            {
                "at": [first + timedelta(days=day)] * LINES,
                "account": [f"B{place}" for place in range(LINES)],
                "person": [None] * LINES,
                "name": ["api_called"] * LINES,
                "value": rng.poisson(10, LINES).astype(float),
            },
            schema_overrides={"at": pl.Datetime("us", "UTC"), "person": pl.String},
        )
        usage.record(frame, source="bench", by=SYSTEM, now=NOW, ids="content")
    usage.roll_up(NOW)


if __name__ == "__main__":
    main()
