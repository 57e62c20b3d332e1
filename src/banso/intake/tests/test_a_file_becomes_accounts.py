"""The straight way: a file comes in and is there."""

from pathlib import Path

import openpyxl
import pytest

from banso.accounts import queries as accounts
from banso.intake import actions
from banso.intake.rules import mapping
from banso.intake.testing import A_MOMENT, an_import
from banso.people.testing import AN_ACTOR

pytestmark = pytest.mark.django_db


def test_a_japanese_file_is_read_by_its_headers(tmp_path: Path) -> None:
    row = an_import(tmp_path)
    assert (row.state, row.added, row.refused) == ("done", 2, 0), row
    assert set(accounts.by_external_ids(["A-1", "A-2"])) == {"A-1", "A-2"}


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    an_import(tmp_path)
    again = an_import(tmp_path)
    assert (again.added, again.changed, again.same) == (0, 0, 2)


def test_one_bad_row_saves_nothing(tmp_path: Path) -> None:
    row = an_import(tmp_path, "顧客ID,会社名,利用開始日\nA-1,アクメ,2024-04-01\nA-2,ベータ,2024-02-30\n")
    assert (row.state, row.added, row.refused) == ("failed", 0, 1)
    assert row.refusals[0].code == "no_such_day"
    assert (row.refusals[0].row, row.refusals[0].column) == (3, "利用開始日")
    assert accounts.by_external_ids(["A-1"]) == {}


def test_bad_rows_can_be_left_out(tmp_path: Path) -> None:
    row = an_import(
        tmp_path, "顧客ID,会社名,利用開始日\nA-1,アクメ,2024-04-01\nA-2,ベータ,2024-02-30\n", skips_bad_rows=True
    )
    assert (row.state, row.added, row.refused) == ("partial", 1, 1)


def test_a_dry_run_says_what_would_happen_and_saves_nothing(tmp_path: Path) -> None:
    row = an_import(tmp_path, is_dry_run=True)
    assert (row.state, row.added) == ("checked", 2)
    assert accounts.by_external_ids(["A-1"]) == {}


def test_a_map_may_name_the_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["顧客管理表"])
    sheet = book.create_sheet("顧客")
    sheet.append(["顧客ID", "会社名"])
    sheet.append(["A-1", "株式会社アクメ"])
    book.save(tmp_path / "book.xlsx")
    columns = ({"to": "external_id", "from": "顧客ID"}, {"to": "name", "from": "会社名"})
    chosen = mapping.from_plain({"kind": "accounts", "sheet": "顧客", "columns": list(columns)})
    done = actions.import_file(tmp_path / "book.xlsx", chosen=chosen, by=AN_ACTOR, now=A_MOMENT)
    assert (done.added, done.sheet, done.columns) == (1, "顧客", ("顧客ID", "会社名"))
