"""Makes the environment of this clone: a virtual environment from the lock, the product in it, assets, translations.

Runs on the plain Python of the machine, before anything is installed; what is up to date is left alone, so that the
second start is quick. `run` brings what the product needs, `dev` also what its tests need.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # this file is started by its path

from tools import assets  # noqa: E402  # see above

VENV: Final = ROOT / ".venv"
PYTHON: Final = VENV / "bin" / "python"
OLDEST: Final = (3, 12)
LOCKS: Final = {"run": ("base.txt", "build.txt"), "dev": ("base.txt", "build.txt", "dev.txt")}


class CannotSetUp(Exception):
    """The environment cannot be made; the text says why and what to do."""


def set_up(tier: str) -> None:
    """Bring the environment up to date for `run` or `dev`."""
    if sys.version_info < OLDEST:
        raise CannotSetUp("Banso needs Python 3.12 or newer.")
    if not os.access(ROOT, os.W_OK):
        raise CannotSetUp(
            f"The folder {ROOT} cannot be written to: copy the project to a folder that you may write to."
        )
    _make_venv()
    _install(tier)
    _step("assets", "Building the pages' assets", [str(PYTHON), "-m", "tools.assets"], _assets_state())
    _run([str(PYTHON), "-m", "tools.messages", "compile"], "The translations could not be compiled.")


def _make_venv() -> None:
    works = PYTHON.exists() and _quietly([str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 12))"])
    if works and _stamp("root") in {"", str(ROOT)}:  # a clone that was moved needs a new one
        return
    _say(f"Making an environment with Python {sys.version.split()[0]}")
    try:
        import ensurepip  # noqa: F401, PLC0415  # Debian ships venv without it
    except ImportError as error:
        raise CannotSetUp("This Python cannot make environments. On Debian: apt-get install python3-venv") from error
    _run([sys.executable, "-m", "venv", "--clear", str(VENV)], "The environment in .venv could not be made.")
    _write_stamp("root", str(ROOT))


def _install(tier: str) -> None:
    locks = [ROOT / "requirements" / name for name in LOCKS[tier]]
    state = _digest(*locks, ROOT / "pyproject.toml")
    full = _digest(*(ROOT / "requirements" / name for name in LOCKS["dev"]), ROOT / "pyproject.toml")
    if _stamp("packages-dev") == full or _stamp(f"packages-{tier}") == state:
        return
    _say("Installing the locked packages")
    _bring_uv()
    names = [str(path) for path in locks]
    files = [part for name in names for part in ("-r", name)]
    uv = [str(VENV / "bin" / "uv"), "--quiet", "pip"]
    # `run` only adds, so that it never takes a developer's tools away.
    asked = [*uv, "sync", *names] if tier == "dev" else [*uv, "install", "--require-hashes", *files]
    if not (VENV / "bin" / "uv").exists() or not _quietly(asked, show=True):
        _say("uv could not install them; plain pip does")
        _run([*_pip(), "install", "--quiet", "--require-hashes", *files], "The packages could not be installed.")
    product = ["install", "--quiet", "--no-build-isolation", "--no-deps", "--editable", str(ROOT)]
    _run([*_pip(), *product], "Banso itself could not be installed.")
    _write_stamp(f"packages-{tier}", state)


def _bring_uv() -> None:
    if (VENV / "bin" / "uv").exists():
        return
    own = shutil.which("uv")
    if own and _quietly([own, "--version"]):
        (VENV / "bin" / "uv").symlink_to(own)
        return
    _quietly([*_pip(), "install", "--quiet", "uv"])


def _assets_state() -> str:
    return assets.fingerprint(ROOT) if (ROOT / assets.MANIFEST).exists() else ""


def _step(name: str, title: str, command: list[str], state: str) -> None:
    if state and _stamp(name) == state:
        return
    _say(title)
    _run(command, f"{title} failed.")
    _write_stamp(name, _assets_state())


def _stamp(name: str) -> str:
    path = VENV / f".banso-{name}"
    return path.read_text() if path.exists() else ""


def _write_stamp(name: str, state: str) -> None:
    (VENV / f".banso-{name}").write_text(state)


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def _pip() -> list[str]:
    return [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]


def _environment() -> dict[str, str]:
    # Companies' own certificates stand in the system's store.
    return {
        **os.environ,
        "VIRTUAL_ENV": str(VENV),
        "UV_SYSTEM_CERTS": "1",
        "UV_NATIVE_TLS": "1",
        "PYTHONWARNINGS": "ignore",
    }


def _quietly(command: list[str], *, show: bool = False) -> bool:
    output = None if show else subprocess.DEVNULL
    try:
        done = subprocess.run(command, cwd=ROOT, env=_environment(), stdout=output, stderr=output, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _run(command: list[str], trouble: str) -> None:
    done = subprocess.run(command, cwd=ROOT, env=_environment(), check=False)  # fixed commands
    if done.returncode:
        raise CannotSetUp(f"{trouble} The lines above say why.")


def _say(text: str) -> None:
    print(f"▸ {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        set_up(sys.argv[1] if len(sys.argv) > 1 else "dev")
    except (CannotSetUp, OSError) as trouble:
        sys.exit(f"✗ {trouble}")
