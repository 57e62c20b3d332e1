"""Locks the Python packages: versions and hashes for all platforms, and no address."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
COMPILE: Final = ("pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header", "--no-emit-index-url")
# What each file is made from, and which locks it has to agree with.
LOCKS: Final = (
    ("pyproject.toml", "base.txt", ()),
    ("requirements/build.in", "build.txt", ("base.txt",)),
    ("requirements/dev.in", "dev.txt", ("base.txt", "build.txt")),
)


def lock() -> None:
    """Write the three lock files, one after the other."""
    uv = str(Path(sys.executable).with_name("uv"))
    for source, target, others in LOCKS:
        agreeing = [part for other in others for part in ("-c", f"requirements/{other}")]
        command = [uv, *COMPILE, "--python-version", "3.12", source, *agreeing, "-o", f"requirements/{target}"]
        # Companies' own certificates stand in the system's store.
        subprocess.run(command, cwd=ROOT, env={**os.environ, "UV_SYSTEM_CERTS": "1"}, check=True)


if __name__ == "__main__":
    lock()
