"""The company of this installation: its name, money, calendar and fiscal year."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction

from banso.people.actions.changes import write_down
from banso.people.actions.refusals import UnknownChoice
from banso.people.models import Company
from banso.people.queries import CompanyRow, company
from banso.people.rules import Actor, differences, is_day_of_year


@transaction.atomic
def set_company(
    *,
    by: Actor,
    now: datetime,
    name: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
    currency: str | None = None,
    country: str | None = None,
    fiscal_year_starts_in: int | None = None,
    closures: Iterable[str] | None = None,
    stands_on: date | None = None,
) -> CompanyRow:
    """Set what is given and leave the rest; raises UnknownChoice, and writes down only what differs."""
    given = {
        "name": name,
        "language": language,
        "time_zone": time_zone,
        "currency": currency,
        "country": country,
        "fiscal_year_starts_in": fiscal_year_starts_in,
        "closures": None if closures is None else sorted(set(closures)),
        "stands_on": stands_on,
    }
    fields = {field: value for field, value in given.items() if value is not None}
    _check(fields)
    before = company()
    as_it_was = {**vars(before), "closures": list(before.closures)}
    changed = differences(as_it_was, fields)
    if changed:
        Company.objects.update_or_create(pk=1, defaults={**as_it_was, **fields})
        write_down("company.changed", "company", 1, name or before.name, details=_plain(changed), by=by, now=now)
    return company()


def _plain(changed: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Return changes as plain JSON: days as ISO text."""
    return {
        field: [value.isoformat() if isinstance(value, date) else value for value in pair]
        for field, pair in changed.items()
    }


def _check(fields: Mapping[str, Any]) -> None:
    known: dict[str, Callable[[Any], object]] = {
        "language": lambda value: value in dict(settings.LANGUAGES),
        "time_zone": lambda value: value in available_timezones(),
        "currency": lambda value: re.fullmatch("[A-Z]{3}", str(value)),
        "country": lambda value: re.fullmatch("[A-Z]{2}", str(value)),
        "fiscal_year_starts_in": lambda value: value in range(1, 13),
        "closures": lambda value: all(is_day_of_year(day) for day in value),
    }
    for field, value in fields.items():
        if field in known and not known[field](value):
            raise UnknownChoice(field, value)
