import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from importlib.util import find_spec
from itertools import product
from shutil import which

import polars as pl
import pytest
from django.conf import LazySettings

from banso.accounts.testing import an_account
from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.queries import Known, Level, Measure
from banso.usage.testing import NOW
from banso.usage.tests import naive
from banso.usage.tests.catalogue import few, few_filtered, filtered, measures
from banso.usage.tests.history import MONDAYS, TODAY, recorded_history

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

PARENTS = {"acme": "holding", "beta": "holding", "border": "beta"}
# Whoever asks Spark starts a cluster: one worker of the tests asks all.
SPARK = pytest.param("spark", marks=pytest.mark.xdist_group("spark"))
MEASURES = measures()
FEW, FILTERED, FEW_FILTERED = few(), filtered(), few_filtered()
# What Spark is asked: every level, and either time.
IN_TURN: tuple[tuple[Level, Known], ...] = (("account", "received"), ("person", "event"), ("tree", "received"))
type Cells = dict[tuple[object, ...], float | None]

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


@pytest.mark.parametrize("engine", ["duckdb", "chdb", SPARK])
def test_every_kind_at_every_level_and_by_either_time_equals_a_count_by_hand_today_and_in_past_weeks(
    engine: str, request: pytest.FixtureRequest, settings: LazySettings
) -> None:
    _a_tree()
    actions.declare(FILTERED, now=NOW)
    settings.ENGINE_URL = request.getfixturevalue(engine)
    events = recorded_history()

    for level, known in IN_TURN if engine == "spark" else product(usage.LEVELS, usage.KNOWN):
        # Every list once, then one measure of each kind: compiling a query costs more than counting so few events.
        is_first = level == "account" and known == ("received" if engine == "spark" else "event")
        every = [*FEW, *FEW_FILTERED] if engine == "spark" else [*MEASURES, *FILTERED]
        measures = every if is_first else FEW
        whom = naive.by_whom(events, level, PARENTS)
        today = usage.measures_on(measures, TODAY, level=level, known=known)
        by_week = usage.measures_by_week(measures, MONDAYS, level=level, known=known)

        assert _cells(today, measures) == _counted(whom, measures, TODAY, known)
        for monday in MONDAYS:
            found = by_week.filter(pl.col("week") == monday).drop("week")
            assert _cells(found, measures) == _counted(whom, measures, monday, known)


def _a_tree() -> None:
    for name, parent in (("holding", None), *PARENTS.items()):
        an_account(name, name=name, parent_external_id=parent)


def _cells(frame: pl.DataFrame, measures: Sequence[Measure]) -> Cells:
    """Return each value by whom it was counted for and the measure's name."""
    keys = ["account", "person"] if "person" in frame.columns else ["account"]
    return {(*(row[key] for key in keys), one.name): row[one.name] for row in frame.to_dicts() for one in measures}


def _counted(
    whom: Mapping[object, Sequence[naive.Event]], measures: Sequence[Measure], on: date, known: Known
) -> Cells:
    return {
        (*(of if isinstance(of, tuple) else (of,)), one.name): value
        for of, events in whom.items()
        for values in naive.measured(events, measures, on, known).values()
        for one, value in zip(measures, values, strict=True)
    }


@pytest.mark.parametrize("engine", ["chdb", SPARK])
def test_every_page_reads_the_same_as_from_the_embedded_engine(
    engine: str, request: pytest.FixtureRequest, settings: LazySettings
) -> None:
    recorded_history()
    expected = _pages()

    settings.ENGINE_URL = request.getfixturevalue(engine)
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
    }


def test_no_kind_is_left_out() -> None:
    assert {one.kind for one in MEASURES} == {one.kind for one in FEW} == set(usage.KINDS)
