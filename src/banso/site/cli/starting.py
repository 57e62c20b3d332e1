"""What every command does first: read the settings, look at the data folder, start Django."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import click
import django

from banso.site.environment import Environment, WrongSetting, read

if TYPE_CHECKING:
    from banso.people.access import Actor

LARGEST_PORT = 65535


class Refusal(click.ClickException):
    """Banso cannot do what was asked; one sentence says why and what to do, and the exit code is 2."""

    exit_code = 2


def environment() -> Environment:
    """Return the settings; raises Refusal where one is wrong."""
    try:
        return read()
    except WrongSetting as wrong:
        raise Refusal(str(wrong)) from wrong


def start_django() -> Environment:
    """Read the settings, make sure of the data folder and start Django; raises Refusal."""
    read_settings = environment()
    make_writable(read_settings.data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.site.settings")
    try:
        django.setup()
    except WrongSetting as wrong:
        raise Refusal(str(wrong)) from wrong
    return read_settings


def make_writable(folder: Path) -> None:
    """Make a folder where there is none, and see that files can be written in it; raises Refusal."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Refusal(
            _("The folder %(folder)s cannot be written to (%(reason)s). Make it writable, or set BANSO_DATA.")
            % {"folder": folder, "reason": error.strerror}
        ) from error


def bring_up_to_date() -> None:
    """Make the tables that are missing, and change those of an older version; raises Refusal."""
    from django.core.management import call_command  # noqa: PLC0415  # needs Django started

    with database_errors():
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)


def operator() -> "Actor":
    """Return whom the journal names as who typed the command."""
    from banso.people.access import Actor  # noqa: PLC0415  # needs Django started

    return Actor(kind="system", id=None, label="banso")


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn a database that cannot be reached into a sentence."""
    from django.db import DatabaseError  # noqa: PLC0415  # needs Django started

    try:
        yield
    except DatabaseError as error:
        raise Refusal(unusable(error)) from error


def unusable(error: Exception) -> str:
    """Return in a sentence why the database cannot be used, and where to look."""
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return _("The database cannot be used: %(reason)s. Check BANSO_DATABASE_URL, or the data folder.") % {
        "reason": reason.rstrip(".")
    }


def free_port(host: str, port: int) -> int:
    """Return the port, or a free one where 0 is asked for; raises Refusal where another program has it."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            return int(tried.getsockname()[1])
    except PermissionError as error:
        raise Refusal(
            _("Port %(port)d may be used by administrators only. Choose one from 1024: --port 8000") % {"port": port}
        ) from error
    except OSError as error:
        if not port:
            raise Refusal(
                _("The address %(host)s cannot be used: %(reason)s.") % {"host": host, "reason": error.strerror}
            ) from error
        raise Refusal(
            _("Port %(port)d is in use by another program. Choose another (--port %(next)d) or a free one: --port 0")
            % {"port": port, "next": port + 1 if port < LARGEST_PORT else 8000}
        ) from error
