"""The command that imports a file."""

from gettext import gettext as _
from pathlib import Path

import click

from banso.site.cli import starting

KINDS = ("accounts", "people", "contracts", "events")


@click.command("import", help=_("Import a CSV or Excel file, as the page for imports does."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "kind", type=click.Choice(KINDS), required=True, help=_("What the rows are."))
@click.option(
    "--map",
    "mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Which column is what, as YAML."),
)
@click.option("--dry-run", is_flag=True, help=_("Check everything, change nothing."))
def import_file(file: Path, kind: str, mapping: Path | None, *, dry_run: bool) -> None:
    """Import one file."""
    starting.start_django()
    starting.bring_up_to_date()
    raise starting.Refusal(f"{file} {kind} {mapping} {dry_run}")
