"""What is exported opens in a spreadsheet and runs nothing."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from banso.shared import tables

STARTS = tuple("=+-@\t\r＝＋－＠")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "\0=1", "＝1"])
def test_a_text_that_looks_like_a_formula_is_quoted(text: str) -> None:
    assert tables.neutral(text).startswith("'")


def test_numbers_and_days_keep_their_type() -> None:
    row = [Decimal("-1.5"), date(2026, 11, 24), True, None, -3, datetime(2026, 11, 24, 9, tzinfo=UTC), "a\x07b"]
    made = tables.export("xlsx", ["=head"] * 7, [row], name="list")
    assert made.file_name == "list.xlsx"
    book = load_workbook(io.BytesIO(b"".join(made.chunks)))
    head, found = book.active.iter_rows(values_only=True)
    assert head[0] == "'=head"
    assert found == (-1.5, datetime(2026, 11, 24), True, None, -3, "2026-11-24T09:00:00+00:00", "ab")  # noqa: DTZ001


@given(st.text(max_size=20))
@example("no character: \uffff \ufffe")
def test_a_workbook_opens_whatever_stands_in_it(text: str) -> None:
    book = load_workbook(io.BytesIO(b"".join(tables.xlsx_chunks(["head"], [[text]]))))
    assert next(book.active.iter_rows(values_only=True)) == ("head",)


def test_a_csv_file_opens_in_excel_as_it_is() -> None:
    row = [Decimal("-1E+2"), date(2026, 11, 24), True, False, None, -1.5, "a,b"]
    made = tables.export("csv", ["名前"], [row], name="list")
    assert b"".join(made.chunks) == '\ufeff名前\r\n-100,2026-11-24,true,false,,-1.5,"a,b"\r\n'.encode()


@given(rows=st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=20))
def test_no_cell_of_a_csv_file_begins_a_formula(rows: list[list[str]]) -> None:
    text = b"".join(tables.csv_chunks(["名前", "=メモ"], rows)).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(STARTS) for cell in row)
