"""Accounts near their limits for everyone's tests, built through the real actions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from banso.accounts.testing import an_account
from banso.contracts.testing import a_contract, a_line
from banso.growth import actions
from banso.people.testing import AN_ACTOR
from banso.usage.testing import events, recorded

A_TODAY: Final = date(2026, 11, 24)  # a Tuesday
A_MOMENT: Final = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
EVENT: Final = "mails_delivered"


def metered(account: str, daily: float, *, days: int = 140, event: str = EVENT, until: date = A_TODAY) -> None:
    """Let an account use so much of something on each of the days before one."""
    rows = [
        ((until - timedelta(days=ago)).isoformat() + "T03:00:00", account, None, event, float(daily))
        for ago in range(days, 0, -1)
    ]
    recorded(events(*rows))


def an_account_with_limit(external_id: str = "acme", limit: int = 1000, *, daily: float = 0, **said: Any) -> int:
    """Add an account whose contract holds so many mails a month, of which it sends so many a day; return its id."""
    account = an_account(external_id, name=f"株式会社{external_id}")
    line = {"kind": "metered", "name": "メール配信", "unit": "通", "limit": limit, "meter": EVENT} | said
    a_contract(external_id, starts_on=date(2026, 1, 1), lines=[a_line(), a_line("mails", **line)])
    if daily:
        metered(external_id, daily)
    return account


def measured(on: date = A_TODAY, *, now: datetime = A_MOMENT, is_refresh: bool = False) -> actions.Measured:
    """Measure all limits."""
    return actions.measure(on=on, by=AN_ACTOR, now=now, is_refresh=is_refresh)
