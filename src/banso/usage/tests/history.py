"""A small history with what engines stumble over: borders of windows, people of several accounts, late events."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from banso.usage.testing import recorded
from banso.usage.tests.naive import Event, Row, frame

TODAY = date(2026, 4, 8)
MONDAYS = [date(2026, 1, 12) + timedelta(days=7 * week) for week in range(13)]
ZONE = ZoneInfo("Asia/Tokyo")
FEATURES = [f"feature.{number:03}" for number in range(72)]
PEOPLE = ("taro", "hanako", "jiro", "yuki")
VALUES = (None, 1.0, 2.5, -0.5, 1024.0)


def rows() -> tuple[list[Row], list[Row]]:
    """Return what came in time, and what came later; no two rows are equal."""
    chance = random.Random(20260401)  # noqa: S311  # the same each time
    found: list[Row] = []
    # The first week has every feature once, so that their bits go past the first mask word.
    first = datetime(2025, 10, 6, 1, tzinfo=UTC)
    found.extend((first + timedelta(minutes=at), "acme", "taro", name, None) for at, name in enumerate(FEATURES))
    for account, weight in (("acme", 300), ("beta", 200), ("gamma", 80)):
        for _ in range(weight):
            at = first + timedelta(minutes=chance.randrange(183 * 24 * 60))
            person = chance.choice((*PEOPLE, None))
            name = chance.choice((*FEATURES[:6], *FEATURES[60:72], "ticket.opened"))
            found.append((at, account, person, name, chance.choice(VALUES)))
    found.extend(_on_borders())
    # Nobody is named here; only moments there; one that left long ago; one whose first event is of yesterday.
    found.extend((_at(TODAY - timedelta(days=d), time(12)), "nameless", None, "feature.001", 1.0) for d in range(2, 40))
    found.extend((_at(TODAY - timedelta(days=d), time(12)), "tickets", "taro", "ticket.opened", 2.5) for d in (3, 9))
    # A year before there was half as much.
    for weeks in range(20):
        day = TODAY - timedelta(days=7 * weeks + 1)
        found.append((_at(day, time(8)), "yearly", "taro", "feature.003", 2.5))
        found.append((_at(day, time(9)), "yearly", "yuki", "feature.069", 1.0))
        found.append((_at(day - timedelta(days=7 * 52), time(8)), "yearly", "taro", "feature.003", 1.0))
    found.append((datetime(2019, 3, 1, tzinfo=UTC), "gone", "taro", "feature.003", 1.0))
    found.append((_at(TODAY - timedelta(days=1), time(9)), "new", "hanako", "feature.070", None))
    found = list(dict.fromkeys(found))
    late = found[::7]
    return [row for row in found if row not in set(late)], late


def recorded_history() -> list[Event]:
    """Record the history, roll it up before and after the late events, and return its events by the company's day."""
    parts = rows()
    for part in parts:
        recorded(frame(part))
    return [Event.of(row, ZONE) for part in parts for row in part]


def _on_borders() -> Sequence[Row]:
    """Return events at the first and the last moment of the days on which a window begins or ends."""
    border = []
    for on in (TODAY, MONDAYS[0], MONDAYS[-1]):
        for days in (0, 1, 7, 8, 14, 28, 29, 56):
            day = on - timedelta(days=days)
            border.append((_at(day, time(0)), "border", "yuki", "feature.002", 1.0))
            border.append((_at(day, time(23, 59, 59, 999_999)), "border", "jiro", "feature.064", 2.5))
    return border


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZONE).astimezone(UTC)
