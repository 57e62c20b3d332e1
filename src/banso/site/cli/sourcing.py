"""The commands about sources: list them, read one now, pause and resume one."""

import json
import sys
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

import click

from banso.site.cli import starting
from banso.site.cli.folders import use_running_demo

if TYPE_CHECKING:
    from banso.intake.queries.sources import SourceRow

NAME = click.argument("name")


@click.group(help=_("Sources that are read by themselves."))
def sources() -> None:
    """Hold the commands about sources together."""


@sources.command("list", help=_("List the sources with their last runs and when they are read next."))
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON for scripts."))
def list_sources(*, as_json: bool) -> None:
    """Print a line for each source."""
    _start()
    from banso.intake.queries import sources as queries  # noqa: PLC0415  # needs Django started

    rows = queries.all_sources()
    if as_json:
        click.echo(json.dumps([_plain(row) for row in rows], ensure_ascii=False))
        return
    for row in rows:
        state = row.last.state if row.last else "-"
        due = _("paused") if row.is_paused else f"{row.due_at:%Y-%m-%d %H:%M}Z"
        click.echo(f"{row.name}\t{row.kind}\t{state}\t{due}")
    if not rows:
        click.echo(_("There is no source yet. Add one on the page Imports › Sources."))


@sources.command("run", help=_("Read a source now, in this process; exit code 1 where something did not come in."))
@NAME
def run_source(name: str) -> None:
    """Read one source to its end, and print the counts."""
    row = _found(name)
    from django.utils import timezone  # noqa: PLC0415  # needs Django started

    from banso.intake import actions as intake  # noqa: PLC0415
    from banso.intake.actions.sources import pulling  # noqa: PLC0415
    from banso.intake.queries import sources as queries  # noqa: PLC0415
    from banso.intake.queries import wording  # noqa: PLC0415

    try:
        run_id = pulling.run_now(source_id=row.id, by=starting.operator(), now=timezone.now())
    except intake.NothingToRead as refusal:
        why = _("Confirm the columns of what is read from this source on its page first.")
        raise starting.Refusal(why) from refusal
    intake.pull(run_id, now=timezone.now())
    done = queries.run(run_id)
    if done.failure:
        click.echo(wording.whole(done.failure), err=True)
    counts = {"added": done.added, "changed": done.changed, "same": done.same, "refused": done.refused}
    click.echo(f"{row.name}: {done.state}")
    click.echo(_("%(added)d added, %(changed)d changed, %(same)d as before, %(refused)d refused") % counts)
    sys.exit(0 if done.state == "done" else 1)


@sources.command("pause", help=_("Let a source not be read by itself."))
@NAME
def pause_source(name: str) -> None:
    """Pause one source."""
    _change(name, "pause", _("%(name)s is paused."))


@sources.command("resume", help=_("Let a paused source be read again."))
@NAME
def resume_source(name: str) -> None:
    """Resume one source."""
    _change(name, "resume", _("%(name)s is read by itself again."))


def _change(name: str, how: str, words: str) -> None:
    row = _found(name)
    from django.utils import timezone  # noqa: PLC0415  # needs Django started

    from banso.intake.actions.sources import keeping  # noqa: PLC0415

    {"pause": keeping.pause, "resume": keeping.resume}[how](
        source_id=row.id, by=starting.operator(), now=timezone.now()
    )
    click.echo(words % {"name": row.name})


def _start() -> None:
    use_running_demo()
    starting.start_django()
    starting.bring_up_to_date()


def _found(name: str) -> "SourceRow":
    _start()
    from banso.intake.queries import sources as queries  # noqa: PLC0415  # needs Django started

    row = next((one for one in queries.all_sources() if name in {one.name, str(one.id)}), None)
    if row is None:
        raise starting.Refusal(_("There is no source “%(name)s”. “banso sources list” names them.") % {"name": name})
    return row


def _plain(row: "SourceRow") -> dict[str, Any]:
    last = row.last
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "every_minutes": row.every_minutes,
        "due_at": None if row.is_paused else row.due_at.isoformat(),
        "paused_at": row.paused_at.isoformat() if row.paused_at else None,
        "last_run": None
        if last is None
        else {
            "state": last.state,
            "asked_at": last.asked_at.isoformat(),
            "read": last.read,
            "added": last.added,
            "changed": last.changed,
            "same": last.same,
            "refused": last.refused,
        },
    }
