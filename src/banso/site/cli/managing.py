"""The commands for who runs an installation: is it well, who may sign in, which program may call."""

import json
import secrets
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from gettext import gettext as _

import click

from banso.site.cli import starting
from banso.site.cli.folders import use_running_demo

LEAST_FREE_BYTES = 2 * 1024**3
ROLES = ("admin", "manager", "csm", "read_only")
SCOPES = ("read", "write", "import", "admin", "events")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `remedy` says what to do where it is not well."""

    what: str
    is_well: bool
    remedy: str = ""


@click.command(help=_("Say what is missing on this machine or in this installation, and how to mend it."))
def doctor() -> None:
    """Look at everything; exit code 1 where something is not well."""
    use_running_demo()
    findings = list(_findings())
    for finding in findings:
        click.echo(f"{'✓' if finding.is_well else '✗'} {finding.what}")
        if not finding.is_well:
            click.echo(f"    {finding.remedy}")
    sys.exit(0 if all(finding.is_well for finding in findings) else 1)


@click.group(help=_("Users of this installation."))
def user() -> None:
    """Hold the commands about users together."""


@user.command("create", help=_("Make a user who may sign in. Without --password one is made up and printed."))
@click.option("--email", required=True)
@click.option("--name", default="", help=_("Name as others see it; else the part before the @."))
@click.option("--role", type=click.Choice(ROLES), default="admin", show_default=True)
@click.option("--password", help=_("Better typed than given: use - to be asked for it."))
def create_user(email: str, name: str, role: str, password: str | None) -> None:
    """Make a user."""
    use_running_demo()
    starting.start_django()
    starting.bring_up_to_date()
    from django.utils import timezone  # noqa: PLC0415  # needs Django started

    from banso.people import actions as people  # noqa: PLC0415

    secret = click.prompt(_("Password"), hide_input=True, confirmation_prompt=True) if password == "-" else password  # noqa: S105  # not one
    made_up = secret is None
    secret = secret or secrets.token_urlsafe(12)
    try:
        people.create_user(
            email=email,
            name=name or email.split("@", maxsplit=1)[0],
            role=role,
            password=secret,
            by=starting.operator(),
            now=timezone.now(),
        )
    except people.PeopleRefusal as refusal:
        raise starting.Refusal(str(refusal)) from refusal
    click.echo(_("%(email)s may sign in now.") % {"email": email})
    if made_up:
        click.echo(_("Password: %(password)s") % {"password": secret})


@click.group(help=_("Keys by which programs call the API."))
def key() -> None:
    """Hold the commands about keys together."""


@key.command("create", help=_("Make an API key and print it; it is shown this once only."))
@click.option("--scope", type=click.Choice(SCOPES), required=True, help=_("What the key may be used for."))
@click.option("--name", default="", help=_("Name by which people recognise the key."))
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON for scripts."))
def create_key(scope: str, name: str, *, as_json: bool) -> None:
    """Make a key."""
    use_running_demo()
    starting.start_django()
    starting.bring_up_to_date()
    from django.utils import timezone  # noqa: PLC0415  # needs Django started

    from banso.people import actions as people  # noqa: PLC0415

    row, secret = people.create_key(
        name=name or f"banso key create ({scope})",
        scope=scope,
        by=starting.operator(),
        now=timezone.now(),
    )
    if as_json:
        click.echo(json.dumps({"id": row.id, "name": row.name, "scope": row.scope, "key": secret}, ensure_ascii=False))
    else:
        click.echo(secret)


def _findings() -> Iterator[Finding]:
    yield Finding(
        _("Python %(version)s") % {"version": sys.version.split()[0]},
        sys.version_info >= (3, 12),
        _("Banso needs Python 3.12 or newer."),
    )
    try:
        settings = starting.start_django()
    except starting.Refusal as refusal:
        yield Finding(_("Settings and data folder"), is_well=False, remedy=refusal.message)
        return
    yield Finding(_("Settings and data folder %(folder)s") % {"folder": settings.data}, is_well=True)
    free = shutil.disk_usage(settings.data).free
    yield Finding(
        _("%(size).1f GB free") % {"size": free / 1024**3},
        free >= LEAST_FREE_BYTES,
        _("Make room: below 2 GB imports and roll-ups may stop."),
    )
    yield from _of_the_package()
    yield from _of_the_installation()


def _of_the_package() -> Iterator[Finding]:
    from django.conf import settings  # noqa: PLC0415  # needs Django started

    built = (settings.PACKAGE / "ui" / "static" / "dist" / "manifest.json").exists()
    yield Finding(_("Assets of the pages"), built, _("Build them with “make set-up”, or install the wheel."))
    compiled = (settings.PACKAGE / "site" / "locale" / "ja" / "LC_MESSAGES" / "django.mo").exists()
    yield Finding(_("Japanese texts"), compiled, _("Compile them with “make set-up”, or install the wheel."))


def _of_the_installation() -> Iterator[Finding]:
    from django.conf import settings  # noqa: PLC0415  # needs Django started
    from django.db import DatabaseError, connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415
    from django.utils import timezone, translation  # noqa: PLC0415

    from banso.site import pulse  # noqa: PLC0415

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding(_("Database"), is_well=False, remedy=starting.unusable(error))
        return
    yield Finding(
        _("Database (%(kind)s)") % {"kind": connection.vendor},
        not waiting,
        _("Start “banso serve” once: it brings the tables up to date."),
    )
    if waiting:
        return
    with translation.override(settings.LANGUAGE_CODE):
        for part in pulse.take(timezone.now()):
            if part.name != "database":
                said = pulse.in_words(part)
                facts = " · ".join(f"{name}: {value}" for name, value in said.facts)
                yield Finding(f"{said.label}  {facts}".rstrip(), part.status == "ok", said.remedy)
