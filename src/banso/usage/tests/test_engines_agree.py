import os
from datetime import date, timedelta
from functools import lru_cache
from importlib.util import find_spec

import polars as pl
import pytest
from django.conf import LazySettings

from banso.accounts.testing import an_account
from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.tests import naive
from banso.usage.tests.catalogue import measures
from banso.usage.tests.history import MONDAYS, TODAY, recorded_history

pytestmark = pytest.mark.django_db

MEASURES = measures()
# One of each kind, for what is asked at every level; the levels have a count by hand of their own.
FEW = list({one.kind: one for one in MEASURES}.values())
SINCE = TODAY - timedelta(days=60)


@pytest.fixture(params=["duckdb:", "chdb:///conformance"])
def _engine(request: pytest.FixtureRequest, settings: LazySettings) -> None:
    settings.ENGINE_URL = str(request.param)
    kind = settings.ENGINE_URL.partition(":")[0]
    if kind == "chdb":
        _needs("chdb", "pip install chdb clickhouse-connect")


def _needs(package: str, remedy: str) -> None:
    if find_spec(package) is None and not os.environ.get("CI"):
        pytest.skip(f"{package} is not installed: {remedy}")


@pytest.mark.usefixtures("_engine")
def test_every_kind_of_measure_equals_a_count_by_hand_today_and_in_past_weeks() -> None:
    events = tuple(recorded_history())

    today = usage.measures_on(MEASURES, TODAY)
    by_week = usage.measures_by_week(MEASURES, MONDAYS)

    assert _cells(today) == _counted(events, TODAY)
    for monday in MONDAYS:
        assert _cells(by_week.filter(pl.col("week") == monday)) == _counted(events, monday)


def _cells(frame: pl.DataFrame) -> dict[tuple[str, str], float | None]:
    return {(row["account"], one.name): row[one.name] for row in frame.to_dicts() for one in MEASURES}


@lru_cache
def _counted(events: tuple[naive.Event, ...], on: date) -> dict[tuple[str, str], float | None]:
    return {
        (account, one.name): value
        for account, values in naive.measured(events, MEASURES, on).items()
        for one, value in zip(MEASURES, values, strict=True)
    }


def test_every_page_and_level_reads_the_same_from_every_engine(settings: LazySettings) -> None:
    for name, parent in (("holding", None), ("acme", "holding"), ("beta", "holding"), ("border", "beta")):
        an_account(name, name=name, parent_external_id=parent)
    recorded_history()
    expected = _pages()

    for url in ("chdb:///pages",):
        settings.ENGINE_URL = url
        actions.load_engine()
        assert _pages() == expected


def _pages() -> dict[str, object]:
    some = ["acme", "beta", "border"]
    return {
        "features": usage.features_of(some, SINCE, TODAY),
        "people": usage.people_of(some, SINCE, TODAY),
        "days": usage.daily_of(some, SINCE, TODAY),
        "totals": usage.totals_of(some, SINCE, TODAY),
        "standings": usage.feature_standings(SINCE, TODAY).to_dicts(),
        "weeks": usage.feature_weeks(SINCE, TODAY).to_dicts(),
        **{f"{level} today": usage.measures_on(FEW, TODAY, level=level).to_dicts() for level in usage.LEVELS},
        **{f"{level} weeks": usage.measures_by_week(FEW, MONDAYS, level=level).to_dicts() for level in usage.LEVELS},
    }
