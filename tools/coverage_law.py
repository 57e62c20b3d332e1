"""The law of coverage: rules and science are run to the last line, everything together to nine tenths."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

WHOLE_PERCENT: Final = 90.0


def faults(report: dict[str, Any]) -> list[str]:
    """Return the files of rules and science with lines that no test runs, and the whole where it is too low."""
    found = [
        f"{name}: lines {_ranges(file['missing_lines'])} are run by no test; rules and science are covered whole"
        for name, file in sorted(report["files"].items())
        if _is_whole(Path(name)) and file["missing_lines"]
    ]
    percent = report["totals"]["percent_covered"]
    return (
        found
        if percent >= WHOLE_PERCENT
        else [*found, f"{percent:.1f} % of all lines are run; at least {WHOLE_PERCENT:.0f} %"]
    )


def main() -> int:
    """Read the coverage data of the runs before; print the faults and the figure."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "coverage.json"
        subprocess.run(
            [sys.executable, "-m", "coverage", "json", "--quiet", "--ignore-errors", "-o", str(target)], check=True
        )
        report = json.loads(target.read_text(encoding="utf-8"))
    found = faults(report)
    print("\n".join(found))
    print(f"{report['totals']['percent_covered']:.1f} % of {report['totals']['num_statements']} lines are run by tests")
    return len(found)


def _is_whole(path: Path) -> bool:
    area, _slash, inner = str(path).partition("src/banso/")[2].partition("/")
    return area == "science" or inner == "rules.py" or inner.startswith("rules/")


def _ranges(lines: list[int]) -> str:
    return ", ".join(map(str, lines[:10])) + (" …" if len(lines) > 10 else "")  # noqa: PLR2004  # enough to find them


if __name__ == "__main__":
    sys.exit(bool(main()))
