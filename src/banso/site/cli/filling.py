"""Fills the installation of a demo with its data set."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from gettext import gettext as _
from typing import Final

import click
from django.conf import settings
from django.utils import timezone

from banso.demo import actions as demo
from banso.health import actions as health
from banso.intake import actions as intake
from banso.people import actions as people_actions
from banso.people import queries as people
from banso.people.access import SYSTEM
from banso.site.cli.folders import Note, source_of
from banso.site.cli.starting import Refusal
from banso.usage import queries as usage

SEED: Final = 20260401
# What the money of a data set is counted in, where it is not yen.
CURRENCIES: Final = {"ravenstack": "USD"}
A_DAY: Final = timedelta(days=1)


def fill(note: Note) -> None:
    """Make the user who signs in and the data set that the note names; raises Refusal where there is no such set."""
    now = timezone.now()
    if note.data == "demo":
        _fill_demo(note, now)
    else:
        _fill_from_files(note, now)


def _fill_demo(note: Note, now: datetime) -> None:
    today = people.today(people.company(), now)
    told = _steps()
    began = time.monotonic()

    def progress(share: float, what: str) -> None:
        click.echo(f"  {share:4.0%}  {told.get(what, what)}  ({time.monotonic() - began:.0f} s)")

    demo.fill(seed=SEED, today=today, now=now, email=note.email, password=note.password, progress=progress)


def _fill_from_files(note: Note, now: datetime) -> None:
    folder = source_of(note.data, settings.ENVIRONMENT.shared)
    currency = CURRENCIES.get(note.data, "JPY")
    demo.hire(email=note.email, password=note.password, currency=currency, now=now, name=note.data)

    def progress(file: str, place: int, total: int) -> None:
        click.echo(f"  {place + 1}/{total}  {file}")

    try:
        done = intake.load_sample(note.data, folder, by=SYSTEM, now=now, progress=progress)
    except intake.UnknownSample as unknown:
        raise Refusal(_("This is no data set that can be loaded: %(what)s") % {"what": unknown}) from unknown
    for one in done:
        counts = {"file": one.file_name, "added": one.added, "refused": one.refused, "found": len(one.findings)}
        click.echo(_("  %(file)s: %(added)d taken, %(refused)d refused, %(found)d kinds of defects reported") % counts)
    _stand_still(now)


def _stand_still(now: datetime) -> None:
    """Look at data that ended in the past from the day after its last, so that not everybody seems to be gone."""
    span = usage.span()
    if span is None:
        return
    day = span[1] + A_DAY
    if day < people.today(people.company(), now):
        people_actions.set_company(stands_on=day, by=SYSTEM, now=now)
        health.recompute(on=day, by=SYSTEM, now=now)


def _steps() -> Mapping[str, str]:
    return {
        "accounts": _("accounts and people"),
        "contracts": _("contracts"),
        "usage": _("two years of usage"),
        "health": _("health of every week"),
        "done": _("done"),
    }
