"""Lighthouse on pages of an installation: an npm package of its own, which only those who measure install."""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from tools.assets import ROOT, find_node

type Form = Literal["desktop", "mobile"]

FORMS: Final[tuple[Form, ...]] = ("desktop", "mobile")
HOME: Final = ROOT / "tests" / "lighthouse"
CATEGORIES: Final = ("performance", "accessibility", "best-practices")
CHROME: Final = "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking"
LONGEST_SECONDS: Final = 180


@dataclass(frozen=True)
class Marks:
    """What Lighthouse gives a page, of 100 each, and what it took marks off for beside speed."""

    performance: int
    accessibility: int
    best_practices: int
    objections: tuple[str, ...]


class NoMarks(Exception):
    """Lighthouse gave up and said why: a machine that is busy lets its browser wait too long."""


def install() -> None:
    """Install the locked package, once for each lock; raises NoNode or CalledProcessError."""
    lock = HOME / "package-lock.json"
    mark = HOME / "node_modules" / ".banso-lock"
    if mark.exists() and mark.read_text() == lock.read_text():
        return
    node = find_node()
    command = [*node.npm, "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=HOME, env=node.environment(), check=True)
    mark.write_text(lock.read_text())


def audit(address: str, *, form: Form, browser: str, headers: Mapping[str, str]) -> Marks:
    """Return the marks of one page, loaded cold with the headers of whoever sees it; raises NoNode or NoMarks."""
    node = find_node()
    with tempfile.TemporaryDirectory(prefix="banso-lighthouse-") as folder:
        report = Path(folder) / "report.json"
        sent = Path(folder) / "headers.json"
        sent.write_text(json.dumps(dict(headers)))
        command = [
            str(node.node),
            str(HOME / "node_modules" / "lighthouse" / "cli" / "index.js"),
            address,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--extra-headers={sent}",
            f"--chrome-flags={CHROME}",
            f"--only-categories={','.join(CATEGORIES)}",
            "--no-enable-error-reporting",
            *(["--preset=desktop"] if form == "desktop" else []),
        ]
        environment = {**node.environment(), "CHROME_PATH": browser, "TMPDIR": folder}
        try:
            subprocess.run(command, env=environment, check=True, timeout=LONGEST_SECONDS)
        except subprocess.SubprocessError as error:
            raise NoMarks(f"Lighthouse gave up on {address}: {error}") from error
        return _marks(json.loads(report.read_text()))


def _marks(report: Mapping[str, Any]) -> Marks:
    scores = {name: round((report["categories"][name]["score"] or 0) * 100) for name in CATEGORIES}
    objections = [
        f"{audit['id']}: {audit['title']}"
        for name in CATEGORIES[1:]
        for one in report["categories"][name]["auditRefs"]
        if one["weight"] and (audit := report["audits"][one["id"]])["score"] == 0
    ]
    return Marks(scores["performance"], scores["accessibility"], scores["best-practices"], tuple(objections))
