"""The command that shows Banso to somebody new: fills an installation of its own and starts it."""

import json
import os
import secrets
import shutil
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from dataclasses import dataclass, replace
from gettext import gettext as _
from pathlib import Path

import click

from banso.site.cli import folders, starting
from banso.site.cli.folders import Note
from banso.site.cli.processes import Child, Household

READY_SECONDS = 90.0
EMAIL = "admin@example.jp"
DATA = click.option(
    "--data",
    default="demo",
    show_default=True,
    help=_("demo, oss_activity, ravenstack, or a folder with files of your own."),
)


@dataclass(frozen=True)
class Stage:
    """Where a demo is to run."""

    data: str
    folder: Path
    host: str
    port: int

    def address(self) -> str:
        return f"http://{'localhost' if self.host == '127.0.0.1' else self.host}:{self.port}/"

    def environment(self) -> dict[str, str]:
        hosts = ",".join(dict.fromkeys(["localhost", "127.0.0.1", "[::1]", self.host, *self._allowed()]))
        own = {"BANSO_DATA": str(self.folder), "BANSO_ALLOWED_HOSTS": hosts}
        return {**os.environ, **own}

    def _allowed(self) -> list[str]:
        return [name for name in os.environ.get("BANSO_ALLOWED_HOSTS", "").split(",") if name]


@click.command(
    help=_("Try Banso: fill an installation of its own with data, start it, and print its address and sign-in.")
)
@DATA
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help=_("Port of the pages; 0 for a free one."),
)
@click.option("--fresh", is_flag=True, help=_("Throw the demo's old data away first."))
@click.option("--no-browser", is_flag=True, help=_("Do not open a browser."))
@click.option("--print-credentials", is_flag=True, help=_("Print the sign-in of the demo as JSON, and nothing else."))
def demo(data: str, port: int, *, fresh: bool, no_browser: bool, print_credentials: bool) -> None:
    """Fill, start, wait, stop."""
    settings = starting.environment()
    folder = folders.folder_of(data)
    if print_credentials:
        _print_credentials(folder)
        return
    if data != "demo":
        folders.source_of(data, settings.shared)
    starting.make_writable(folder)
    with folders.held(folder):
        if fresh:
            _empty(folder)
        _check_contents(folder, data)
        stage = Stage(data, folder, settings.host, starting.free_port(settings.host, port))
        sys.exit(_run(stage, opens_browser=not no_browser and sys.stdout.isatty()))


@click.command("_prepare", hidden=True)
@DATA
def prepare(data: str) -> None:
    """Make the tables and fill them, in a process whose memory is given back."""
    folder = starting.environment().data
    note = folders.read_note(folder)
    if note is not None and not note.is_complete:  # it was stopped half-way: what is there is no company
        _empty(folder)
    starting.start_django()
    starting.bring_up_to_date()
    if note is not None and note.is_complete:
        return
    note = Note(data, EMAIL, secrets.token_hex(6))
    folders.write_note(folder, note)
    from banso.site.cli.filling import fill  # noqa: PLC0415  # needs Django started

    fill(note)
    folders.write_note(folder, replace(note, is_complete=True))


def _run(stage: Stage, *, opens_browser: bool) -> int:
    household = Household()
    began = time.monotonic()
    try:
        trouble = _start(household, stage)
        if trouble is None and not household.asked_to_stop.is_set():
            _greet(stage, time.monotonic() - began)
            if opens_browser:
                webbrowser.open(stage.address())
            trouble = household.wait()
    finally:
        household.stop()
    if household.asked_to_stop.is_set():
        click.echo(_("Banso has stopped. The data stays in %(folder)s.") % {"folder": stage.folder})
        return 0
    if isinstance(trouble, Child):
        click.echo(
            _("The %(name)s ended unexpectedly (code %(code)d), so everything was stopped. The lines above say why.")
            % {"name": trouble.name, "code": trouble.process.returncode},
            err=True,
        )
    return 1


