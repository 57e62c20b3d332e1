"""Rows of a warehouse come in as those of a file do: only new ones, each once, nothing written there."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest
from pytest_django import Settings

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.intake import actions
from banso.intake.actions.sources import keeping, parts, pulling
from banso.intake.models import Feed, Import, Source
from banso.intake.queries.known import Everyone
from banso.intake.testing import A_MOMENT, a_feed, pulled
from banso.intake.tests.sources import warehouses
from banso.intake.tests.sources.warehouses import Postgres, Warehouse
from banso.people.testing import AN_ACTOR
from tools import postgres

pytestmark = pytest.mark.django_db

COLUMNS: Final = (("external_id", "id"), ("name", "company"))
BY: Final = {"cursor_column": "updated", "starts_at": "1970-01-01 00:00:00"}
MONDAY, TUESDAY = "2026-11-23 09:00:00.000001", "2026-11-24 09:00:00"


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    try:
        with postgres.cluster() as url:
            yield url
    except postgres.NoPostgres as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(missing))


@pytest.fixture(params=["postgresql", "clickhouse", "duckdb"])
def warehouse(request: pytest.FixtureRequest, settings: Settings, incoming: Path) -> Iterator[Warehouse]:
    settings.SOURCE_HOSTS = ("127.0.0.1",)
    if request.param == "postgresql":
        yield Postgres(request.getfixturevalue("cluster"))
    elif request.param == "clickhouse":
        with warehouses.clickhouse() as one:
            yield one
    else:
        yield warehouses.Duck(incoming)


def a_warehouse(warehouse: Warehouse, **changed: Any) -> Source:
    return keeping.add(
        kind=warehouse.kind,
        name="DWH",
        settings={**warehouse.settings, **changed},
        secrets={"password": "pass"},
        every_minutes=15,
        by=AN_ACTOR,
        now=A_MOMENT,
    )


def names() -> dict[str, str]:
    return dict(accounts.visible_to(Everyone()).values_list("external_id", "name"))


def test_only_what_is_new_is_read(warehouse: Warehouse) -> None:
    warehouse.keep(("A-1", "Acme", MONDAY), ("A-2", 'Beta, "Inc"\nTokyo', MONDAY))
    source = a_warehouse(warehouse)
    feed = a_feed(source, *COLUMNS, what=warehouse.statement, **BY)
    first = pulled(source, A_MOMENT)
    assert (first.state, first.added, first.files) == ("done", 2, 1)
    assert pulled(source, A_MOMENT).files == 0
    warehouse.keep(("A-2", "Beta", TUESDAY), ("A-3", "Gamma", TUESDAY))
    run = pulled(source, A_MOMENT)
    assert (run.read, run.added, run.changed) == (2, 1, 1)
    assert names() == {"A-1": "Acme", "A-2": "Beta", "A-3": "Gamma"}
    keeping.start_over(feed_id=feed.pk, by=AN_ACTOR, now=A_MOMENT)
    assert pulled(source, A_MOMENT).same == 3


def test_nothing_is_written_there(warehouse: Warehouse, incoming: Path) -> None:
    warehouse.keep(("A-1", "Acme", MONDAY))
    source = a_warehouse(warehouse)
    before = sorted(path.name for path in incoming.iterdir())
    for statement in (
        "DELETE FROM customers",
        "SELECT 1 AS id) AS x; DELETE FROM customers; SELECT * FROM (SELECT 1",
        f"SELECT 1) AS x; COPY (SELECT 1) TO '{incoming}/x.csv'; SELECT * FROM (SELECT 1",  # noqa: S608
        "WITH gone AS (DELETE FROM customers RETURNING id) SELECT id, id AS company FROM gone",
    ):
        Feed.objects.all().delete()
        a_feed(source, *COLUMNS, what=statement)
        run = pulled(source, A_MOMENT)
        assert run.state == "failed"
        assert run.failure is not None
        assert run.failure.code in {"warehouse_refused", "one_statement"}
    Feed.objects.all().delete()
    a_feed(source, *COLUMNS, what=warehouse.statement, **BY)
    assert pulled(source, A_MOMENT).added == 1
    assert sorted(path.name for path in incoming.iterdir()) == before


def test_usage_comes_in_once_however_often_it_is_read(warehouse: Warehouse) -> None:
    an_account("A-1")
    warehouse.keep(*((f"e-{number}", "A-1", "2026-11-10 09:00:00") for number in range(3)))
    source = a_warehouse(warehouse)
    usage = (("message_id", "id"), ("account", "company"), ("at", "updated"))
    feed = a_feed(source, *usage, kind="usage", what=warehouse.statement, **BY)
    feed.mapping["columns"].append({"to": "name", "value": "opened"})
    feed.save()
    assert pulled(source, A_MOMENT).added == 3
    keeping.start_over(feed_id=feed.pk, by=AN_ACTOR, now=A_MOMENT)
    run = pulled(source, A_MOMENT)
    assert (run.added, run.same) == (0, 3)


def test_columns_are_confirmed_by_the_first_rows(warehouse: Warehouse) -> None:
    warehouse.keep(("A-1", "Acme", MONDAY))
    source = a_warehouse(warehouse)
    feed = keeping.add_feed(
        source_id=source.pk, kind="accounts", what=warehouse.statement, by=AN_ACTOR, now=A_MOMENT, **BY
    )
    draft = pulling.sample(feed_id=feed.pk, by=AN_ACTOR, now=A_MOMENT)
    assert draft.columns == ["id", "company", "updated"]
    actions.start(import_id=draft.pk, skips_bad_rows=True, is_dry_run=True, by=AN_ACTOR, now=A_MOMENT)
    actions.run(draft.pk, now=A_MOMENT)
    assert names() == {}
    feed.refresh_from_db()
    assert (feed.cursor, bool(feed.mapping)) == ("", True)
    assert pulled(source, A_MOMENT).added == 1


def test_what_the_statement_lacks_is_said(warehouse: Warehouse) -> None:
    warehouse.keep(("A-1", "Acme", MONDAY))
    source = a_warehouse(warehouse)
    a_feed(source, *COLUMNS, what=warehouse.statement, cursor_column="changed", starts_at="1970-01-01 00:00:00")
    run = pulled(source, A_MOMENT)
    assert run.failure is not None
    assert "changed" in str(run.failure)
    Feed.objects.all().delete()
    feed = a_feed(source, *COLUMNS, what=warehouse.statement, **{**BY, "starts_at": "2999-01-01"})
    with pytest.raises(actions.SampleMissing):
        pulling.sample(feed_id=feed.pk, by=AN_ACTOR, now=A_MOMENT)


def test_many_rows_come_in_parts_and_a_stop_loses_none(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    times = [MONDAY, MONDAY, "2026-11-24 01:00:00", "2026-11-24 01:00:00", "2026-11-24 01:00:00", TUESDAY, TUESDAY]
    warehouse.keep(*((f"A-{place}", f"No. {place}", at) for place, at in enumerate(times)))
    source = a_warehouse(warehouse)
    feed = a_feed(source, *COLUMNS, what=warehouse.statement, **BY)
    monkeypatch.setattr(parts, "PART_ROWS", 2)
    for name in ("postgresql", "duck", "clickhouse"):
        monkeypatch.setattr(f"banso.intake.queries.connectors.{name}.FETCHED", 2)
    real = actions.run
    calls: list[int] = []

    def killed_in_the_second(import_id: int, **said: Any) -> Import:
        calls.append(import_id)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(import_id, **said)

    monkeypatch.setattr(pulling, "run", killed_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        pulled(source, A_MOMENT)
    assert len(names()) == 2
    feed.refresh_from_db()
    assert feed.cursor.startswith("2026-11-23")
    monkeypatch.setattr(pulling, "run", real)
    actions.close_cut_off(A_MOMENT)
    run = pulled(source, A_MOMENT)
    assert (run.files, run.added) == (2, 5)
    assert len(names()) == 7


def test_a_part_that_fails_is_read_again_and_what_follows_waits(warehouse: Warehouse) -> None:
    warehouse.keep(("A-1", "", MONDAY))
    source = a_warehouse(warehouse)
    feed = a_feed(source, *COLUMNS, what=warehouse.statement, **BY)
    assert pulled(source, A_MOMENT).state == "failed"
    feed.refresh_from_db()
    assert feed.cursor == ""
    warehouse.keep(("A-1", "Acme", TUESDAY))
    assert pulled(source, A_MOMENT).added == 1
    failed = Import.objects.get(state="failed")
    assert failed.file_removed_at == A_MOMENT  # read again, so that its file is needed no more


@pytest.mark.parametrize("warehouse", ["postgresql", "clickhouse"], indirect=True)
def test_a_warehouse_that_does_not_answer_is_said_without_its_password(
    warehouse: Warehouse, settings: Settings
) -> None:
    source = a_warehouse(warehouse, port=9)
    a_feed(source, *COLUMNS, what=warehouse.statement, **BY)
    run = pulled(source, A_MOMENT)
    assert run.state == "failed"
    assert run.failure is not None
    assert "pass" not in str(run.failure)
    settings.SOURCE_HOSTS = ()
    assert pulled(source, A_MOMENT).failure.code in {"host_not_allowed", "not_encrypted"}  # type: ignore[union-attr]


def test_a_database_file_is_read_where_files_may_be_read(incoming: Path, tmp_path: Path) -> None:
    for folder, name in ((incoming, "Acme"), (tmp_path, "Secret")):
        with duckdb.connect(folder / "crm.duckdb") as connection:
            connection.execute("CREATE TABLE customers AS SELECT 'A-1' AS id, ? AS company", [name])
    source = keeping.add(
        kind="duckdb",
        name="Local",
        settings={"database": str(incoming / "crm.duckdb")},
        every_minutes=15,
        by=AN_ACTOR,
        now=A_MOMENT,
    )
    a_feed(source, *COLUMNS, what="SELECT * FROM customers;")
    assert pulled(source, A_MOMENT).added == 1
    for elsewhere in (tmp_path / "crm.duckdb", incoming / ".." / "crm.duckdb"):
        Source.objects.update(settings={"database": str(elsewhere)})
        assert pulled(source, A_MOMENT).failure.code == "warehouse_refused"  # type: ignore[union-attr]
    Source.objects.update(settings={"database": ""})
    Feed.objects.update(what=f"SELECT * FROM read_text('{tmp_path}/incoming/../crm.duckdb')")  # noqa: S608
    assert pulled(source, A_MOMENT).failure.code == "warehouse_refused"  # type: ignore[union-attr]
    assert names() == {"A-1": "Acme"}


def test_moments_that_know_their_zone_are_read_from_files(incoming: Path) -> None:
    an_account("acme")
    file = incoming / "usage.parquet"
    with duckdb.connect() as connection:
        moment = "TIMESTAMPTZ '2026-11-23 09:00:00+09:00'"
        connection.execute(f"COPY (SELECT 'acme' a, {moment} t, 'opened' e, 'm1' m) TO '{file}'")
    columns = (("account", "a"), ("at", "t"), ("name", "e"), ("message_id", "m"))
    source = a_warehouse(warehouses.Duck(incoming))
    a_feed(source, *columns, kind="usage", what=f"SELECT * FROM read_parquet('{file}')")  # noqa: S608  # a file of our own
    run = pulled(source, A_MOMENT)
    assert (run.state, run.added, run.refused) == ("done", 1, 0)
