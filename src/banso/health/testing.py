"""Scored accounts for everyone's tests, built through the real actions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from banso.accounts.testing import an_account
from banso.health import actions
from banso.health.queries import PulseRow, ScorecardRow
from banso.health.rules import TEMPLATES, Definition
from banso.people.testing import AN_ACTOR
from banso.usage.testing import used

A_TODAY: Final = date(2026, 11, 24)  # a Tuesday
A_MOMENT: Final = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def a_scorecard(definition: Definition | None = None, *, now: datetime = A_MOMENT, note: str = "") -> ScorecardRow:
    """Publish the usage-led template as it stands, or another definition."""
    return actions.publish(definition or TEMPLATES["usage_led"].definition, by=AN_ACTOR, now=now, note=note)


def a_pulse(account_id: int, rating: int = 4, *, reason: str = "導入は順調", now: datetime = A_MOMENT) -> PulseRow:
    """Record a pulse."""
    return actions.record_pulse(account_id=account_id, rating=rating, reason=reason, by=AN_ACTOR, now=now)


def computed(on: date = A_TODAY, *, now: datetime = A_MOMENT, with_history: bool = True) -> actions.Recomputed:
    """Compute health, publishing a scorecard first where there is none."""
    done = actions.recompute(on=on, by=AN_ACTOR, now=now, with_history=with_history)
    if done is None:
        raise AssertionError("There is no usage to compute health from.")
    return done


def a_steady_account(external_id: str = "steady", **said: Any) -> int:
    """Add an account that used two features every second day for 16 weeks before A_TODAY."""
    account_id = an_account(external_id, **{"name": "株式会社ステディ", **said})
    _use(external_id, range(1, 16 * 7, 2))
    return account_id


def a_fading_account(external_id: str = "fading", **said: Any) -> int:
    """Add an account that used the product every second day, and stopped ten days before A_TODAY."""
    account_id = an_account(external_id, **{"name": "株式会社フェード", **said})
    _use(external_id, range(10, 16 * 7, 2))
    return account_id


def _use(external_id: str, days_ago: range) -> None:
    days = [(A_TODAY - timedelta(days=ago)).isoformat() for ago in days_ago]
    used(external_id, days, people=("hanako", "taro"), name="report.opened")
    used(external_id, days[::2], people=("hanako",), name="report.shared")
