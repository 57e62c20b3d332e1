"""What lies in ClickHouse follows the roll-ups: only what changed is brought, and what is in force is whole."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings

from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.models import engines, manifest
from banso.usage.models.engines.clickhouse import ClickHouse, client, loading, tables
from banso.usage.models.engines.clickhouse.tables import Place
from banso.usage.queries import Measure
from banso.usage.rules.addresses import Address, EngineDown, WrongEngine, address_of
from banso.usage.testing import events, recorded, used

pytestmark = pytest.mark.django_db
pytest.importorskip("chdb", reason="chdb is not installed: pip install chdb clickhouse-connect")

ON = date(2026, 4, 6)
EVENTS = [Measure("events", "events", 90)]


@pytest.fixture
def engine(settings: LazySettings, tmp_path: Path) -> Iterator[ClickHouse]:
    settings.ENGINE_URL = f"chdb:///{''.join(one for one in tmp_path.name if one.isalnum())}"
    found = engines.current()
    assert isinstance(found, ClickHouse)
    yield found
    with client.answering(found.address) as chdb:
        chdb.command(f"DROP DATABASE IF EXISTS {found.place.database}")


def _pieces(engine: ClickHouse, name: str) -> dict[int, int]:
    with client.answering(engine.address) as chdb:
        table = engine.place.whole(name)
        found = chdb.query(f"SELECT piece, count() FROM {table} GROUP BY piece ORDER BY piece")  # noqa: S608  # our own
        return dict(found.result_rows)


def _counted() -> dict[str, float]:
    return {row["account"]: row["events"] for row in usage.measures_on(EVENTS, ON).to_dicts()}


def test_only_the_days_that_changed_are_brought_again(engine: ClickHouse) -> None:
    used("acme", ["2026-03-01", "2026-03-02", "2026-03-03"])
    first = _pieces(engine, "user_day")
    assert list(first.values()) == [3]

    used("acme", ["2026-03-02"], people=["hanako"])

    second = _pieces(engine, "user_day")
    assert {piece: second[piece] for piece in first} == first
    assert [rows for piece, rows in second.items() if piece not in first] == [2]
    assert _counted() == {"acme": 4.0}


def test_a_month_in_many_pieces_is_brought_whole_and_what_nobody_reads_goes(
    engine: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "GENERATIONS_KEPT", 1)
    for day in range(1, 13):
        used("acme", [f"2026-03-{day:02}"])
    pieces = _pieces(engine, "user_day")
    assert len(pieces) <= loading.PIECES_AT_MOST
    assert sum(pieces.values()) < 2 * 12
    assert _counted() == {"acme": 12.0}


def test_loading_again_brings_nothing(engine: ClickHouse) -> None:
    used("acme", ["2026-03-01"])
    before = _pieces(engine, "daily")
    assert actions.load_engine() == 0
    assert _pieces(engine, "daily") == before


def test_a_loader_that_was_killed_leaves_nothing_in_force_and_the_next_one_goes_on(
    engine: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    used("acme", ["2026-02-01", "2026-03-01"])
    with client.answering(engine.address) as chdb:
        chdb.command(f"DROP DATABASE {engine.place.database}")
    real = loading._insert_slices
    calls = 0

    def dies(*args: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise KeyboardInterrupt
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "_insert_slices", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.load_engine()
    with pytest.raises(EngineDown, match="ClickHouse has 1 of 2 files of the roll-ups"):
        _counted()
    monkeypatch.undo()

    heard: list[tuple[int, int]] = []
    actions.load_engine(tell=lambda done, total, _: heard.append((done, total)))

    assert heard[0] == (0, 2)
    assert heard[-1] == (2, 2)
    assert _counted() == {"acme": 2.0}
    # The rows that the killed one wrote are gone.
    assert sum(_pieces(engine, "daily").values()) == 2


@pytest.mark.usefixtures("engine")
def test_roll_ups_that_could_not_be_brought_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    used("acme", ["2026-03-01"])

    def down(*_: object, **__: object) -> int:
        raise EngineDown("ClickHouse: gone")

    monkeypatch.setattr(loading, "load", down)
    with pytest.raises(EngineDown):
        used("acme", ["2026-03-02"])
    assert usage.needs_rolling_up()
    assert _counted() == {"acme": 1.0}
    monkeypatch.undo()

    recorded(events())

    assert _counted() == {"acme": 2.0}


def test_an_engine_that_was_never_loaded_says_so(settings: LazySettings) -> None:
    used("acme", ["2026-03-01"])
    settings.ENGINE_URL = "chdb:///neverloaded"
    assert usage.engine_lacks()
    with pytest.raises(EngineDown, match="banso engine copy"):
        _counted()


def test_a_server_that_does_not_answer_is_named_without_its_password(settings: LazySettings) -> None:
    settings.ENGINE_URL = "clickhouse://banso:hidden@127.0.0.1:9/usage"
    with pytest.raises(EngineDown, match=r"ClickHouse at 127\.0\.0\.1:9: ") as down:
        usage.answering_engine()
    assert "hidden" not in str(down.value)


def test_what_the_server_says_of_a_password_is_not_repeated() -> None:
    address = Address("clickhouse", host="ch", password="p@ss")
    assert client.said(address, ValueError("wrong p@ss\nfor banso")) == "ClickHouse at ch: wrong … for banso"


def test_without_its_client_clickhouse_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clickhouse_connect", None)
    with pytest.raises(WrongEngine, match=r"pip install 'banso\[clickhouse\]'"):
        engines.engine_at(address_of("clickhouse://ch/usage")).check()


def test_a_cluster_has_replicated_tables_on_each_server_and_distributed_ones_above() -> None:
    place = Place("usage", "main", is_replicated=True)
    made = tables.statements(place)
    assert made[0] == "CREATE DATABASE IF NOT EXISTS usage ON CLUSTER 'main'"
    assert len(made) == 1 + 2 * len(tables.COLUMNS) + 1
    assert made[1] == (
        "CREATE TABLE IF NOT EXISTS usage.usage_daily_local ON CLUSTER 'main' (piece UInt64 CODEC(ZSTD),"
        " account Int32 CODEC(ZSTD), person Nullable(Int32) CODEC(ZSTD), event Int32 CODEC(ZSTD),"
        " day Int32 CODEC(ZSTD), late Int32 CODEC(ZSTD), n Int32 CODEC(ZSTD), value Nullable(Float64) CODEC(ZSTD),"
        " newest Nullable(Float64) CODEC(ZSTD), newest_at Nullable(Int64) CODEC(ZSTD))"
        " ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')"
        " PARTITION BY piece ORDER BY (account, event, day)"
    )
    assert made[2].endswith("ENGINE = Distributed('main', 'usage', 'usage_daily_local', intHash64(account))")
    assert "ReplicatedMergeTree('/clickhouse/tables/{database}/{table}', '{shard}-{replica}')" in made[-1]
    assert tables.dropped(place, "daily", 7) == (
        "ALTER TABLE usage.usage_daily_local ON CLUSTER 'main' DROP PARTITION 7"
    )
    assert "clusterAllReplicas('main', system.parts)" in tables.pieces_there(place, "daily")
    assert [one for one in tables.wider(place, [1]) if "usage_user_day " in one]


def test_one_server_has_plain_tables() -> None:
    made = " ".join(tables.statements(Place("usage")))
    assert made.count("ENGINE = MergeTree") == 5
    assert "CLUSTER" not in made
    assert "Distributed" not in made


ONE_SHARD = """<clickhouse><tcp_port>9000</tcp_port><remote_servers><one><shard><replica>
<host>127.0.0.1</host><port>9000</port></replica></shard></one></remote_servers></clickhouse>"""


def test_a_cluster_counts_what_one_server_counts(tmp_path: Path) -> None:
    """In a process of its own: the twin reads which clusters there are when it starts."""
    config = tmp_path / "clusters.xml"
    config.write_text(ONE_SHARD)
    done = subprocess.run(  # noqa: S603  # our own file
        [sys.executable, str(Path(__file__).with_name("clustered.py")), str(config), str(tmp_path / "data")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["acme=3.0", "beta=1.0", "features=2"]
