"""Broken, empty, huge, wrongly encoded, hostile files: each is answered in the reader's language, nothing is kept."""

import gzip
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings as installed
from django.utils import translation
from pytest_django import Settings

from banso.accounts import queries as accounts
from banso.intake import actions
from banso.intake.models import Import
from banso.intake.queries import wording
from banso.intake.rules.refusals import Refusal
from banso.intake.testing import A_MOMENT, a_file, an_import
from banso.people.testing import AN_ACTOR

pytestmark = pytest.mark.django_db
SHEET = "xl/worksheets/sheet1.xml"


def a_workbook(**parts: bytes) -> bytes:
    """Return a good workbook with some of its parts replaced."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "name"])
    sheet.append(["A-1", "Acme"])
    good = io.BytesIO()
    book.save(good)
    out = io.BytesIO()
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name, source.read(name)))
        for name in parts.keys() - set(source.namelist()):
            target.writestr(name, parts[name])
    return out.getvalue()


def a_sheet(cells: str) -> bytes:
    """Return the XML of a sheet."""
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return f'<?xml version="1.0"?>{start}{cells}</sheetData></worksheet>'.encode()


WHOLE_FILES = {
    "nothing": (b"", "empty_file"),
    "only a mark": (b"\xef\xbb\xbf", "empty_file"),
    "only line ends": (b"\r\n\r\n", "empty_file"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_table"),
    "a page": (b"<html><table><tr><td>id</td></tr></table></html>", "not_a_table"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_workbook"),
    "a broken archive": (b"PK\x03\x04 and then nothing that fits", "broken_workbook"),
    "another archive": (None, "not_a_workbook"),
    "broken gzip": (gzip.compress(b"id,name\n1,a\n" * 999)[:-20], "broken_archive"),
    "a gzip bomb": (gzip.compress(b"id,name\n" + b"0" * (40 << 20)), "bomb"),
    "gzip in gzip": (gzip.compress(gzip.compress(b"id,name\n1,a\n")), "not_a_table"),
    "entities": (a_workbook(**{SHEET: b'<!DOCTYPE x [<!ENTITY a "b">]>' + a_sheet("")}), "entities"),
    "a cell far out": (a_workbook(**{SHEET: a_sheet('<row><c r="A1"/><c r="XFD1048576"/></row>')}), "too_many_cells"),
    "an inflated part": (a_workbook(**{"xl/media/x.bin": b"0" * (60 << 20)}), "bomb"),
    "an empty sheet": (a_workbook(**{SHEET: a_sheet("")}), "empty_file"),
    "a column twice": (b"id,name,name\n1,a,b\n", "duplicate_header"),
    "a column without name": (b"id,,name\n1,x,a\n", "empty_header"),
    "5,000 columns": (",".join(f"c{one}" for one in range(5_000)).encode() + b"\n", "too_many_columns"),
    "two encodings": ("id,name\n1,アクメ\n".encode() + "2,ベータ商事\n".encode("cp932"), "mixed_encodings"),
    "a mark and another encoding": (
        "\ufeffid,name\n1,アクメ\n".encode() + "2,ベータ\n".encode("cp932"),
        "mixed_encodings",
    ),
    "no encoding": (b"id,name\n1,\x81\x00\xff\xfe\x9f\x82\n", "unknown_encoding"),
    "one endless line": (b"id,name\n" + b"x" * (17 << 20), "giant_row"),
}
IN_THE_ROWS = {
    "only a header": ("id,name\n", "no_rows"),
    "a giant cell": (f'id,name\n1,"{"x" * 1_000_001}"\n', "giant_cell"),
    "an open quotation mark": ('id,name\n1,"a\n2,b\n', "broken_quotes"),
}
GOOD_DAYS = "".join(f"{one},{one},2024-01-01\n" for one in "WXYZ")
BAD_ROWS = {
    "too few cells": ("id,name,kana\nA,B\n", "too_few_cells", 2, "C"),
    "too many cells": ("id,name\nA,B,C\n", "too_many_cells_in_row", 2, "C"),
    "a NUL": ("id,name\nA,B\x00\n", "nul_character", 2, "name"),
    "no name": ("id,name\nA,\n", "missing", 2, "name"),
    "a long name": (f"id,name\nA,{'x' * 201}\n", "too_long", 2, "name"),
    "no such day": ("id,name,signup date\nA,B,2024-02-30\n", "no_such_day", 2, "signup date"),
    "a doubtful day": ("id,name,signup date\nA,B,03/04/2024\n", "doubtful_order", 2, "signup date"),
    "no day": (f"id,name,signup date\n{GOOD_DAYS}A,B,soon\n", "not_a_date", 6, "signup date"),
    "an id twice": ("id,name\nA,B\nA,C\n", "repeated_id", 3, "id"),
    "no such owner": ("id,name,owner\nA,B,nobody@banso.example\n", "accounts.owner_unknown", 2, "owner"),
    "no such parent": ("id,name,parent\nA,B,Z\n", "accounts.parent_unknown", 2, "parent"),
    "circles": ("id,name,parent\nA,B,A\n", "accounts.parent_circle", 2, "parent"),
}  # fmt: skip


def sentences(refusal: Refusal, kind: str = "accounts") -> tuple[str, str]:
    """Return the answer in Japanese and in English."""
    with translation.override("ja"):
        ja = wording.whole(refusal, kind)
    with translation.override("en"):
        return ja, wording.whole(refusal, kind)


def is_answered(refusal: Refusal) -> bool:
    """Tell a whole answer in both languages from a code or an untranslated text."""
    ja, en = sentences(refusal)
    return en.endswith((".", '"".')) and ja != en and ja.rstrip().endswith(("。", refusal.facts.get("sheets", "。")))


@pytest.mark.parametrize("case", WHOLE_FILES)
def test_a_file_that_is_no_table_is_refused_whole(case: str, tmp_path: Path) -> None:
    content, code = WHOLE_FILES[case]
    if content is None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("../escape.txt", "x")
        content = out.getvalue()
    with pytest.raises(actions.Unreadable) as caught:
        an_import(tmp_path, content)
    assert caught.value.refusal.code == code
    assert is_answered(caught.value.refusal), sentences(caught.value.refusal)
    assert not Import.objects.exists()
    assert list((installed.DATA / "uploads").iterdir()) == []


@pytest.mark.parametrize("case", IN_THE_ROWS)
def test_a_file_that_breaks_on_the_way_fails_whole(case: str, tmp_path: Path) -> None:
    content, code = IN_THE_ROWS[case]
    try:
        row = an_import(tmp_path, content)
    except actions.Unreadable as problem:
        refusal = problem.refusal
    else:
        assert row.state == "failed"
        assert row.failure is not None
        refusal = row.failure
    assert refusal.code == code
    assert is_answered(refusal), sentences(refusal)
    assert accounts.all_ids() == {}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_named_with_row_column_reason_and_remedy(case: str, tmp_path: Path) -> None:
    content, code, number, column = BAD_ROWS[case]
    row = an_import(tmp_path, content)
    assert row.state == "failed"
    (refusal,) = [one for one in row.refusals if one.code == code]
    assert (refusal.row, refusal.column) == (number, column)
    ja, en = sentences(refusal)
    assert f"{number}行目、{column}列：" in ja
    assert f"Row {number}, column {column}: " in en
    assert accounts.all_ids() == {}


def test_the_line_of_another_encoding_is_named(tmp_path: Path) -> None:
    with pytest.raises(actions.Unreadable) as caught:
        an_import(tmp_path, "id,name\n1,アクメ\n".encode() + "2,ベータ商事\n".encode("cp932"))
    assert caught.value.refusal.row == 3


def test_a_file_beyond_the_limit_is_not_kept(tmp_path: Path, settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1_000
    with pytest.raises(actions.Unreadable) as caught:
        an_import(tmp_path, "id,name\n" + "1,a\n" * 1_000)
    assert caught.value.refusal.code == "too_large"


def test_macros_are_never_run_and_do_not_disturb(tmp_path: Path) -> None:
    row = an_import(tmp_path, a_workbook(**{"xl/vbaProject.bin": b"evil"}), name="macro.xlsm")
    assert (row.state, row.added) == ("done", 1)


def test_the_name_of_a_file_never_names_a_file_of_ours(tmp_path: Path) -> None:
    path = a_file(tmp_path, "id,name\nA,B\n")

    one = actions.upload(
        chunks=[path.read_bytes()], file_name="../../etc/passwd\n<b>.csv", kind="accounts", by=AN_ACTOR, now=A_MOMENT
    )
    assert one.file_name == "passwd <b>.csv"
    assert (installed.DATA / "uploads" / one.folder / "file").is_file()
