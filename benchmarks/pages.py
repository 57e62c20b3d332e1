"""Lighthouse's marks for the pages that people see first and most: each load cold, the median of three.

Run: python -m benchmarks.pages
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.browser import FLAGS, Faults, Visitors, chromium
from tests.journeys.installation import running
from tests.journeys.marks import seen_first
from tools.lighthouse import FORMS, audit, install

RUNS = 3


def main() -> None:
    """Fill and start an installation, sign in, and have its pages marked."""
    path = chromium()
    if path is None:
        sys.exit("There is no Chromium on this machine. On Debian: apt-get install chromium fonts-noto-cjk")
    install()
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as installation,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        visitors = Visitors(browser, installation, Faults(), {}, None)
        pages = seen_first(visitors)
        browser.close()
        print(f"{'page':32} {'form':8} {'performance':>12} {'accessibility':>14} {'best practices':>15}")
        for name, page in pages.items():
            for form in FORMS:
                marks = [audit(page.address, form=form, browser=path, headers=page.headers) for _run in range(RUNS)]
                speed = statistics.median(one.performance for one in marks)
                access, practice = min(one.accessibility for one in marks), min(one.best_practices for one in marks)
                print(f"{name:32} {form:8} {speed:12} {access:14} {practice:15}", flush=True)


if __name__ == "__main__":
    main()
