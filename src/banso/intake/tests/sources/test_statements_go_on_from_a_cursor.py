"""A statement has its place for the cursor, and its rows come in an order in which none is lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.intake.rules import statements
from banso.intake.rules.sourcing import SourceProblem


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1 WHERE a > :cursor", "SELECT 1 WHERE a > $1"),
        (
            "SELECT ':cursor', \":cursor\" -- :cursor\n, /* :cursor */ :cursor",
            "SELECT ':cursor', \":cursor\" -- :cursor\n, /* :cursor */ $1",
        ),
        (
            "SELECT 'it''s :cursor', a::cursor, b:cursor, :cursors",
            "SELECT 'it''s :cursor', a::cursor, b:cursor, :cursors",
        ),
    ],
)
def test_a_place_is_where_a_value_may_stand(sql: str, expected: str) -> None:
    assert statements.with_place(sql, "$1") == expected
    assert statements.has_cursor(sql) == (sql != expected)


def test_a_statement_becomes_an_inner_one() -> None:
    assert statements.in_order("SELECT 1 AS a -- why\n;", "", statements.quoted) == (
        "SELECT * FROM (\nSELECT 1 AS a -- why\n) AS banso_feed"
    )
    assert statements.in_order("SELECT 1", 'a"b', statements.quoted).endswith('ORDER BY "a""b"')


def test_a_cursor_that_is_not_there_is_said() -> None:
    with pytest.raises(SourceProblem, match="cursor_missing"):
        list(statements.batches(["a"], [["1"]], "b", 10))


def test_without_a_cursor_batches_are_of_one_size() -> None:
    found = list(statements.batches(["a"], ([str(number)] for number in range(7)), "", 3))
    assert [len(one.rows) for one in found] == [3, 3, 1]
    assert {one.cursor for one in found} == {""}


@given(st.lists(st.integers(0, 5).map(str)).map(sorted), st.integers(1, 4))
def test_rows_of_one_value_are_never_parted_and_none_is_lost(values: list[str], size: int) -> None:
    rows = [[value, str(place)] for place, value in enumerate(values)]
    found = list(statements.batches(["at", "n"], iter(rows), "at", size))
    assert [row for one in found for row in one.rows] == rows
    assert all(one.cursor == one.rows[-1][0] for one in found)
    assert all(before.rows[-1][0] < after.rows[0][0] for before, after in pairwise(found))


def test_rows_without_a_value_do_not_move_the_cursor() -> None:
    found = list(statements.batches(["at"], [["1"], [""], [""]], "at", 10))
    assert [one.cursor for one in found] == ["1"]
