"""The gate: all that has to be right before a change is taken, in one command here and in CI."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools import postgres

ROOT: Final = Path(__file__).resolve().parent.parent
BIN: Final = Path(sys.executable).parent
CHROMIUM: Final = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
TYPED: Final = ("src/banso", "tools", "tests", "conftest.py", "hatch_build.py")
TESTS: Final = ("pytest", "-q", "--ignore=tests/journeys", "--cov", "--cov-report=", "--durations=15")
SIDE_BY_SIDE: Final = ("-n", "2", "--dist", "worksteal")
SAFE: Final = {
    "BANSO_HTTPS": "yes",
    "BANSO_ALLOWED_HOSTS": "banso.example.jp",
    "BANSO_MAIL_URL": "smtp://mail.example.jp:587",
}


@dataclass
class Tally:
    """What failed and what was skipped on this run."""

    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def run(self, title: str, *command: str, environment: dict[str, str] | None = None) -> bool:
        """Run one tool, print its name and how long it took; its output stands between."""
        print(f"\n▸ {title}", flush=True)
        began = time.monotonic()
        program = str(BIN / command[0]) if (BIN / command[0]).exists() else command[0]
        done = subprocess.run([program, *command[1:]], cwd=ROOT, env={**os.environ, **(environment or {})}, check=False)
        if done.returncode:
            self.failed.append(title)
        print(f"  {'✗' if done.returncode else '✓'} {title} ({time.monotonic() - began:.0f} s)", flush=True)
        return done.returncode == 0

    def skip(self, title: str, how: str) -> None:
        """Note what this machine cannot do; in CI that is a failure."""
        if os.environ.get("CI") == "true":
            self.failed.append(f"{title}: {how}")
        else:
            self.skipped.append(f"{title}: {how}")


def reading(tally: Tally) -> None:
    """Run everything that only reads the source."""
    tally.run("format", "ruff", "format", "--check", "--quiet", ".")
    tally.run("lint", "ruff", "check", "--quiet", ".")
    tally.run("types", "mypy", "--no-error-summary", *TYPED)
    tally.run("walls", "lint-imports", "--no-cache")
    tally.run("templates", "djlint", "src/banso", "--lint", "--quiet")
    tally.run("messages", "python", "-m", "tools.messages", "check")
    with _own_data() as environment:
        tally.run(
            "migrations", "python", "manage.py", "makemigrations", "--check", "--dry-run", environment=environment
        )
        tally.run(
            "deployment",
            "python",
            "manage.py",
            "check",
            "--deploy",
            "--fail-level",
            "WARNING",
            environment=environment | SAFE,
        )


def sqlite(tally: Tally) -> None:
    """Run the unit tests on the embedded database."""
    (ROOT / ".coverage").unlink(missing_ok=True)
    ours = ("-m", "not engines and not postgresql")
    tally.run("tests on SQLite", *TESTS, *SIDE_BY_SIDE, *ours, environment=_fast_coverage())


def engines(tally: Tally) -> None:
    """Ask every engine the same; one worker asks Spark, so that one cluster is enough."""
    ours = ("-n", "2", "--dist", "loadgroup", "-m", "engines", "--cov-append")
    tally.run("engines", *TESTS, *ours, environment=_fast_coverage())


def postgresql(tally: Tally) -> None:
    """Run those tests again on PostgreSQL that read a database of Banso's."""
    try:
        with postgres.cluster() as url:
            address = {"BANSO_DATABASE_URL": url, **_fast_coverage()}
            ours = ("-m", "django_db and not engines", "--cov-append")
            tally.run("tests on PostgreSQL", *TESTS, *SIDE_BY_SIDE, *ours, environment=address)
    except postgres.NoPostgres as missing:
        tally.skip("tests on PostgreSQL", str(missing))


def covered(tally: Tally) -> None:
    """Ask the law of coverage."""
    tally.run("coverage", "python", "-m", "tools.coverage_law")


def journeys(tally: Tally, *, environment: dict[str, str] | None = None) -> None:
    """Run the journeys in a real browser."""
    if not any(Path(path).exists() for path in CHROMIUM):
        tally.skip("journeys", "There is no Chromium. On Debian: apt-get install chromium fonts-noto-cjk")
        return
    options = ("-q", *SIDE_BY_SIDE, "-p", "no:randomly", "--durations=10")
    tally.run("journeys", "pytest", *options, "tests/journeys", environment=environment)


def screenshots(tally: Tally) -> None:
    """Take a picture of every page into ./screenshots."""
    tally.run(
        "screenshots", "pytest", "-q", "tests/journeys", "-p", "no:randomly", "--screenshots", str(ROOT / "screenshots")
    )


def bench(tally: Tally) -> None:
    """Run the benchmarks one by one."""
    for path in sorted((ROOT / "benchmarks").glob("[a-z]*.py")):
        if path.stem != "conftest":
            tally.run(path.stem, "python", "-m", f"benchmarks.{path.stem}")


def evidence(tally: Tally) -> None:
    """Make the figures of the science again."""
    for path in sorted((ROOT / "benchmarks" / "evidence").glob("[a-z]*.py")):
        tally.run(path.stem, "python", "-m", f"benchmarks.evidence.{path.stem}")


def formatted(tally: Tally) -> None:
    """Format the Python files."""
    tally.run("imports and simple mends", "ruff", "check", "--fix", "--quiet", ".")
    tally.run("format", "ruff", "format", ".")


TASKS: Final[dict[str, tuple[Callable[[Tally], None], ...]]] = {
    "check": (reading, sqlite),
    "test": (reading, sqlite, engines, postgresql, covered, journeys),
    "journeys": (journeys,),
    "screenshots": (screenshots,),
    "bench": (bench,),
    "evidence": (evidence,),
    "format": (formatted,),
}


def main(task: str) -> int:
    """Do one task and say at the end what failed and what was skipped."""
    tally = Tally()
    for step in TASKS[task]:
        step(tally)
    print()
    for line in tally.skipped:
        print(f"skipped: {line}")
    for line in tally.failed:
        print(f"failed: {line}")
    if not tally.failed:
        print(f"✓ make {task}: all is well" + (", but something was skipped" if tally.skipped else ""))
    return len(tally.failed)


@contextmanager
def _own_data() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="banso-gate-") as folder:
        yield {"BANSO_DATA": folder, "BANSO_SHARED": folder}


def _fast_coverage() -> dict[str, str]:
    # Python 3.12 and newer count lines without tracing, several times faster.
    return {"COVERAGE_CORE": "sysmon"}


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1])))
