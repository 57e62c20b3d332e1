"""What limits are held against: amounts by day, and the latest value of each day."""

from datetime import date

import pytest

from banso.people.testing import A_MOMENT, AN_ACTOR
from banso.usage import actions, queries
from banso.usage.testing import events, recorded

pytestmark = pytest.mark.django_db
SINCE, UNTIL = date(2026, 3, 1), date(2026, 3, 31)


def _some() -> None:
    recorded(
        events(
            ("2026-03-02T03:00:00", "aoba", "taro", "mails", 10.0),
            ("2026-03-02T04:00:00", "aoba", "hana", "mails", 2.5),
            ("2026-03-02T14:59:00", "aoba", None, "mails", None),
            ("2026-03-02T15:01:00", "aoba", None, "mails", 4.0),  # the third in Japan
            ("2026-03-02T03:00:00", "midori", None, "mails", 1.0),
            ("2026-03-02T03:00:00", "aoba", None, "stored", 7.0),
            ("2026-02-27T03:00:00", "aoba", None, "mails", 9.0),
        )
    )


def test_times_and_sums_are_told_by_account_event_day_and_how_late_they_came() -> None:
    _some()
    assert queries.daily_amounts(["mails"], SINCE, UNTIL).rows() == [
        ("aoba", "mails", date(2026, 3, 2), 35, 3, 12.5),
        ("aoba", "mails", date(2026, 3, 3), 34, 1, 4.0),
        ("midori", "mails", date(2026, 3, 2), 35, 1, 1.0),
    ]
    assert queries.daily_amounts(["nothing"], SINCE, UNTIL).is_empty()
    assert queries.daily_amounts(["mails"], date(2025, 1, 1), date(2025, 2, 1)).is_empty()


def test_meters_count_and_what_is_ignored_does_not() -> None:
    _some()
    for name, kind in (("mails", "meter"), ("stored", "ignored")):
        actions.classify_event(name, kind=kind, by=AN_ACTOR, now=A_MOMENT)
    actions.roll_up(A_MOMENT, time_zone="Asia/Tokyo")
    found = queries.daily_amounts(["mails", "stored"], SINCE, UNTIL)
    assert set(found["event"]) == {"mails"}


def test_the_latest_value_of_a_day_is_the_last_that_came_with_one() -> None:
    _some()
    assert queries.latest_values(["mails", "stored"], SINCE, UNTIL).rows() == [
        ("aoba", "mails", date(2026, 3, 2), 2.5),
        ("aoba", "mails", date(2026, 3, 3), 4.0),
        ("aoba", "stored", date(2026, 3, 2), 7.0),
        ("midori", "mails", date(2026, 3, 2), 1.0),
    ]
    assert queries.latest_values([], SINCE, UNTIL).is_empty()


def test_without_events_there_are_no_amounts() -> None:
    assert queries.daily_amounts(["mails"], SINCE, UNTIL).is_empty()
    assert queries.latest_values(["mails"], SINCE, UNTIL).is_empty()
