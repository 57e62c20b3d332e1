"""What is exported opens in a spreadsheet and runs nothing."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from banso.shared import money, tables


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_a_text_that_looks_like_a_formula_is_quoted(text: str) -> None:
    assert tables.safe(text).startswith("'")


def test_numbers_stay_numbers() -> None:
    assert tables.safe(-5) == -5
    book = load_workbook(io.BytesIO(tables.xlsx_bytes(["a", "b"], [[Decimal("-1.5"), date(2026, 11, 24)]])))
    first, second = next(book.active.iter_rows(min_row=2, values_only=True))
    assert first == -1.5
    assert second.date() == date(2026, 11, 24)


@given(rows=st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=20))
def test_no_cell_of_a_csv_file_begins_a_formula(rows: list[list[str]]) -> None:
    text = "".join(tables.csv_lines(["名前", "=メモ"], rows))
    assert text.startswith("\ufeff")
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        assert not any(cell.startswith(tables.FORMULA_STARTS) for cell in row)


@pytest.mark.parametrize(
    ("minor", "currency", "figure"), [(48_000_000, "JPY", "48000000"), (1234, "USD", "12.34"), (1500, "KWD", "1.500")]
)
def test_minor_units_become_figures_and_back(minor: int, currency: str, figure: str) -> None:
    assert money.major(minor, currency) == Decimal(figure)
    assert money.minor(Decimal(figure), currency) == minor


def test_half_a_cent_goes_to_the_even_one() -> None:
    assert money.minor(Decimal("0.005"), "USD") == 0
    assert money.minor(Decimal("0.015"), "USD") == 2
