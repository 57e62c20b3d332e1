import os
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from importlib.util import find_spec
from shutil import which

import polars as pl
import pytest
from django.conf import LazySettings

from banso.accounts.testing import an_account
from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.queries import Measure
from banso.usage.tests import naive
from banso.usage.tests.catalogue import few, measures
from banso.usage.tests.history import MONDAYS, TODAY, recorded_history

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

MEASURES = measures()
FEW = few()
type Cells = dict[tuple[str, str], float | None]

SINCE = TODAY - timedelta(days=60)


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    _needs(find_spec("pyspark") is not None, "pyspark is not installed: pip install pyspark")
    _needs(which("java") is not None, "Java is not installed: apt-get install default-jre-headless")
    from banso.usage.tests import lakehouse  # noqa: PLC0415  # needs pyspark

    with lakehouse.running(tmp_path_factory.mktemp("spark")) as address:
        yield address
        lakehouse.stop()


@pytest.fixture
def chdb() -> str:
    _needs(find_spec("chdb") is not None, "chDB is not installed: pip install chdb clickhouse-connect")
    return "chdb:///conformance"


@pytest.fixture
def duckdb() -> str:
    return "duckdb:"


def _needs(is_there: bool, remedy: str) -> None:  # noqa: FBT001  # a question and what to do
    """Skip where the machine lacks something; in CI that is a failure."""
    if not is_there and os.environ.get("CI") != "true":
        pytest.skip(remedy)
    assert is_there, remedy


@pytest.mark.parametrize("engine", ["duckdb", "chdb", "spark"])
def test_every_kind_of_measure_equals_a_count_by_hand_today_and_in_past_weeks(
    engine: str, request: pytest.FixtureRequest, settings: LazySettings
) -> None:
    settings.ENGINE_URL = request.getfixturevalue(engine)
    events = tuple(recorded_history())
    # Spark has to start five machines for it, and answers each question in seconds.
    measures = FEW if engine == "spark" else MEASURES

    today = usage.measures_on(measures, TODAY)
    by_week = usage.measures_by_week(measures, MONDAYS)

    assert _cells(today, measures) == _counted(events, measures, TODAY)
    for monday in MONDAYS:
        assert _cells(by_week.filter(pl.col("week") == monday), measures) == _counted(events, measures, monday)


def _cells(frame: pl.DataFrame, measures: Sequence[Measure]) -> Cells:
    return {(row["account"], one.name): row[one.name] for row in frame.to_dicts() for one in measures}


def _counted(events: Sequence[naive.Event], measures: Sequence[Measure], on: date) -> Cells:
    return {
        (account, one.name): value
        for account, values in naive.measured(events, measures, on).items()
        for one, value in zip(measures, values, strict=True)
    }


@pytest.mark.parametrize("engine", ["chdb", "spark"])
def test_every_page_and_level_reads_the_same_as_from_the_embedded_engine(
    engine: str, request: pytest.FixtureRequest, settings: LazySettings
) -> None:
    for name, parent in (("holding", None), ("acme", "holding"), ("beta", "holding"), ("border", "beta")):
        an_account(name, name=name, parent_external_id=parent)
    recorded_history()
    levels = usage.LEVELS if engine == "chdb" else ("tree",)
    expected = _pages(levels)

    settings.ENGINE_URL = request.getfixturevalue(engine)
    actions.load_engine()

    assert _pages(levels) == expected


def _pages(levels: Sequence[usage.Level]) -> dict[str, object]:
    some = ["acme", "beta", "border"]
    return {
        "features": usage.features_of(some, SINCE, TODAY),
        "people": usage.people_of(some, SINCE, TODAY),
        "days": usage.daily_of(some, SINCE, TODAY),
        "totals": usage.totals_of(some, SINCE, TODAY),
        "standings": usage.feature_standings(SINCE, TODAY).to_dicts(),
        "weeks": usage.feature_weeks(SINCE, TODAY).to_dicts(),
        **{f"{level} today": usage.measures_on(FEW, TODAY, level=level).to_dicts() for level in levels},
        **{f"{level} weeks": usage.measures_by_week(FEW[:3], MONDAYS, level=level).to_dicts() for level in levels},
    }


def test_no_kind_is_left_out() -> None:
    assert {one.kind for one in MEASURES} == {one.kind for one in FEW} == set(usage.KINDS)
