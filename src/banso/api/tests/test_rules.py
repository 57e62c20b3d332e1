"""Cursors come back as they went, and only to the list they came from; repeats are found."""

import base64
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.api.rules import (
    BadCursor,
    Column,
    batch_status,
    columns_of,
    fingerprint,
    has_nul,
    read_cursor,
    repeats,
    window_of,
    write_cursor,
)

SECRET = b"made up"
VALUES = st.lists(
    st.one_of(
        st.text(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.dates(),
        st.datetimes(timezones=st.just(UTC)),
        st.decimals(allow_nan=False, allow_infinity=False),
    ),
    max_size=4,
)


@given(VALUES)
def test_a_cursor_comes_back_as_it_went(values: list[object]) -> None:
    assert read_cursor(write_cursor(values, of="a list", secret=SECRET), of="a list", secret=SECRET) == values


@given(VALUES, st.text(max_size=80))
def test_a_cursor_of_another_list_or_another_house_is_refused(values: list[object], other: str) -> None:
    cursor = write_cursor(values, of="a list", secret=SECRET)
    for of, secret in (("another list", SECRET), ("a list", b"another secret")):
        with pytest.raises(BadCursor):
            read_cursor(cursor, of=of, secret=secret)
    if other != cursor:
        with pytest.raises(BadCursor):
            read_cursor(other, of="a list", secret=SECRET)


def test_a_cursor_says_when_a_column_cannot_order() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        write_cursor([None], of="a list", secret=SECRET)


def test_cursors_keep_the_kinds_of_their_values() -> None:
    values = [date(2026, 11, 24), datetime(2026, 11, 24, 9, tzinfo=UTC), Decimal("1.50"), "鈴木", 3, 0.5]
    back = read_cursor(write_cursor(values, of="a", secret=SECRET), of="a", secret=SECRET)
    assert [type(value) for value in back] == [type(value) for value in values]
    assert base64.urlsafe_b64encode(b"x")


def test_an_order_is_always_total() -> None:
    assert columns_of(["-score", "name"])[-1] == Column("pk", is_descending=False)
    assert columns_of(["name", "-id"]) == (Column("name", is_descending=False), Column("id", is_descending=True))
    assert columns_of([]) == (Column("pk", is_descending=False),)


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_window_ends_within_a_minute(now: datetime) -> None:
    minute, left = window_of(now)
    assert 1 <= left <= 60
    assert minute * 60 <= now.timestamp() < (minute + 1) * 60


@given(st.lists(st.one_of(st.none(), st.sampled_from("abc"))))
def test_repeats_are_all_but_the_first_of_each(ids: list[str | None]) -> None:
    found = repeats(ids)
    kept = [one for place, one in enumerate(ids) if place not in found and one is not None]
    assert sorted(kept) == sorted({one for one in ids if one is not None})
    assert all(first < place and ids[first] == ids[place] for place, first in found.items())


def test_a_batch_is_well_only_if_all_of_it_is() -> None:
    assert batch_status([200, 201]) == 200
    assert batch_status([200, 422]) == 207


def test_nul_is_found_in_names_and_values_at_any_depth() -> None:
    assert has_nul({"a": [{"b": "x\0"}]})
    assert has_nul({"a\0": 1})
    assert not has_nul({"a": [1, None, "b", r"\u0000"]})


@given(st.lists(st.binary(max_size=4), max_size=3), st.lists(st.binary(max_size=4), max_size=3))
def test_fingerprints_are_equal_only_for_equal_parts(one: list[bytes], other: list[bytes]) -> None:
    assert (fingerprint(*one) == fingerprint(*other)) == (one == other)