def _start(household: Household, stage: Stage) -> Child | str | None:
    """Fill and start; return the child that failed, or a word where it took too long."""
    note = folders.read_note(stage.folder)
    if note is None or not note.is_complete:
        click.echo(
            _("Preparing the data set “%(data)s” in %(folder)s. This takes a minute or two the first time.")
            % {"data": stage.data, "folder": stage.folder}
        )
    environment = stage.environment()
    filling = household.start(_("preparation"), ["_prepare", "--data", stage.data], environment)
    code = household.finish(filling)
    if code is None:
        return None
    if code:
        return filling
    listen = ["--host", stage.host, "--port", str(stage.port)]
    household.start(_("server"), ["serve", *listen, "--up-to-date", "--with-parent"], environment)
    household.start(_("worker"), ["worker", "--with-parent"], environment)
    dead = household.wait(until=lambda: _is_ready(stage), seconds=READY_SECONDS)
    if dead is None and not household.asked_to_stop.is_set() and not _is_ready(stage):
        click.echo(_("Banso did not get ready within %(seconds)d seconds.") % {"seconds": READY_SECONDS}, err=True)
        return "late"
    return dead


def _is_ready(stage: Stage) -> bool:
    try:
        with urllib.request.urlopen(f"http://{stage.host}:{stage.port}/healthz", timeout=5) as answer:  # our own
            return bool(json.load(answer)["status"] == "ok")
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _greet(stage: Stage, seconds: float) -> None:
    note = folders.read_note(stage.folder)
    if note is None:
        return
    lines = (
        (_("Address"), stage.address()),
        (_("E-mail"), note.email),
        (_("Password"), note.password),
        (_("Data"), f"{stage.data}  ({stage.folder})"),
    )
    click.echo()
    click.secho(_("Banso is ready (after %(seconds)d seconds).") % {"seconds": round(seconds)}, bold=True)
    for name, value in lines:
        click.echo(f"  {name}: {value}")
    if stage.data == "demo":
        click.echo(_("The other users (Settings, Users) sign in with the same password: see it as a CSM, too."))
    click.echo(_("Ctrl-C stops it; the next start is quick."))
    sys.stdout.flush()


def _print_credentials(folder: Path) -> None:
    note = folders.read_note(folder)
    if note is None:
        raise starting.Refusal(_("There is no demo in %(folder)s yet. Start one: banso demo") % {"folder": folder})
    click.echo(
        json.dumps(
            {"email": note.email, "password": note.password, "data": note.data, "folder": str(folder)},
            ensure_ascii=False,
        )
    )


def _check_contents(folder: Path, data: str) -> None:
    note = folders.read_note(folder)
    if note is None and (folder / "banso.sqlite3").exists():
        raise starting.Refusal(
            _("%(folder)s holds an installation that is no demo. Set BANSO_DATA to another folder.")
            % {"folder": folder}
        )
    if note is not None and note.data != data:
        raise starting.Refusal(
            _("%(folder)s holds the data set “%(held)s”. To replace it: banso demo --data %(asked)s --fresh")
            % {"folder": folder, "held": note.data, "asked": data}
        )


def _empty(folder: Path) -> None:
    """Throw a demo's data away; never those of an installation that is no demo."""
    if os.environ.get("BANSO_DATABASE_URL"):
        raise starting.Refusal(
            _("--fresh empties the embedded database only. Empty the one of BANSO_DATABASE_URL yourself.")
        )
    if not (folder / folders.NOTE).exists() and (folder / "banso.sqlite3").exists():
        raise starting.Refusal(
            _("%(folder)s holds an installation that is no demo. Set BANSO_DATA to another folder.")
            % {"folder": folder}
        )
    if not (folder / folders.NOTE).exists():
        return
    for path in folder.iterdir():
        if path.name == folders.LOCK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
