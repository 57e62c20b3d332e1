from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from django.conf import LazySettings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from banso.usage import queries as usage
from banso.usage.queries import Known, Measure
from banso.usage.testing import recorded
from banso.usage.tests import naive
from banso.usage.tests.naive import Row

pytestmark = pytest.mark.django_db

FEATURES = ("report.opened", "export.done", "never.seen")
MEASURES = (
    *(Measure(f"active_{days}", "active_people", days) for days in (1, 7, 10, 28, 90)),
    *(Measure(f"events_{days}", "events", days) for days in (1, 7, 30)),
    Measure("tickets", "events", 28, ("ticket.opened",)),
    Measure("ticket_people", "active_people", 20, ("ticket.opened", "export.done")),
    Measure("one_feature_people", "active_people", 20, ("export.done",)),
    Measure("per_person", "events_per_person", 28),
    Measure("reports_per_person", "events_per_person", 9, ("report.opened",)),
    Measure("features", "distinct_features", 28),
    Measure("features_3", "distinct_features", 3),
    Measure("key_features", "distinct_features", 28, FEATURES),
    Measure("adoption", "adoption", 30, FEATURES),
    Measure("nothing_adopted", "adoption", 30, ("never.seen",)),
    Measure("share", "people_share", 28, ("export.done",)),
    Measure("recency", "recency_days"),
    Measure("ticket_recency", "recency_days", events=("ticket.opened",)),
    Measure("report_recency", "recency_days", events=("report.opened",)),
    Measure("change", "change", 28),
    Measure("change_10", "change", 10),
    *(
        Measure(f"change_{of}", "change", 9, of=of)
        for of in ("active_people", "active_days", "distinct_features", "value_sum")
    ),
    *(
        Measure(f"year_{of}", "change", 28, of=of, against="year_ago")
        for of in ("events", "active_people", "active_days", "distinct_features", "value_sum")
    ),
    Measure("year_tickets", "change", 10, ("ticket.opened",), against="year_ago"),
    *(
        Measure(f"{kind}_{at}", kind, events=names)
        for kind in ("streak_days", "streak_weeks")
        for at, names in enumerate(((), ("report.opened", "export.done"), ("ticket.opened",), ("never.seen",)))
    ),
    Measure("days", "active_days", 28),
    Measure("report_days", "active_days", 10, ("report.opened",)),
    Measure("ticket_days", "active_days", 10, ("ticket.opened",)),
    Measure("value", "value_sum", 28),
    Measure("ticket_value", "value_sum", 11, ("ticket.opened",)),
)

FIRST = datetime(2025, 12, 20, tzinfo=UTC)
MONDAYS = [date(2025, 12, 1) + timedelta(days=7 * week) for week in range(26)]

moments = st.integers(0, 90 * 24 - 1).map(lambda hours: FIRST + timedelta(hours=hours))
rows = st.tuples(
    # Some a year before, some long before the first week that is asked for.
    moments | moments.map(lambda at: at - timedelta(days=364)) | moments.map(lambda at: at - timedelta(days=20_000)),
    st.sampled_from(["acme", "beta"]),
    st.sampled_from([None, "taro", "hanako", "jiro"]),
    st.sampled_from(sorted(naive.KINDS)),
    st.sampled_from([None, 1.0, 2.5, -3.0]),
)


def _cells(frame: pl.DataFrame, *keys: str) -> dict[tuple[object, ...], float | None]:
    return {(*(row[key] for key in keys), one.name): row[one.name] for row in frame.to_dicts() for one in MEASURES}


def _expected(
    events: Sequence[naive.Event], on: date, known: Known, *key: object
) -> dict[tuple[object, ...], float | None]:
    return {
        (account, *key, one.name): value
        for account, values in naive.measured(events, MEASURES, on, known).items()
        for one, value in zip(MEASURES, values, strict=True)
    }


@hypothesis_settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(
    given_rows=st.lists(rows, min_size=1, max_size=40),
    late=st.integers(0, 40),
    zone=st.sampled_from(["Asia/Tokyo", "America/New_York", "UTC"]),
)
def test_today_and_every_week_equal_a_naive_count(
    given_rows: list[Row],
    late: int,
    zone: str,
    django_conf: LazySettings,
) -> None:
    django_conf.DATA = Path(mkdtemp(dir=django_conf.DATA.parent))
    for part in (given_rows[late:], given_rows[:late]):
        recorded(naive.frame(part), time_zone=zone)
    events = _distinct_events(given_rows, zone, late)

    for known in usage.KNOWN:
        by_week = _cells(usage.measures_by_week(MEASURES, MONDAYS, known=known), "account", "week")

        assert by_week == {
            key: value for monday in MONDAYS for key, value in _expected(events, monday, known, monday).items()
        }
        for on in (MONDAYS[0], MONDAYS[7], MONDAYS[-1], MONDAYS[8] + timedelta(days=3)):
            assert _cells(usage.measures_on(MEASURES, on, known=known), "account") == _expected(events, on, known)


def _distinct_events(given_rows: list[Row], zone: str, late: int) -> list[naive.Event]:
    """Equal rows within one call are events of their own; a later call brings only what it has more of."""
    kept: list[Row] = []
    first, second = given_rows[late:], given_rows[:late]
    for row in dict.fromkeys(given_rows):
        kept.extend([row] * max(first.count(row), second.count(row)))
    return [naive.Event.of(row, ZoneInfo(zone)) for row in kept]


@pytest.fixture
def django_conf(settings: LazySettings) -> LazySettings:
    return settings
