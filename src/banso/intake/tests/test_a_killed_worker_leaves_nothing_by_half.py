"""kill -9 at any moment, then a new worker: the import goes on or is reported as stopped, and nothing is doubled."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

# The scripts run as processes of their own, with a database of their own: one that can be killed.
BEGIN = """
import django; django.setup()
from datetime import datetime, UTC
from pathlib import Path
from banso.intake import actions
from banso.people.access import SYSTEM
NOW = datetime(2026, 11, 24, tzinfo=UTC)
"""
LET_GO = """
path = Path({path!r})
one = actions.upload(chunks=[path.read_bytes()], file_name=path.name, kind={kind!r}, by=SYSTEM, now=NOW)
actions.start(import_id=one.pk, skips_bad_rows={skips}, is_dry_run=False, by=SYSTEM, now=NOW)
print(one.pk, flush=True)
"""
AT_ONCE = """
actions.import_file(Path({path!r}), kind={kind!r}, by=SYSTEM, now=NOW, is_refreshing=False)
"""
# Dies by the hand of another, in the middle of what it says.
DIE = """
import os, signal
import importlib
module = importlib.import_module("banso.intake.actions.{module}")
whole = module.{name}
count = 0
def cut(*args, **said):
    global count
    count += 1
    if count == {at}:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(*args, **said)
module.{name} = cut
actions.run({pk}, now=NOW)
"""
GO_ON = """
resumed, stopped = actions.resume_or_report(NOW)
for pk in resumed:
    actions.run(pk, now=NOW)
from banso.intake.models import Import
one = Import.objects.latest("pk")
from banso.accounts import queries as accounts
print(one.state, one.rows_added, one.rows_same, len(accounts.all_ids()), resumed, stopped, flush=True)
"""


class Installation:
    """An installation in a folder, driven by processes that may die."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BANSO_")},
            "BANSO_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "banso.site.settings",
        }

    def migrated(self) -> "Installation":
        self.python("from django.core.management import call_command; call_command('migrate', verbosity=0)")
        return self

    def python(self, code: str, *, survives: bool = True) -> str:
        done = subprocess.run(  # noqa: S603  # our own interpreter and our own text
            [sys.executable, "-c", BEGIN + code], env=self.environment, capture_output=True, text=True, check=False
        )
        wanted = 0 if survives else -signal.SIGKILL
        assert done.returncode == wanted, done.stderr
        return done.stdout.strip()

    def let_go(self, path: Path, kind: str, *, skips: bool = False) -> str:
        return self.python(LET_GO.format(path=str(path), kind=kind, skips=skips))

    def killed(self, pk: str, module: str, name: str, at: int = 1) -> None:
        self.python(DIE.format(module=module, name=name, at=at, pk=pk), survives=False)


@pytest.fixture(scope="module")
def new_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Installation(tmp_path_factory.mktemp("new")).migrated().data


@pytest.fixture
def installation(new_house: Path, tmp_path: Path) -> Installation:
    shutil.copytree(new_house, tmp_path / "data")
    return Installation(tmp_path / "data")


def some_accounts(folder: Path, count: int = 12_000) -> Path:
    path = folder / "accounts.csv"
    path.write_text("id,name\n" + "".join(f"A-{one},Account {one}\n" for one in range(count)))
    return path


KILLS = {
    "while its rows are checked": (False, "checking", "judge", 1, 0),
    "while all are saved at once": (False, "rows", "account_of", 7_000, 0),
    "while they are saved part by part": (True, "rows", "account_of", 7_000, 5_000),
}


@pytest.mark.parametrize("moment", KILLS)
def test_accounts_are_all_there_once(installation: Installation, tmp_path: Path, moment: str) -> None:
    skips, module, name, at, left = KILLS[moment]
    pk = installation.let_go(some_accounts(tmp_path), "accounts", skips=skips)
    installation.killed(pk, module, name, at)
    with closing(sqlite3.connect(installation.data / "banso.sqlite3")) as base:
        assert base.execute("SELECT count(*) FROM accounts_account").fetchone() == (left,)
    assert installation.python(GO_ON) == f"done 12000 0 12000 [{pk}] []"


def test_events_are_all_there_once(installation: Installation, tmp_path: Path) -> None:
    accounts = some_accounts(tmp_path, 10)
    installation.python(AT_ONCE.format(path=str(accounts), kind="accounts"))
    row = "A-1,report,2026-01-01T00:00:00Z\n"
    path = tmp_path / "usage.csv"
    path.write_text("account_id,event,time\n" + row * 3 + row.replace("A-1", "A-2"))
    pk = installation.let_go(path, "usage")
    installation.killed(pk, "running", "_end")
    assert installation.python(GO_ON) == f"done 0 4 10 [{pk}] []"
