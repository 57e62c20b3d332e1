"""What holds for an account holds for each of its people, and for an account with all that stand below it."""

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

from banso.accounts.testing import an_account
from banso.usage import queries as usage
from banso.usage.queries import Known, Level, Measure
from banso.usage.rules.levels import Kin, of_trees, tree_of
from banso.usage.testing import recorded, used
from banso.usage.tests import naive
from banso.usage.tests.naive import Row

pytestmark = pytest.mark.django_db

MEASURES = (
    Measure("people", "active_people", 28),
    Measure("events", "events", 28),
    Measure("tickets", "active_people", 20, ("ticket.opened",)),
    Measure("features", "distinct_features", 28),
    Measure("per_person", "events_per_person", 28),
    Measure("recency", "recency_days"),
    Measure("change", "change", 9, of="active_people"),
    Measure("days", "active_days", 28),
    Measure("streak", "streak_weeks"),
    Measure("value", "value_sum", 28),
)
# Nothing came from the holding and the group themselves.
PARENTS = {"east": "group", "west": "group", "shop": "east", "group": "holding"}
TOKYO = ZoneInfo("Asia/Tokyo")
MONDAYS = [date(2026, 1, 5) + timedelta(days=7 * week) for week in range(12)]
type Cells = dict[tuple[object, ...], float | None]

rows = st.tuples(
    st.integers(0, 70 * 24).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
    st.sampled_from(["east", "west", "shop", "alone"]),
    st.sampled_from([None, "taro", "hanako"]),
    st.sampled_from(sorted(naive.KINDS)),
    st.sampled_from([None, 1.0, 2.5]),
)


@pytest.fixture
def _a_tree() -> None:
    for name in ("holding", "group", "east", "west", "shop"):
        an_account(name, name=name, parent_external_id=PARENTS.get(name))


@pytest.mark.usefixtures("_a_tree")
@pytest.mark.parametrize("level", usage.LEVELS)
@hypothesis_settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(given_rows=st.lists(rows, min_size=1, max_size=30, unique=True))
def test_every_level_equals_a_naive_count_today_and_every_week(
    level: Level, given_rows: list[Row], settings: LazySettings
) -> None:
    settings.DATA = Path(mkdtemp(dir=settings.DATA.parent))
    recorded(naive.frame(given_rows))
    happened = [naive.Event.of(row, TOKYO) for row in given_rows]

    for known in usage.KNOWN:
        by_week = usage.measures_by_week(MEASURES, MONDAYS, level=level, known=known)

        assert _cells(by_week, level, "week") == {
            key: value for monday in MONDAYS for key, value in _expected(happened, monday, level, known, monday).items()
        }
        for on in (MONDAYS[0], MONDAYS[-1], MONDAYS[4] + timedelta(days=3)):
            now = usage.measures_on(MEASURES, on, level=level, known=known)
            assert _cells(now, level) == _expected(happened, on, level, known)


def test_who_works_for_two_companies_of_a_group_is_one_person_of_the_group() -> None:
    for name in ("holding", "group", "east", "west"):
        an_account(name, name=name, parent_external_id=PARENTS.get(name))
    for account in ("east", "west"):
        used(account, ["2026-04-01"], people=("taro",))
    found = usage.measures_on([Measure("people", "active_people")], date(2026, 4, 2), level="tree")
    assert dict(found.rows()) == {"east": 1, "west": 1, "group": 1, "holding": 1}


@pytest.mark.parametrize("level", usage.LEVELS)
def test_without_usage_nobody_is_measured(level: Level) -> None:
    keys = ["account", "person"] if level == "person" else ["account"]
    assert usage.measures_on([MEASURES[0]], MONDAYS[0], level=level).columns == [*keys, "people"]
    assert usage.measures_by_week([MEASURES[0]], MONDAYS, level=level).is_empty()
    assert usage.measures_by_week([MEASURES[0]], [], level=level).columns == [*keys, "week", "people"]


def test_a_circle_of_parents_ends_and_no_kin_leaves_the_roll_up_as_it_is() -> None:
    tree = tree_of({"a": "b", "b": "a"}, {"a": 4, "b": 7})
    assert tree.kin == (Kin(4, 4, 7), Kin(4, 7, 7), Kin(7, 7, 4), Kin(7, 4, 4))
    assert of_trees("daily", ["n"], "people", (), dialect="duckdb") == "daily"
    assert "values('a Int32, b Int32', (4, 4)" in of_trees("daily", ["n"], "people", tree.kin, dialect="clickhouse")


def _cells(frame: pl.DataFrame, level: Level, *more: str) -> Cells:
    keys = [*(["account", "person"] if level == "person" else ["account"]), *more]
    return {(*(row[key] for key in keys), one.name): row[one.name] for row in frame.to_dicts() for one in MEASURES}


def _expected(happened: Sequence[naive.Event], on: date, level: Level, known: Known, *key: object) -> Cells:
    return {
        (*(of if isinstance(of, tuple) else (of,)), *key, one.name): value
        for of, counted in naive.by_whom(happened, level, PARENTS).items()
        for values in naive.measured(counted, MEASURES, on, known).values()
        for one, value in zip(MEASURES, values, strict=True)
    }
