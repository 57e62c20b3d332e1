from pathlib import Path

import pytest
from django.conf import LazySettings

from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.models import engines
from banso.usage.models.engines.clickhouse import ClickHouse, client
from banso.usage.testing import events, recorded, used

pytestmark = pytest.mark.django_db
pytest.importorskip("chdb", reason="chdb is not installed: pip install chdb clickhouse-connect")


@pytest.fixture
def _filled() -> None:
    used("acme", ["2026-02-27", "2026-03-01"], people=["taro", "hanako"])
    recorded(events(("2026-03-02T01:00:00", "beta", None, "export.done", 2.5)))


def _to_chdb(settings: LazySettings, tmp_path: Path) -> ClickHouse:
    settings.ENGINE_URL = f"chdb:///{''.join(one for one in tmp_path.name if one.isalnum())}"
    found = engines.current()
    assert isinstance(found, ClickHouse)
    return found


def _say_nothing(*_: object) -> None:
    """Hear nothing."""


@pytest.mark.usefixtures("_filled")
def test_every_table_of_every_month_is_copied_and_compared(settings: LazySettings, tmp_path: Path) -> None:
    _to_chdb(settings, tmp_path)
    assert usage.needs_loading()
    heard: list[str] = []

    found = actions.copy_to_engine(tell=_say_nothing, hear=lambda one: heard.append(f"{one.month} {one.table}"))

    assert heard == [
        " accounts",
        " people",
        "2026-02 daily",
        "2026-02 user_day",
        "2026-03 daily",
        "2026-03 user_day",
    ]
    assert [one.files.rows for one in found] == [2, 2, 2, 2, 3, 3]
    assert all(one.is_same for one in found)
    assert not usage.needs_loading()


@pytest.mark.usefixtures("_filled")
@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("ALTER TABLE {place} UPDATE n = n + 1 WHERE day > 0 SETTINGS mutations_sync = 1", "daily"),
        ("ALTER TABLE {place} UPDATE value = 2.75 WHERE value > 0 SETTINGS mutations_sync = 1", "daily"),
        ("ALTER TABLE {place} UPDATE m0 = bitXor(m0, 4) WHERE 1 SETTINGS mutations_sync = 1", "user_day"),
        ("ALTER TABLE {place} UPDATE person = 'jiro_' WHERE 1 SETTINGS mutations_sync = 1", "people"),
        ("DELETE FROM {place} WHERE number = 1", "accounts"),
    ],
)
def test_a_row_that_is_missing_or_says_something_else_is_found(
    change: str, table: str, settings: LazySettings, tmp_path: Path
) -> None:
    engine = _to_chdb(settings, tmp_path)
    actions.load_engine()
    with client.answering(engine.address) as chdb:
        chdb.command(change.format(place=engine.place.whole(table)))

    found = actions.copy_to_engine(tell=_say_nothing, hear=_say_nothing)

    assert {one.table for one in found if not one.is_same} == {table}


def test_the_embedded_engine_has_nothing_to_copy() -> None:
    assert not usage.engine_keeps_rows()
    assert not usage.needs_loading()


def test_an_engine_that_is_away_is_found_out_by_the_job(settings: LazySettings) -> None:
    settings.ENGINE_URL = "clickhouse://127.0.0.1:9/usage"
    assert usage.needs_loading()
    assert usage.engine_kind() == "clickhouse"
