"""The command that imports a file."""

import json
import sys
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from banso.site.cli import starting
from banso.site.cli.folders import use_running_demo

if TYPE_CHECKING:
    from banso.intake.queries.imports import ImportRow

KINDS = ("accounts", "people", "contracts", "usage", "series")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 20


@click.command("import", help=_("Import a CSV or Excel file, as the page for imports does."))
@click.argument("file", type=FILE)
@click.option("--as", "kind", type=click.Choice(KINDS), required=True, help=_("What the rows are."))
@click.option("--map", "map_file", type=FILE, help=_("Which column is what, as YAML; else guessed from the header."))
@click.option("--dry-run", is_flag=True, help=_("Check everything, change nothing."))
@click.option("--skip-bad", is_flag=True, help=_("Take the good rows and report the bad ones; else all or nothing."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the result, refusals and data quality as JSON."))
def import_file(file: Path, kind: str, map_file: Path | None, *, dry_run: bool, skip_bad: bool, as_json: bool) -> None:
    """Import one file; exit code 1 where rows were refused, 2 where it could not begin."""
    use_running_demo()
    starting.start_django()
    starting.bring_up_to_date()
    from django.conf import settings  # noqa: PLC0415  # needs Django started
    from django.utils import timezone, translation  # noqa: PLC0415

    from banso.intake import actions as intake  # noqa: PLC0415
    from banso.intake.queries import wording  # noqa: PLC0415

    with translation.override(settings.LANGUAGE_CODE):
        try:
            chosen = intake.read_map(map_file, kind=kind) if map_file else None
            one = intake.import_file(
                file,
                kind=kind,
                chosen=chosen,
                by=starting.operator(),
                now=timezone.now(),
                is_dry_run=dry_run,
                skips_bad_rows=skip_bad,
            )
        except intake.WrongMap as wrong:
            raise starting.Refusal(f"{map_file or _without_map(file)}: {wording.map_problem(wrong, kind)}") from wrong
        except intake.Unreadable as unreadable:
            raise starting.Refusal(wording.whole(unreadable.refusal, kind)) from unreadable
        if as_json:
            click.echo(json.dumps(_plain(one), ensure_ascii=False))
        else:
            _tell(one)
    sys.exit(1 if one.refused or one.failure else 0)


def _without_map(file: Path) -> str:
    return _("%(file)s, read without a map (--map says what each column is, and which sheet)") % {"file": file}


def _tell(one: "ImportRow") -> None:
    """Say what became of the file: what was refused on the error stream, the counts and the data quality as output."""
    from banso.intake.queries import wording  # noqa: PLC0415  # needs Django started

    for refusal in one.refusals[:SHOWN]:
        click.echo(wording.whole(refusal, one.kind), err=True)
    if one.refused > SHOWN:
        click.echo(_("… and %(count)d more refused rows") % {"count": one.refused - SHOWN}, err=True)
    if one.failure:
        click.echo(wording.whole(one.failure, one.kind), err=True)
    counts = {"added": one.added, "changed": one.changed, "same": one.same, "refused": one.refused}
    click.echo(f"{one.file_name}: {one.state_label}")
    click.echo(_("%(added)d added, %(changed)d changed, %(same)d as before, %(refused)d refused") % counts)
    click.echo(_("Data quality:") if one.findings else _("Data quality: nothing about this file stood out."))
    for found in wording.report(one.findings):
        click.echo(
            _("  [%(severity_label)s] %(text)s: %(count)d of %(total)d rows (such as %(rows)s). %(done)s") % found
        )


def _plain(one: "ImportRow") -> dict[str, Any]:
    from banso.intake.queries import wording  # noqa: PLC0415  # needs Django started

    texts = [line["text"] for line in wording.report(one.findings)]
    return {
        "file": one.file_name,
        "kind": one.kind,
        "state": one.state,
        "is_dry_run": one.is_dry_run,
        "rows": one.total,
        "added": one.added,
        "changed": one.changed,
        "same": one.same,
        "refused": one.refused,
        "refusals": [{**refusal.as_json(), "reason": wording.reason(refusal, one.kind)} for refusal in one.refusals],
        "findings": [{**found.as_json(), "text": text} for found, text in zip(one.findings, texts, strict=True)],
        "failure": {**one.failure.as_json(), "reason": wording.reason(one.failure, one.kind)} if one.failure else None,
    }
