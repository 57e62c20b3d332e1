"""The list of accounts at 10,000 accounts: server time and CPU of a warm page, its queries, its weight.

Beside it what one writes first, without lent columns: read all accounts and standings, sort in Python, cut a page.
Run: python -m benchmarks.portfolio [ACCOUNTS]
"""

import gc
import gzip
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

ACCOUNTS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
ROUNDS = 60
NOW = datetime.now(UTC)
ADDRESSES = (
    "/accounts/",
    "/accounts/?sort=-mrr",
    "/accounts/?condition=unknown&sort=renewal",
    "/accounts/?q=会社12",
    "/",
)


def main() -> None:
    """Fill an installation of its own, then measure."""
    os.environ["BANSO_DATA"] = tempfile.mkdtemp(prefix="banso-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "banso.site.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    counts = {}
    client = _fill(100)
    counts[100] = {address: _queries(client, address) for address in ADDRESSES}
    _fill(ACCOUNTS)
    counts[ACCOUNTS] = {address: _queries(client, address) for address in ADDRESSES}
    gc.collect()
    gc.freeze()  # as the server does when it has started (banso.site.wsgi)
    print(f"{'page':45} {'p50 ms':>8} {'p95 ms':>8} {'CPU p95':>8} {'KB gzip':>8} {'queries':>12}")
    for address in ADDRESSES:
        wall, cpu = _timed(lambda address=address: client.get(address))
        weight = len(gzip.compress(client.get(address).content)) / 1024
        queries = f"{counts[100][address]} / {counts[ACCOUNTS][address]}"
        print(f"{address:45} {_p(wall, 50):8.1f} {_p(wall, 95):8.1f} {_p(cpu, 95):8.1f} {weight:8.1f} {queries:>12}")
    _race()


def _fill(accounts: int) -> "object":
    from django.test import Client

    from banso.accounts import actions
    from banso.contracts import actions as contracts
    from banso.health import actions as health
    from banso.people import actions as people
    from banso.people.access import SYSTEM, User
    from banso.shared.businessdays import calendar_of
    from banso.usage import actions as usage

    today = NOW.date()
    user = User.objects.filter(role="admin").first() or people.create_user(
        email="bench@banso.example", name="Bench", role="admin", password=None, by=SYSTEM, now=NOW
    )
    rows = [actions.AccountInput(f"B{place}", name=f"株式会社会社{place}", kind="company") for place in range(accounts)]
    actions.save_accounts(rows, by=SYSTEM, now=NOW)
    agreements = [_agreement(place, today, contracts) for place in range(accounts)]
    contracts.save_contracts(agreements, by=SYSTEM, now=NOW, calendar=calendar_of("JP", ()))
    usage.record(_events(accounts, today), source="bench", by=SYSTEM, now=NOW)
    usage.roll_up(NOW)
    health.recompute(on=today, by=SYSTEM, now=NOW)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def _agreement(place: int, today: date, contracts: "object") -> "object":
    line = contracts.LineInput("seats", kind="seats", amount_minor=1000 * (place % 97 + 1), term_months=1, quantity=5)
    return contracts.ContractInput(
        f"K{place}",
        account_external_id=f"B{place}",
        starts_on=today - timedelta(days=300),
        renews_on=today + timedelta(days=place % 365 + 1),
        lines=[line],
    )


def _events(accounts: int, today: date) -> "object":
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(1)
    who, ago = rng.integers(0, accounts, accounts * 20), rng.integers(1, 60, accounts * 20)
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    return pl.DataFrame(
        {
            "at": [midnight - timedelta(days=int(days)) for days in ago],
            "account": [f"B{place}" for place in who],
            "person": [f"B{place}-{place % 5}" for place in who],
            "name": [f"feature_{place % 12}" for place in who],
            "message_id": [f"{accounts}-{row}" for row in range(who.size)],
        }
    )


def _queries(client: "object", address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return len(captured)


def _timed(work: Callable[[], object]) -> tuple[list[float], list[float]]:
    wall, cpu = [], []
    for _ in range(5):
        work()
    for _ in range(ROUNDS):
        began, spent = time.perf_counter(), time.process_time()
        work()
        wall.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - spent))
    return wall, cpu


def _race() -> None:
    from banso.accounts import queries as accounts
    from banso.desk.queries import portfolio
    from banso.health import queries as health
    from banso.people.access import User

    user, today = User.objects.get(), NOW.date()

    def ours() -> object:
        return portfolio.page_of(user, portfolio.Filters(), number=1, today=today)

    def naive() -> object:
        rows = accounts.rows(accounts.visible_to(user).filter(left_on__isnull=True).order_by("pk"))
        standings = health.standings([row.id for row in rows])
        worst = sorted(rows, key=lambda row: standings[row.id].score if standings[row.id].score is not None else 101)
        return worst[:50]

    fast, _cpu = _timed(ours)
    naive()
    slow = []
    for _ in range(3):
        began = time.perf_counter()
        naive()
        slow.append(1000 * (time.perf_counter() - began))
    print(
        f"\npage of 50, worst first: {_p(fast, 50):.1f} ms; all rows read and sorted in Python: {_p(slow, 50):.0f} ms"
    )
    print(f"ratio {statistics.median(slow) / statistics.median(fast):.0f}")


def _p(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]


if __name__ == "__main__":
    main()
