"""The laws of what lies beside the code: locks name no address, nothing a machine, documents what exists."""

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

MACHINE_PATH: Final = re.compile(r"/(?:work|tmp|root|farm|home/[a-z]+)/[a-z.]+")
ADDRESS: Final = re.compile(r"https?://[^\s\"']+")
MAKE: Final = re.compile(r"(?:^|[`\s])make ([a-z][a-z-]*)(?=[`\s]|$)", re.MULTILINE)
BANSO: Final = re.compile(r"(?:^|[`\s/])banso ([a-z][a-z-]*(?: [a-z][a-z-]*)?)", re.MULTILINE)
TARGET: Final = re.compile(r"^([a-z][a-z-]*)(?: [a-z-]+)*:", re.MULTILINE)
DOCUMENTS: Final = ("README.md", "CONTRIBUTING.md", "UPGRADING.md", "docs/running.md", "docs/configuration.md")


def addresses_in_locks(root: Path) -> list[str]:
    """Return the download addresses that the lock files hold."""
    found = []
    for path in sorted((root / "requirements").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        found += [f"{path.name}: {address}" for address in ADDRESS.findall(text)]
        found += [
            f"{path.name}: {line}"
            for line in text.splitlines()
            if line.startswith(("--index", "--extra-index", "--find-links"))
        ]
    for path in (root / "package-lock.json", root / "tests" / "lighthouse" / "package-lock.json"):
        packages = json.loads(path.read_text(encoding="utf-8")).get("packages", {}) if path.exists() else {}
        found += [f"{path.name}: {name} has an address" for name, package in packages.items() if "resolved" in package]
    return found


def machine_paths(root: Path, paths: Iterable[Path]) -> list[str]:
    """Return the lines that name a folder of somebody's machine."""
    found = []
    for path in paths:
        try:
            text = (root / path).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # pictures and the like; and what is being removed
        for number, line in enumerate(text.splitlines(), start=1):
            found += [f"{path}:{number}: {match}" for match in MACHINE_PATH.findall(line)]
    return found


def unknown_commands(root: Path, commands: set[str]) -> list[str]:
    """Return the `make …` and `banso …` of the documents that do not exist; `commands` are those of banso."""
    targets = set(TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))
    found = []
    for name in DOCUMENTS:
        path = root / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        code = "\n".join(re.findall(r"`[^`\n]+`|^ {4}.*$|^```.*?^```", text, flags=re.MULTILINE | re.DOTALL))
        found += [f"{name}: make {target}" for target in MAKE.findall(code) if target not in targets]
        found += [f"{name}: banso {words}" for words in BANSO.findall(code) if words.split()[0] not in commands]
    return found


def tracked(root: Path) -> list[Path]:
    """Return the files that git keeps."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name]
