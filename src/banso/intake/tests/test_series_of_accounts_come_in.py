"""Values of accounts by day come in as files: once each, corrected by a later file, and measured as of any day."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from banso.accounts.testing import an_account
from banso.intake.rules.guessing import guess, guess_kind
from banso.intake.testing import an_import
from banso.usage import actions, queries
from banso.usage.queries import Known, Measure

pytestmark = pytest.mark.django_db
FILE = "顧客ID,指標名,対象日,値\nacme,満足度,2026/09/01,3.5\nacme,満足度,2026/10/01,4\nacme,導入店舗,2026/10/01,12\n"
ASKED = [
    Measure("last", "value_last", 90, ("series:満足度",)),
    Measure("mean", "value_mean", 90, ("series:満足度",)),
]
LATER = datetime(2026, 11, 26, tzinfo=UTC)


def measured(on: date, known: Known = "event") -> tuple[float | None, ...]:
    actions.roll_up(LATER, time_zone="Asia/Tokyo")
    frame = queries.measures_on(ASKED, on, known=known)
    return tuple(frame.filter(pl.col("account") == "acme").drop("account").rows()[0])


def test_a_file_of_values_is_kept_by_account_series_and_day(tmp_path: Path) -> None:
    an_account()
    row = an_import(tmp_path, FILE, kind="series")
    assert (row.state, row.added, row.refused) == ("done", 3, 0), row.refusals
    assert measured(date(2026, 9, 15)) == (3.5, 3.5)
    assert measured(date(2026, 10, 2)) == (4, 3.75)


def test_a_later_file_corrects_and_the_same_again_changes_nothing(tmp_path: Path) -> None:
    an_account()
    an_import(tmp_path, FILE, kind="series")
    again = an_import(tmp_path, FILE, kind="series")
    assert (again.state, again.added, again.changed, again.same) == ("done", 0, 0, 3)
    corrected = FILE.replace("2026/10/01,4\n", "2026/10/01,2\n")
    checked = an_import(tmp_path, corrected, kind="series", is_dry_run=True)
    assert (checked.state, checked.changed, checked.same) == ("checked", 1, 2)
    assert measured(date(2026, 10, 2)) == (4, 3.75)
    done = an_import(tmp_path, corrected, kind="series", now=LATER)
    assert (done.added, done.changed, done.same) == (0, 1, 2)
    assert measured(date(2026, 10, 2)) == (2, 2.75)
    # What was known on the morning of the 25th is what came on the 24th.
    assert measured(date(2026, 11, 25), "received") == (4, 3.75)
    assert measured(date(2026, 11, 27), "received") == (2, 2.75)


def test_what_cannot_be_is_refused_row_by_row(tmp_path: Path) -> None:
    an_account()
    content = (
        "account id,metric,date,value\nacme,nps,2026-09-01,5\nnobody,nps,2026-09-01,5\nacme,nps,2026-12-01,5\n"
        "acme,nps,2026-09-02,many\nacme,nps,2026-09-03,\nacme,nps,2026-09-01,6\nacme,nps,2026-09-01,5\nacme,,2026-09-04,1\n"
    )
    row = an_import(tmp_path, content, kind="series", skips_bad_rows=True)
    assert {(one.row, one.code) for one in row.refusals} == {
        (3, "unknown_account"),
        (4, "in_the_future"),
        (5, "not_a_number"),
        (6, "missing"),
        (7, "repeated_id"),
        (9, "missing"),
    }
    assert (row.state, row.added, row.same, row.refused) == ("partial", 1, 1, 6)
    whole = an_import(tmp_path, content, kind="series")
    assert (whole.state, whole.added) == ("failed", 0)


def test_a_series_may_be_named_for_the_whole_file(tmp_path: Path) -> None:
    an_account()
    columns: list[dict[str, object]] = [
        {"to": "account", "from": "id"},
        {"to": "on", "from": "day"},
        {"to": "value", "from": "points"},
        {"to": "series", "value": "満足度"},
    ]
    row = an_import(tmp_path, "id,day,points\nacme,2026-10-01,5\n", kind="series", columns=columns)
    assert (row.state, row.added) == ("done", 1), (row.failure, row.refusals)
    assert measured(date(2026, 10, 2)) == (5, 5)


def test_files_of_values_are_known_by_the_name_of_their_series_and_others_are_what_they_were() -> None:
    samples = {"対象日": ["2026/10/01"], "値": ["4"], "利用日": ["2026/10/01"], "回数": ["3"]}
    assert guess_kind(["顧客ID", "指標名", "対象日", "値"], samples) == "series"
    assert guess_kind(["顧客ID", "機能名", "利用日", "回数"], samples) == "usage"
    assert guess_kind(["顧客ID", "機能名", "対象日", "値"], samples) == "usage"
    chosen = guess("series", ["顧客ID", "指標名", "対象日", "値"], samples)
    assert {column.to: column.source for column in chosen.columns} == {
        "account": "顧客ID",
        "series": "指標名",
        "on": "対象日",
        "value": "値",
    }
