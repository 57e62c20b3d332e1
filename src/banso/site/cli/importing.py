"""The command that imports a file."""

import sys
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import click

from banso.site.cli import starting
from banso.site.cli.folders import use_running_demo

if TYPE_CHECKING:
    from banso.intake.queries.imports import ImportRow

KINDS = ("accounts", "people", "contracts", "usage")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 20


@click.command("import", help=_("Import a CSV or Excel file, as the page for imports does."))
@click.argument("file", type=FILE)
@click.option("--as", "kind", type=click.Choice(KINDS), required=True, help=_("What the rows are."))
@click.option("--map", "map_file", type=FILE, help=_("Which column is what, as YAML; else guessed from the header."))
@click.option("--dry-run", is_flag=True, help=_("Check everything, change nothing."))
@click.option("--skip-bad", is_flag=True, help=_("Take the good rows and report the bad ones; else all or nothing."))
def import_file(file: Path, kind: str, map_file: Path | None, *, dry_run: bool, skip_bad: bool) -> None:
    """Import one file; exit code 1 where rows were refused, 2 where it could not begin."""
    use_running_demo()
    starting.start_django()
    starting.bring_up_to_date()
    from django.conf import settings  # noqa: PLC0415  # needs Django started
    from django.utils import timezone, translation  # noqa: PLC0415

    from banso.intake import actions as intake  # noqa: PLC0415
    from banso.intake.queries import wording  # noqa: PLC0415
    from banso.people.access import Actor  # noqa: PLC0415

    operator = Actor(kind="system", id=None, label="banso")
    with translation.override(settings.LANGUAGE_CODE):
        try:
            chosen = intake.read_map(map_file, kind=kind) if map_file else None
            one = intake.import_file(
                file,
                kind=kind,
                chosen=chosen,
                by=operator,
                now=timezone.now(),
                is_dry_run=dry_run,
                skips_bad_rows=skip_bad,
            )
        except intake.WrongMap as wrong:
            raise starting.Refusal(f"{map_file}: {wording.map_problem(wrong, kind)}") from wrong
        except intake.Unreadable as unreadable:
            raise starting.Refusal(wording.whole(unreadable.refusal, kind)) from unreadable
        for refusal in one.refusals[:SHOWN]:
            click.echo(wording.whole(refusal, kind), err=True)
        if one.failure:
            click.echo(wording.whole(one.failure, kind), err=True)
    _report(one)
    sys.exit(1 if one.refused or one.failure else 0)


def _report(one: "ImportRow") -> None:
    counts = {"added": one.added, "changed": one.changed, "same": one.same, "refused": one.refused}
    click.echo(f"{one.file_name}: {one.state_label}")
    click.echo(_("%(added)d added, %(changed)d changed, %(same)d as before, %(refused)d refused") % counts)
