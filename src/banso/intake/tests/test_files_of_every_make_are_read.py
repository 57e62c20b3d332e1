"""Encodings, delimiters and workbooks: what went in comes out."""

import csv
import gzip
import io
from datetime import date, datetime, time
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.intake.queries import tables
from banso.intake.rules import dialects
from banso.intake.rules.refusals import Unreadable
from banso.intake.testing import a_file

ROWS = [
    ["ID", "会社名", "備考"],
    ["A-1", "株式会社アクメ", "①㈱髙島屋、表示\\ソ能"],
    ["A-2", "(株)ベータ", 'こと"ば, 改行\nあり;|\t'],
    ["A-3", "ガンマ", ""],
]
EUC_ROWS = [[cell.replace("髙", "高").replace("①㈱", "") for cell in row] for row in ROWS]
ENCODINGS = ("utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "utf-16-le", "utf-16-be")


def written(rows: list[list[str]], delimiter: str, encoding: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def read(path: Path, *, encoding: str = "", delimiter: str = "") -> list[list[str]]:
    table = tables.open_table(path, encoding=encoding, delimiter=delimiter)
    return [list(table.columns), *(cells for _number, cells in tables.rows(table))]


@pytest.mark.parametrize(("encoding", "delimiter"), list(product(ENCODINGS, ",\t;|")))
def test_every_encoding_and_delimiter_is_found_out(encoding: str, delimiter: str, tmp_path: Path) -> None:
    rows = EUC_ROWS if encoding == "euc_jp" else ROWS
    assert read(a_file(tmp_path, written(rows, delimiter, encoding))) == rows


def test_a_compressed_file_is_read(tmp_path: Path) -> None:
    assert read(a_file(tmp_path, gzip.compress(written(ROWS, ",", "cp932")), "x.csv")) == ROWS


@pytest.mark.parametrize("name", ["x.xlsx", "x.csv", "x"])
def test_a_workbook_is_known_by_its_content_whatever_its_name(name: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("データ")
    for row in ROWS:
        sheet.append(row)
    book.save(tmp_path / "made.xlsx")
    path = a_file(tmp_path, (tmp_path / "made.xlsx").read_bytes(), name)
    assert tables.open_table(path).sheet == "データ"
    assert read(path) == ROWS


def test_a_text_named_as_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    assert read(a_file(tmp_path, written(ROWS, "\t", "utf-16"), "x.xlsx")) == ROWS


def test_a_line_that_names_the_delimiter_is_heeded(tmp_path: Path) -> None:
    path = a_file(tmp_path, "sep=^\nid^name\n1^a\n")
    assert read(path) == [["id", "name"], ["1", "a"]]
    assert [number for number, _cells in tables.rows(tables.open_table(path))] == [3]


def test_a_western_file_is_not_taken_for_japanese(tmp_path: Path) -> None:
    path = a_file(tmp_path, "id,name\n1,résumé café\n2,Müller & Söhne\n".encode("cp1252"))
    assert tables.open_table(path).encoding == "cp1252"


def test_half_width_kana_are_not_taken_for_another_encoding(tmp_path: Path) -> None:
    rows = [["id", "kana"], ["1", "ｱｶｻﾀ"], ["2", "ﾊﾏ"]]
    assert read(a_file(tmp_path, written(rows, ",", "cp932"))) == rows


def test_half_width_kana_in_utf8_words_do_not_look_mixed(tmp_path: Path) -> None:
    rows = [["id", "kana"], ["1", "ﾃ｡"], ["2", "商事"]]
    assert read(a_file(tmp_path, written(rows, ",", "cp932"))) == rows


def test_a_table_of_one_column_has_no_delimiter(tmp_path: Path) -> None:
    assert read(a_file(tmp_path, 'name\n"a"\nb\n')) == [["name"], ["a"], ["b"]]
    assert read(a_file(tmp_path, 'a;"b\n' + "x" * 9 + '\n"\n')) == [["a", "b\nxxxxxxxxx"]]


def test_a_long_table_is_known_by_its_first_rows(tmp_path: Path) -> None:
    rows = [["id", "a;b"], *([str(one), "x;y"] for one in range(99))]
    assert read(a_file(tmp_path, written(rows, ",", "utf-8"))) == rows


def test_empty_names_at_the_right_are_dropped_and_a_header_of_nothing_is_refused(tmp_path: Path) -> None:
    assert read(a_file(tmp_path, "id,name,,\n1,a,,\n")) == [["id", "name"], ["1", "a", "", ""]]
    with pytest.raises(Unreadable) as caught:
        dialects.checked_header([" ", ""])
    assert caught.value.refusal.code == "empty_header"
    assert dialects.letters(28) == "AB"


def test_cells_of_a_workbook_are_text_as_typed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a", "b", "c", "d", "e", "f"])
    sheet.append([5, 1.5, True, date(2026, 4, 1), datetime(2026, 4, 1, 9, 5), time(9, 5)])  # noqa: DTZ001  # as Excel
    book.save(tmp_path / "x.xlsx")
    assert read(tmp_path / "x.xlsx")[1] == ["5", "1.5", "true", "2026-04-01", "2026-04-01 09:05:00", "09:05:00"]
    table = tables.open_table(tmp_path / "x.xlsx")
    assert tables.estimated_rows(table) == 1
    with pytest.raises(Unreadable) as caught:
        tables.open_table(tmp_path / "x.xlsx", sheet="none")
    assert caught.value.refusal.code == "unknown_sheet"


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = a_file(tmp_path, 'id,name\n1,"two\nlines"\n\n,\n2,b\n')
    assert [number for number, _cells in tables.rows(tables.open_table(path))] == [2, 5]


def test_a_chosen_encoding_wins(tmp_path: Path) -> None:
    path = a_file(tmp_path, written(ROWS, ",", "cp932"))
    assert tables.open_table(path, encoding="cp932").encoding == "cp932"


CELL = st.text(
    st.characters(codec="cp932", exclude_categories=["Cc", "Cs", "Co"], exclude_characters="¢£¬‖−〜"), max_size=12
).map(str.strip)
ROW = st.tuples(st.text("abcxyz0189", min_size=1, max_size=5), CELL, CELL).map(list)


@given(
    rows=st.lists(ROW, min_size=1, max_size=20), delimiter=st.sampled_from(",\t;|"), encoding=st.sampled_from(ENCODINGS)
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_written_is_read_when_its_form_is_given(
    rows: list[list[str]], delimiter: str, encoding: str, tmp_path: Path
) -> None:
    header = ["id", "会社名", "備考"]
    try:
        content = written([header, *rows], delimiter, encoding)
    except UnicodeEncodeError:
        return
    known = {"euc_jp": "euc-jp", "utf-16": "utf-16-le"}.get(encoding, encoding)
    assert read(a_file(tmp_path, content), encoding=known, delimiter=delimiter) == [header, *rows]
