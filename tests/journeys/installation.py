"""An installation that the journeys walk through: a folder of its own, a small company, a real server and a worker."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from banso.site.cli.starting import free_port

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PASSWORD: Final = "a-long-password-for-journeys"  # of a made-up company
READY_SECONDS: Final = 180.0
# Each runs before anybody signs in, in a process of its own: the journeys themselves never touch the database.
START: Final = """
from banso.site.cli import starting
starting.start_django()
starting.bring_up_to_date()
from django.utils import timezone
from banso.people import actions as people_actions
from banso.people.access import SYSTEM
now = timezone.now()
"""
COMPANY: Final = f"""
from banso.accounts import actions as accounts
from banso.accounts import queries as accounts_queries
from banso.demo import actions as demo
from banso.people import queries as people
today = people.today(people.company(), now)
demo.fill(seed=20260401, today=today, now=now, email="ja@example.jp", password={PASSWORD!r}, size=30)
shops = [accounts.AccountInput(f"shop-{{n}}", name=f"株式会社タビジ商店{{n}}", kind="company") for n in range(1, 61)]
accounts.save_accounts(shops, by=SYSTEM, now=now)
"""
STAFF: Final = """
for email, name, language in {staff!r}:
    people_actions.create_user(
        email=email, name=name, role="admin", password={password!r}, language=language, by=SYSTEM, now=now
    )
"""
EMMA: Final = ("en@example.jp", "Emma Lane", "en")
TABIKO: Final = ("guest@example.jp", "山口 旅子", "ja")
HARUKA: Final = ("forgets@example.jp", "森 遥", "ja")  # her password changes on the way
# Only who wrote a note is led to change it, and the walk comes to whichever account is linked first.
NOTES: Final = """
from banso.people.access import User, actor_of
for author in User.objects.filter(email__in={authors!r}).order_by("pk"):
    for account_id, name in sorted(accounts_queries.all_ids().items()):
        if name.startswith("shop-"):
            continue
        accounts.write_note(account_id=account_id, body="来週、更新の意向を確認する。", by=actor_of(author), now=now)
"""
FILLED: Final = (
    START
    + COMPANY
    + STAFF.format(staff=(EMMA, TABIKO, HARUKA), password=PASSWORD)
    + NOTES.format(authors=("ja@example.jp", EMMA[0]))
)
EMPTY: Final = START + STAFF.format(staff=(EMMA, ("ja@example.jp", "青木 始", "ja")), password=PASSWORD)


@dataclass(frozen=True)
class Installation:
    """Where it answers, and where it writes what it says."""

    address: str
    folder: Path

    def said(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def mailed(self, pattern: str) -> str:
        """Wait until a mail says something, and return the last that it said: mail is printed, as operators read it."""
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            printed = re.findall(r"^Content-Type: .*?^-{70,}$", self.said(), re.DOTALL | re.MULTILINE)
            found = [match[0] for mail in printed if (match := re.search(pattern, mail))]
            if found:
                return found[-1]
            time.sleep(0.2)
        raise AssertionError(f"No mail says {pattern}.\n{self.said()}")


@contextmanager
def running(folder: Path, fill: str = FILLED) -> Iterator[Installation]:
    """Fill an installation in a folder, start it, and stop it at the end."""
    port = free_port("127.0.0.1", 0)
    data = folder / "data"
    environment = {**os.environ, "BANSO_DATA": str(data), "BANSO_ALLOWED_HOSTS": "127.0.0.1", "PYTHONWARNINGS": ""}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment.pop("BANSO_DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", fill], env=environment, cwd=ROOT, check=True)
    with (folder / "server.log").open("w") as server_log, (folder / "worker.log").open("w") as worker_log:
        children = [
            _start(["serve", "--host", "127.0.0.1", "--port", str(port)], environment, server_log),
            _start(["worker"], environment, worker_log),
        ]
        try:
            installation = Installation(f"http://127.0.0.1:{port}", folder)
            _wait(installation, children)
            yield installation
        finally:
            for child in children:
                child.terminate()
            for child in children:
                try:
                    child.wait(15)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait(5)


def _start(arguments: list[str], environment: dict[str, str], log: IO[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "banso.site.cli", *arguments]
    return subprocess.Popen(
        command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
    )


def _wait(installation: Installation, children: list[subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if any(child.poll() is not None for child in children):
            break
        try:
            with urllib.request.urlopen(f"{installation.address}/healthz", timeout=5) as answer:  # noqa: S310  # our own
                if json.load(answer)["status"] == "ok":
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"The installation did not get ready.\n{installation.said()}")
