"""Numbers as people type them are read exactly, or refused with a reason."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.shared.numbers import NotANumber, parse_number, parse_whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("１，２３４円", "1234"),
        ("△5", "-5"),
        ("▲1,234", "-1234"),
        ("(300)", "-300"),
        ("（１，０００）", "-1000"),
        ("4,800万円", "48000000"),
        ("6億8,412万円", "684120000"),
        ("3千万", "30000000"),
        ("2千5百", "2500"),
        ("千", "1000"),
        ("1.5億", "150000000"),
        ("12.5%", "0.125"),
        ("８０％", "0.8"),
        ("¥1,234", "1234"),
        ("-¥5", "-5"),
        ("¥-5", "-5"),
        ("￥１２", "12"),
        ("$1,234.50", "1234.50"),
        ("€ 9", "9"),
        ("1.5e3", "1500"),
        ("+7", "7"),
        (".5", "0.5"),
        ("−3", "-3"),
        ("100 JPY", "100"),
    ],
)
def test_a_number_is_read_however_it_is_typed(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("　", "empty"),
        ("abc", "not_a_number"),
        ("1,23", "doubtful_commas"),
        ("1.234,5", "doubtful_commas"),
        ("12,34,567", "doubtful_commas"),
        ("NaN", "not_finite"),
        ("-Infinity", "not_finite"),
        ("-(3)", "not_a_number"),
        ("(-3)", "not_a_number"),
        ("--3", "not_a_number"),
        ("万", "not_a_number"),
        ("3万5億", "not_a_number"),
        ("1e400", "not_a_number"),
        ("1 or 2", "not_a_number"),
        ("約100", "not_a_number"),
        ("٣", "not_a_number"),
        ("9" * 65, "too_long"),
    ],
)
def test_what_is_not_certainly_a_number_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotANumber) as refused:
        parse_number(text)
    assert refused.value.reason == reason
    assert reason in str(refused.value)


def test_a_fraction_is_no_whole_number() -> None:
    assert parse_whole_number("３．０") == 3
    with pytest.raises(NotANumber):
        parse_whole_number("3.5")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4))
def test_what_is_written_with_commas_is_read_back(number: Decimal) -> None:
    assert parse_number(f"{number:,}") == number
    assert parse_number(f"△{abs(number):,}") == -abs(number)
    wide = f"{number:,}".translate(str.maketrans("0123456789,.-", "０１２３４５６７８９，．−"))
    assert parse_number(wide) == number


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NotANumber):
        assert parse_number(text).is_finite()
