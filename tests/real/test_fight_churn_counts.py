"""The eight counts of *Fighting Churn With Data*, by week: equal, cell by cell, to a plain count of its events."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.conf import LazySettings

from banso.people.access import SYSTEM
from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.queries import Measure

FIRST, WEEKS, WINDOW = date(2020, 2, 3), 15, 28
MONDAYS = [FIRST + timedelta(days=7 * week) for week in range(WEEKS)]
NOW = datetime(2020, 7, 1, tzinfo=UTC)

pytestmark = [pytest.mark.real, pytest.mark.django_db]


@pytest.fixture
def happened(settings: LazySettings, tmp_path: Path) -> pl.DataFrame:
    folder = Path(settings.SHARED_DATA) / "fight_churn"
    if not folder.exists():
        pytest.skip(f"The data of fight_churn is not there: {folder}. Set BANSO_SHARED to the folder that holds data/.")
    settings.DATA = tmp_path
    kinds = pl.read_csv(folder / "event_type.csv")
    rows = pl.read_csv(
        folder / "event.csv.gz", columns=["account_id", "event_time", "event_type_id"], try_parse_dates=True
    )
    return rows.join(kinds, on="event_type_id").select(
        pl.col("event_time").alias("at"),
        pl.col("account_id").cast(pl.String).alias("account"),
        pl.col("event_type_name").alias("name"),
    )


def test_counts_by_week_equal_a_plain_count_with_no_row_for_zero(happened: pl.DataFrame) -> None:
    kinds = sorted(happened["name"].unique())
    assert len(kinds) == 8
    actions.record(happened, source="fight_churn", by=SYSTEM, now=NOW, ids="content")
    actions.roll_up(NOW, time_zone="UTC")

    found = usage.measures_by_week([Measure(kind, "events", WINDOW, (kind,)) for kind in kinds], MONDAYS)

    cells = found.unpivot(kinds, index=["account", "week"], variable_name="kind").filter(pl.col("value") != 0)
    ours = {(account, week, kind): value for account, week, kind, value in cells.rows()}
    expected = _plain_count(happened)
    assert len(expected) > 100_000
    assert ours == expected


def _plain_count(happened: pl.DataFrame) -> dict[tuple[str, date, str], int]:
    """Count, one event after another, those with week - 28 days <= time < week."""
    counts: Counter[tuple[str, date, str]] = Counter()
    midnights = [datetime.combine(week, datetime.min.time()) for week in MONDAYS]
    for at, account, kind in happened.iter_rows():
        after = max((at.date() - FIRST).days // 7 + 1, 0)
        for week in range(after, WEEKS):
            if at < midnights[week] - timedelta(days=WINDOW):
                break
            counts[account, MONDAYS[week], kind] += 1
    return dict(counts)
