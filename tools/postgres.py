"""A PostgreSQL cluster of our own for the tests: in a temporary folder, on a free port, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import psycopg

HOMES: Final = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt")
HOW_TO_GET_IT: Final = "On Debian: apt-get install postgresql (15 or newer; no service needs to run)."
# Nothing here must survive a crash, so nothing waits for the disk.
OPTIONS: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
START_SECONDS: Final = 60


class NoPostgres(Exception):
    """There is no PostgreSQL server here; the text says how to get one."""


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster and yield the address of its database; raises NoPostgres."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="banso-postgres-"))
    _own(folder)
    try:
        _as_user(
            [binaries / "initdb", "-D", folder / "data", "-U", "banso", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        )
        port = _free_port()
        url = f"postgresql://banso@127.0.0.1:{port}/postgres"
        server = _start(binaries, folder, port)
        try:
            _wait(url, server)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    on_path = shutil.which("initdb")
    candidates = [path for home in HOMES for path in sorted(Path(home).glob("*/bin"), reverse=True)]
    candidates += [Path(on_path).resolve().parent] if on_path else []
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres(f"There is no PostgreSQL server on this machine. {HOW_TO_GET_IT}")


def _other_user() -> str | None:
    """Return whom to run the server as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _own(folder: Path) -> None:
    if name := _other_user():
        user = pwd.getpwnam(name)
        os.chown(folder, user.pw_uid, user.pw_gid)


def _command(arguments: list[Path | str]) -> list[str]:
    name = _other_user()
    prefix = []
    if name:
        user = pwd.getpwnam(name)
        prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [*prefix, *map(str, arguments)]


def _as_user(arguments: list[Path | str]) -> None:
    done = subprocess.run(_command(arguments), capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise NoPostgres(f"PostgreSQL could not be set up: {done.stderr.strip() or done.stdout.strip()}")


def _start(binaries: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    settings = [part for option in OPTIONS for part in ("-c", option)]
    place = ["-D", str(folder / "data"), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(_command([binaries / "postgres", *place, *settings]), stdout=log, stderr=log, cwd="/")


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                raise NoPostgres("PostgreSQL did not start.") from None
            time.sleep(0.1)
        else:
            return


def _free_port() -> int:
    with closing(socket.socket()) as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])
