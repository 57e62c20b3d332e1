"""The list of limits as a file: the same lines, in the same order, for a spreadsheet."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from banso.accounts import queries as accounts
from banso.growth.queries.limits import Asked, LimitLine, every_limit
from banso.shared import money, tables


def sheet(viewer: accounts.Viewer, asked: Asked, *, form: tables.Form, today: date, currency: str) -> tables.Export:
    """Return all limits that are asked for, and that somebody may see, as CSV or Excel."""
    lines = every_limit(viewer, asked, today=today)
    return tables.export(form, _header(), _cells(lines, currency), name=f"limits-{today:%Y%m%d}")


def _header() -> list[str]:
    return [
        _("Account ID"),
        _("Account"),
        _("Owner"),
        _("Subject of the limit"),
        _("Unit"),
        _("Used"),
        _("Limit"),
        _("Share of the limit (%)"),
        _("State"),
        _("Passes on"),
        _("Earliest day"),
        _("Latest day"),
        _("Probability within a year (%)"),
        _("Period from"),
        _("Period until"),
        _("Monthly revenue"),
        _("Currency"),
        _("As of"),
    ]


def _cells(lines: Iterable[LimitLine], currency: str) -> Iterator[list[Any]]:
    for line in lines:
        amounts = [line.used, line.limit, None if line.share is None else round(100 * line.share, 1)]
        chance = None if line.probability is None else round(100 * line.probability)
        days = [line.crosses_on, line.low_on, line.high_on, chance, line.starts_on, line.ends_on]
        who = [line.account_external_id, line.account, line.owner, line.name, line.unit]
        money_of = [money.major(line.mrr, currency), currency]
        yield [*who, *amounts, line.state_label, *days, *money_of, line.as_of_on]
