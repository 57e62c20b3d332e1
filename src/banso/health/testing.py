"""Scored accounts for everyone's tests, built through the real actions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np

from banso.accounts.testing import an_account
from banso.health import actions
from banso.health.models import Alert
from banso.health.queries import PulseRow, ScorecardRow
from banso.health.rules import TEMPLATES, Definition
from banso.people.testing import AN_ACTOR
from banso.usage.testing import events, recorded, used

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


WATCHED_WEEKS: Final = 60
FALLEN_WEEKS: Final = 6


def a_watched_book(*falling: str, steady: int = 14, left: float = 0.3) -> dict[str, int]:
    """Add accounts that used the product 40 times a week or so for 60 weeks; `falling` ones fell in the last six.

    Nobody's weeks are alike, so that there is noise to learn from; a seed makes it the same noise each time.
    """
    rng = np.random.default_rng(5)
    monday = A_TODAY - timedelta(days=A_TODAY.weekday())
    made, rows = {}, []
    for name in [*falling, *(f"steady{n}" for n in range(steady))]:
        made[name] = an_account(name, name=f"株式会社{name}")
        for ago in range(WATCHED_WEEKS, 0, -1):
            is_fallen = name in falling and ago <= FALLEN_WEEKS
            for n in range(rng.poisson(40 * (left if is_fallen else 1.0))):
                day = monday - timedelta(weeks=ago) + timedelta(days=n % 5)
                rows.append((f"{day}T0{n % 8}:{n % 60:02}:{n // 8:02}", name, f"p{n % 9}", "report.opened"))
    recorded(events(*rows))
    return made


def watched(on: date = A_TODAY, *, now: datetime = A_MOMENT) -> actions.Done:
    """Watch all accounts."""
    done = actions.watch(on=on, by=AN_ACTOR, now=now)
    if done is None:
        raise AssertionError("There is no whole week of use.")
    return done


def an_alert(name: str, *, size: float = -0.5, **said: Any) -> Alert:
    """Raise an alert of an account that is added: use fell from 19 October on, and it was seen on 9 November."""
    course = [
        [(A_TODAY - timedelta(weeks=ago, days=A_TODAY.weekday())).isoformat(), 50.0, 100.0, 70.0, 130.0]
        for ago in range(9, 0, -1)
    ]
    return Alert.objects.create(
        **{
            "account_id": an_account(name, name=f"株式会社{name}"),
            "kind": "drop",
            "reason": "use",
            "since_on": date(2026, 10, 19),
            "seen_on": date(2026, 11, 9),
            "size": size,
            "low": size - 0.1,
            "high": size + 0.1,
            "usual": 100,
            "latest": 50,
            "course": course,
            "as_of_on": A_TODAY,
            "raised_at": A_MOMENT,
            **said,
        }
    )
