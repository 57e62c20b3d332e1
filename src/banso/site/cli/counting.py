"""The commands about the engine that counts usage."""

import sys
import time
from gettext import gettext as _
from typing import TYPE_CHECKING

import click

from banso.site.cli import starting
from banso.site.cli.folders import use_running_demo

if TYPE_CHECKING:
    from banso.usage.actions import Compared


@click.group(help=_("The engine that counts usage: see whether it answers, fill it."))
def engine() -> None:
    """Hold the commands together."""


@engine.command(help=_("Copy what measures are read from to the engine that BANSO_ENGINE_URL names, and compare."))
def copy() -> None:
    """Bring the files that are missing, then compare rows and checksums by month; exit code 1 where they differ."""
    use_running_demo()
    starting.start_django()
    from banso.usage import actions as usage  # noqa: PLC0415  # needs Django started
    from banso.usage import queries  # noqa: PLC0415

    began = time.monotonic()

    def tell(done: int, total: int, file: str) -> None:
        if file:
            click.echo(f"  {done + 1}/{total}  {file}  ({time.monotonic() - began:.0f} s)")

    try:
        if not queries.engine_keeps_rows():
            raise starting.Refusal(
                _("BANSO_ENGINE_URL names an engine that reads the files where they lie: there is nothing to copy.")
            )
        found = usage.copy_to_engine(tell=tell, hear=_tell)
    except (queries.EngineDown, queries.WrongEngine) as down:
        raise starting.Refusal(
            _("%(reason)s\nWhat was copied stays; run the command again when the engine answers.") % {"reason": down}
        ) from down
    wrong = [one for one in found if not one.is_same]
    if wrong:
        click.echo(
            _("%(count)d tables differ. Drop the tables usage_* in the engine's database, and copy again.")
            % {"count": len(wrong)},
            err=True,
        )
        sys.exit(1)
    rows = sum(one.files.rows for one in found)
    click.echo(_("The engine holds all %(rows)s rows, and their checksums agree.") % {"rows": f"{rows:,}"})


def _tell(one: "Compared") -> None:
    place = f"{one.month or '-':<8} {one.table:<9} {one.files.rows:>12,}"
    if one.is_same:
        click.echo(f"  {place}  =")
    else:
        click.echo(f"  {place}  ≠ {one.engine.rows:,}", err=True)
