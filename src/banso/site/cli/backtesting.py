"""The command that holds scorecards against who really left."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from enum import Enum
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from banso.site.cli import starting
from banso.site.cli.folders import use_running_demo

if TYPE_CHECKING:
    from banso.health.queries.backtests import Definition, Lab

FILES = click.Path(exists=True, dir_okay=False, path_type=Path)
OUTCOMES = ("left", "contracted", "silent", "renewed", "expanded")
RHYTHMS = ("weekly", "four_weekly", "quarterly")
DAY = click.DateTime(["%Y-%m-%d"])


@click.command(help=_("Hold scorecards against who really left: the one in force, earlier versions, or files."))
@click.argument("files", type=FILES, nargs=-1)
@click.option("--version", "versions", type=int, multiple=True, help=_("A published version; may be given again."))
@click.option("--outcome", type=click.Choice(OUTCOMES), default="left", show_default=True)
@click.option("--percent", type=click.IntRange(1, 100), default=10, help=_("For contracted and expanded."))
@click.option("--silent-days", type=click.IntRange(1, 730), default=90, help=_("For silent."))
@click.option("--horizon", type=click.IntRange(7, 730), default=90, help=_("Days looked ahead."), show_default=True)
@click.option("--since", type=DAY, help=_("First day looked from; else two years back."))
@click.option("--until", type=DAY, help=_("Last day looked from; else so long ago that the horizon is over."))
@click.option("--rhythm", type=click.Choice(RHYTHMS), default="four_weekly", show_default=True)
@click.option("--known", type=click.Choice(("event", "received")), default="event", show_default=True)
@click.option("--capacity", type=click.IntRange(1, 100_000), default=20, show_default=True)
@click.option("--whole", is_flag=True, help=_("Test on the whole period, not only on its later half."))
@click.option("--json", "as_json", is_flag=True, help=_("All figures, for programs."))
def backtest(files: tuple[Path, ...], versions: tuple[int, ...], *, as_json: bool, whole: bool, **said: Any) -> None:
    """Print what was found, one sentence a line."""
    use_running_demo()
    starting.start_django()
    starting.bring_up_to_date()
    from django.conf import settings  # noqa: PLC0415  # needs Django started
    from django.utils import timezone, translation  # noqa: PLC0415

    from banso.health.queries import backtests, telling  # noqa: PLC0415
    from banso.people import queries as people  # noqa: PLC0415

    today = people.today(people.company(), timezone.now())
    with translation.override(settings.LANGUAGE_CODE):
        found = backtests.held_against(_definitions(files, versions), _asked(today, whole=whole, **said), today=today)
        click.echo(_json(found) if as_json else "\n".join(telling.sentences(found)))


def _definitions(files: tuple[Path, ...], versions: tuple[int, ...]) -> list["Definition"]:
    """Return the scorecards meant, in the order given: versions, then files; the one in force where none is named."""
    from banso.health import queries as health  # noqa: PLC0415
    from banso.health.actions import WrongDefinition  # noqa: PLC0415

    cards = [health.scorecard_of_version(number) for number in versions]
    if None in cards:
        raise starting.Refusal(_("There is no such version of the scorecard. Its page lists those that exist."))
    found = [card.definition for card in cards if card]
    for file in files:
        try:
            written = health.plan(file.read_text(encoding="utf-8")).written
        except WrongDefinition as wrong:
            faults = "; ".join(f"{one.line}: {health.fault_text(one)}" for one in wrong.faults)
            raise starting.Refusal(f"{file}: {faults}") from wrong
        if written.scorecard is None:
            raise starting.Refusal(_("%(file)s has no scorecard to test.") % {"file": file})
        found.append(written.scorecard)
    current = health.current_scorecard()
    if not found and current is None:
        raise starting.Refusal(_("No scorecard is in force yet. Name a file, or publish one first."))
    return found or [current.definition] if current else found


def _asked(today: date, *, whole: bool, **said: Any) -> Any:
    from banso.health.queries.backtests import Asked, Outcome, horizon_faults  # noqa: PLC0415

    outcome = Outcome(said["outcome"], percent=said["percent"], days=said["silent_days"])
    if horizon_faults(outcome, said["horizon"]):
        raise starting.Refusal(_("Silence would be known already: take a horizon as long as --silent-days, or longer."))
    until = said["until"].date() if said["until"] else today - timedelta(days=said["horizon"])
    since = said["since"].date() if said["since"] else until - timedelta(days=730)
    asked = Asked(
        outcome=outcome,
        horizon_days=said["horizon"],
        since=since,
        until=until,
        rhythm=said["rhythm"],
        known=said["known"],
        capacity=said["capacity"],
    )
    return asked if whole else asked.with_usual_split()


def _json(found: "Lab") -> str:
    return json.dumps(_plain(asdict(found)), ensure_ascii=False, indent=2, allow_nan=False)


def _plain(value: object) -> object:
    """Return what JSON can hold: days as text, arrays as lists, and null for what is not known."""
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
