"""Parquet files are read as if their values had been typed; what is damaged or too much is refused."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from banso.intake.queries import tables
from banso.intake.queries.files import Limits
from banso.intake.rules.refusals import Unreadable


def written(folder: Path, **columns: list[object]) -> Path:
    path = folder / "x.parquet"
    pl.DataFrame(columns).write_parquet(path)
    return path


def test_values_of_every_type_are_told_as_text(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        whole=[1, None],
        part=[0.25, 2.0],
        on=[date(2026, 4, 1), None],
        at=[datetime(2026, 4, 1, 9, tzinfo=UTC), None],
        money=[Decimal("1980.50"), None],
        yes=[True, None],
        raw=[b"ok", None],
        many=[[1, 2], None],
        deep=[{"a": "あ"}, None],
    )
    table = tables.open_table(path)
    assert table.form == "parquet"
    assert tables.estimated_rows(table) == 2
    [first, second] = list(tables.rows(table))
    assert first[0] == 2  # as a spreadsheet counts: the header is row 1
    assert first[1] == [
        "1",
        "0.25",
        "2026-04-01",
        "2026-04-01 09:00:00+00:00",
        "1980.50",
        "true",
        "ok",
        "[1, 2]",
        '{"a": "あ"}',
    ]
    assert second[1] == ["", "2", "", "", "", "", "", "", ""]


@pytest.mark.parametrize("cut", [20, 200])
def test_a_damaged_file_is_refused(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path, a=list(range(1000)))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Unreadable, match="broken_parquet"):
        tables.open_table(path)


def test_damage_inside_is_refused_while_reading(tmp_path: Path) -> None:
    path = written(tmp_path, a=[f"row {number}" for number in range(10_000)])
    content = bytearray(path.read_bytes())
    content[200:1200] = b"\xff" * 1000
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="broken_parquet"):
        list(tables.rows(tables.open_table(path)))


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, a=["x" * 1000] * 10_000)
    assert path.stat().st_size < 10_000
    with pytest.raises(Unreadable, match="too_large_unpacked"):
        list(tables.rows(tables.open_table(path, limits=Limits(unpacked_bytes=1 << 20))))
