"""An installation whose engine is a cluster of one shard: `clustered.py CONFIG DATA` prints what it counts."""

import os
import sys
from datetime import date

import django


def main(config: str, data: str) -> None:
    os.environ["BANSO_DATA"] = data
    os.environ["BANSO_ENGINE_URL"] = f"chdb:///usage?cluster=one&config={config}"
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  # only after Django is set up

    from banso.usage import queries as usage  # noqa: PLC0415
    from banso.usage.testing import used  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    used("acme", ["2026-03-01", "2026-03-02"], people=["taro"])
    used("acme", ["2026-03-02"], people=["hanako"], name="export.done")
    used("beta", ["2026-03-03"])
    measure = usage.Measure("events", "events", 90)
    for row in usage.measures_on([measure], date(2026, 4, 6)).to_dicts():
        print(f"{row['account']}={row['events']}")  # noqa: T201  # the answer
    found = usage.features_of(["acme", "beta"], date(2026, 3, 1), date(2026, 3, 31))
    print(f"features={len(found)}")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
