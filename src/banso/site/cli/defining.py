"""The commands that take definitions of measures and scorecards out into files, and back."""

import sys
from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import click

from banso.site.cli import starting
from banso.site.cli.folders import use_running_demo

if TYPE_CHECKING:
    from banso.health.queries import MeasureVersionRow, Plan

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
COLOURS = {"+": "green", "-": "red", " ": None}


@click.group(help=_("Definitions of measures and scorecards as YAML: taken out, checked, put in force."))
def definitions() -> None:
    """Hold the commands about definitions together."""
    use_running_demo()
    starting.start_django()
    starting.bring_up_to_date()


@definitions.command(help=_("Write all definitions in force into a file, or print them."))
@click.argument("file", type=NEW_FILE, required=False)
def export(file: Path | None) -> None:
    """Write what is in force."""
    from banso.health import queries as health  # noqa: PLC0415  # needs Django started

    text = health.exported()
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        message = _("%(file)s cannot be written: %(reason)s. Choose another place.")
        raise starting.Refusal(message % {"file": file, "reason": error.strerror}) from error
    click.echo(_("%(file)s was written.") % {"file": file})


@definitions.command(help=_("Say what is wrong in a file, by line, and what it would change; exit code 1 where wrong."))
@click.argument("file", type=FILE)
@click.option("--prune", is_flag=True, help=_("Retire measures that the file does not have."))
def check(file: Path, *, prune: bool) -> None:
    """Check one file; nothing is changed."""
    _in_language(lambda: _show(file, _plan(file, prune=prune)))


@definitions.command(help=_("Show what a file changes, and put it in force: all of it or nothing."))
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help=_("Show the changes only."))
@click.option("--prune", is_flag=True, help=_("Retire measures that the file does not have."))
@click.option("--note", default="", help=_("Why: it stands in the history of versions."))
@click.option("--yes", "is_sure", is_flag=True, help=_("Do not ask."))
def apply(file: Path, *, dry_run: bool, prune: bool, note: str, is_sure: bool) -> None:
    """Apply one file."""

    def run() -> None:
        found = _plan(file, prune=prune)
        _show(file, found)
        if dry_run or not found.changes:
            return
        if not is_sure and sys.stdin.isatty():
            click.confirm(_("Put these changes in force?"), abort=True)
        from django.utils import timezone  # noqa: PLC0415  # needs Django started

        from banso.health import actions as health  # noqa: PLC0415

        done = health.apply_definitions(
            _text(file), by=starting.operator(), now=timezone.now(), note=note[:500], prune=prune
        )
        for key, version in done.versions.items():
            click.echo(_("%(key)s: version %(version)d is in force.") % {"key": key, "version": version})
        if done.scorecard_version:
            click.echo(_("Scorecard: version %(version)d is in force.") % {"version": done.scorecard_version})

    _in_language(run)


@definitions.command(help=_("Show the versions of a measure, newest first."))
@click.argument("key")
def history(key: str) -> None:
    """List the versions of one measure."""

    def run() -> None:
        from banso.health.queries import said  # noqa: PLC0415  # needs Django started

        for one in _versions(key):
            state = _("retired") if one.is_retired else said(one.count.label)
            when = f"{one.defined_at:%Y-%m-%d %H:%M} {one.defined_by}"
            click.echo(f"v{one.version}  {when}  {state}  {one.note}".rstrip())

    _in_language(run)


@definitions.command("roll-back", help=_("Put what an earlier version of a measure said in force again."))
@click.argument("key")
@click.option("--to", "version", type=int, required=True, help=_("The version to go back to."))
@click.option("--note", default="", help=_("Why: it stands in the history of versions."))
def roll_back(key: str, version: int, note: str) -> None:
    """Go back, by a new version."""

    def run() -> None:
        from django.utils import timezone  # noqa: PLC0415  # needs Django started

        from banso.health import actions as health  # noqa: PLC0415

        known = ", ".join(f"v{one.version}" for one in _versions(key) if not one.is_retired)
        try:
            made = health.roll_back(
                key=key, version=version, by=starting.operator(), now=timezone.now(), note=note[:500]
            )
        except health.UnknownMeasure as unknown:
            message = _("%(key)s has no version %(version)d. Choose one of: %(known)s.")
            raise starting.Refusal(message % {"key": key, "version": version, "known": known}) from unknown
        click.echo(_("%(key)s: version %(version)d is in force.") % {"key": key, "version": made.version})

    _in_language(run)


def _in_language(run: Callable[[], None]) -> None:
    """Say everything in the language of the installation."""
    from django.conf import settings  # noqa: PLC0415  # needs Django started
    from django.utils import translation  # noqa: PLC0415

    with translation.override(settings.LANGUAGE_CODE):
        run()


def _plan(file: Path, *, prune: bool) -> "Plan":
    """Return what a file would do; says each fault with file and line, and ends with code 1, where it is wrong."""
    from banso.health import actions as health  # noqa: PLC0415  # needs Django started
    from banso.health import queries  # noqa: PLC0415

    try:
        return queries.plan(_text(file), prune=prune)
    except health.WrongDefinition as wrong:
        for fault in wrong.faults:
            click.echo(f"{file}:{fault.line}: {fault.place}: {queries.fault_text(fault)}", err=True)
        sys.exit(1)


def _show(file: Path, found: "Plan") -> None:
    from banso.health import queries  # noqa: PLC0415  # needs Django started

    sorts = {"added": _("added"), "changed": _("changed"), "retired": _("retired")}
    for remark in found.remarks:
        click.echo(f"{file}: {remark.place}: {queries.fault_text(remark)}", err=True)
    for change in found.changes:
        click.secho(f"{change.key or _('scorecard')} ({sorts[change.sort]})", bold=True)
        for line in change.lines:
            click.secho(f"{line.sign} {line.text}", fg=COLOURS[line.sign])
    if not found.changes:
        click.echo(_("%(file)s says what is in force already.") % {"file": file})


def _versions(key: str) -> "list[MeasureVersionRow]":
    from banso.health import queries  # noqa: PLC0415  # needs Django started

    if found := queries.measure_versions(key):
        return found
    known = ", ".join(one.key for one in queries.measures())
    message = _("There is no measure %(key)s. Choose one of: %(known)s.")
    raise starting.Refusal(message % {"key": key, "known": known or "–"})


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = _("%(file)s cannot be read: %(reason)s. Save it as UTF-8 text.")
        raise starting.Refusal(message % {"file": file, "reason": error}) from error
