"""Fills the installation of a demo with its data set."""

import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from gettext import gettext as _
from typing import Final

import click
from django.conf import settings
from django.utils import timezone

from banso.accounts import actions as accounts
from banso.accounts import queries as account_rows
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
# Where nobody says who left: customers without use for so long have left, as the data set defines it.
SILENT: Final = {"oss_activity": timedelta(days=180)}
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
    demo.hire(email=note.email, password=note.password, currency="JPY", now=now, name=note.data)

    def progress(file: str, place: int, total: int) -> None:
        click.echo(f"  {place + 1}/{total}  {file}")

    try:
        done = intake.load_sample(note.data, folder, by=SYSTEM, now=now, progress=progress)
    except intake.UnknownSample as unknown:
        raise Refusal(_("This is no data set that can be loaded: %(what)s") % {"what": unknown}) from unknown
    for one in done:
        counts = {"file": one.file_name, "added": one.added, "refused": one.refused, "found": len(one.findings)}
        click.echo(_("  %(file)s: %(added)d taken, %(refused)d refused, %(found)d kinds of defects reported") % counts)
    _stand_still(now, SILENT.get(note.data))


def _stand_still(now: datetime, silent: timedelta | None) -> None:
    """Look at data that ended in the past from the day after its last, so that not everybody seems to be gone."""
    span = usage.span()
    if span is None:
        return
    day = span[1] + A_DAY
    if day < people.today(people.company(), now):
        people_actions.set_company(stands_on=day, by=SYSTEM, now=now)
        if silent is not None:
            _say_who_left(span, silent, now)
        health.recompute(on=day, by=SYSTEM, now=now)


def _say_who_left(span: tuple[date, date], silent: timedelta, now: datetime) -> None:
    last_uses = usage.totals_of(list(account_rows.all_ids().values()), *span)
    rows = [
        accounts.AccountInput(name, left_on=row.last_on + silent)
        for name, row in last_uses.items()
        if row.last_on is not None and row.last_on + silent <= span[1]
    ]
    accounts.save_accounts(rows, by=SYSTEM, now=now)


def _steps() -> Mapping[str, str]:
    return {
        "accounts": _("accounts and people"),
        "contracts": _("contracts"),
        "usage": _("two years of usage"),
        "health": _("health of every week"),
        "done": _("done"),
    }
