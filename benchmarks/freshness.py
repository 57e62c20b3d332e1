"""From an event's answer to the score of its account: with ten million events held, the server and worker as shipped.

    python -m benchmarks.freshness [--accounts 5000] [--events 10000000] [--rounds 7]

An installation of its own (SQLite, embedded engine) is filled and scored for every past week. Then people of one
account after another, who were out of reach until now, send what they did yesterday by one call of the event API (a
score counts whole days); each time it is waited until the API says another score.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.first_score import FIRST_DAY, TODAY, events_of

COMMAND: Final = (sys.executable, "-m", "banso.site.cli")
PORT: Final = 8799
PEOPLE: Final = 400
LONGEST_SECONDS: Final = 600


@dataclass(frozen=True)
class Running:
    """An installation that answers, asked with the two keys that open it."""

    reading: httpx.Client
    sending: httpx.Client

    def score(self, account: int) -> float | None:
        answer = self.reading.get(f"/api/v1/accounts/account-{account}/health").raise_for_status()
        found: float | None = answer.json()["score"]
        return found

    def send(self, batch: list[dict[str, Any]]) -> None:
        self.sending.post("/v1/batch", json={"batch": batch}).raise_for_status()


def main() -> None:
    """Fill, start, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=5_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.fill:
        fill(given.accounts, given.events)
        return
    with tempfile.TemporaryDirectory(prefix="banso-freshness-") as folder:
        environment = {**os.environ, "BANSO_DATA": folder}
        environment.pop("BANSO_DATABASE_URL", None)
        size = ["--accounts", str(given.accounts), "--events", str(given.events)]
        subprocess.run([sys.executable, "-m", "benchmarks.freshness", "--fill", *size], check=True, env=environment)
        with running(environment) as installation:
            taken = [one_round(installation, account) for account in range(given.rounds)]
    print(
        f"{given.accounts:,} accounts, {given.events:,} events; from the answer to another score, {len(taken)} rounds"
    )
    print(f"median {statistics.median(taken):.1f} s, longest {max(taken):.1f} s")


def one_round(installation: Running, account: int) -> float:
    """Send events of people of one account; return the seconds from the answer until its score is another."""
    before = installation.score(account)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    batch = [
        {
            "type": "track",
            "event": f"feature-{number % 10}",
            "userId": f"new-{account}-{number}",
            "messageId": f"fresh-{account}-{number}",
            "timestamp": yesterday,
            "context": {"groupId": f"account-{account}"},
        }
        for number in range(PEOPLE)
    ]
    installation.send(batch)
    began = time.perf_counter()
    while installation.score(account) == before:
        if time.perf_counter() - began > LONGEST_SECONDS:
            raise SystemExit(f"The score of account-{account} is still {before}.")
        time.sleep(0.25)
    taken = time.perf_counter() - began
    print(f"  account-{account}: {before} → {installation.score(account)} in {taken:.1f} s", flush=True)
    return taken


def fill(accounts: int, events: int) -> None:
    """Fill an empty installation, and score all of it."""
    import django  # the data folder must be known before
    import polars as pl

    os.environ["DJANGO_SETTINGS_MODULE"] = "banso.site.settings"
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from banso.accounts import actions as account_actions
    from banso.health import actions as health
    from banso.people import queries as people
    from banso.people.access import SYSTEM
    from banso.usage import actions as usage

    call_command("migrate", verbosity=0)
    now = timezone.now()
    today = people.today(people.company(), now)
    rows = [
        account_actions.AccountInput(external_id=f"account-{one}", name=f"Account {one}") for one in range(accounts)
    ]
    account_actions.save_accounts(rows, by=SYSTEM, now=now)
    frame = events_of(accounts, events).with_columns(pl.col("at") + (today - TODAY))
    usage.record(frame.lazy(), source="benchmark", by=SYSTEM, now=now)
    usage.roll_up(now)
    health.recompute(on=today, by=SYSTEM, now=now)
    print(f"  filled: {(TODAY - FIRST_DAY).days} days of usage, all weeks scored", flush=True)


@contextmanager
def running(environment: dict[str, str]) -> Iterator[Running]:
    """Start server and worker as shipped, wait until nothing waits to be done, and stop them in the end."""
    folder = Path(environment["BANSO_DATA"])
    reading, sending = (_client(environment, scope) for scope in ("read", "events"))
    with (folder / "server.log").open("w") as log:
        children = [
            subprocess.Popen([*COMMAND, *arguments], env=environment, stdout=log, stderr=log)
            for arguments in (["serve", "--port", str(PORT)], ["worker"])
        ]
        try:
            _wait_for_quiet(reading)
            yield Running(reading, sending)
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(60)


def _client(environment: dict[str, str], scope: str) -> httpx.Client:
    command = [*COMMAND, "key", "create", "--scope", scope, "--json"]
    made = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    headers = {"Authorization": f"Bearer {json.loads(made.stdout)['key']}"}
    return httpx.Client(base_url=f"http://127.0.0.1:{PORT}", headers=headers, timeout=60)


def _wait_for_quiet(client: httpx.Client) -> None:
    quiet = 0
    for _second in range(LONGEST_SECONDS):
        time.sleep(1)
        try:
            state = client.get("/healthz").json()
        except httpx.TransportError:
            continue
        quiet = quiet + 1 if state["status"] == "ok" and not state["parts"]["worker"]["jobs_waiting"] else 0
        if quiet > 10:
            return
    raise SystemExit("The worker does not come to an end with what waits.")


if __name__ == "__main__":
    main()
