"""Money is held in minor units, read exactly and written as readers expect it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.shared.money import MixedCurrencies, Money, major, minor, parse_money, written
from banso.shared.numbers import NotANumber

AMOUNTS = st.integers(min_value=-(10**15), max_value=10**15)
CURRENCIES = st.sampled_from(["JPY", "USD", "EUR", "KWD"])


@pytest.mark.parametrize(
    ("amount", "currency", "ja", "en"),
    [
        (48_000_000, "JPY", ("4,800万円", "48,000,000円"), ("¥48.0M", "¥48,000,000")),
        (684_120_000, "JPY", ("6億8,412万円", "684,120,000円"), ("¥684.1M", "¥684,120,000")),
        (100_000_000, "JPY", ("1億円", "100,000,000円"), ("¥100.0M", "¥100,000,000")),
        (99_999, "JPY", ("99,999円", "99,999円"), ("¥100.0K", "¥99,999")),
        (999_999_999, "JPY", ("10億円", "999,999,999円"), ("¥1.0B", "¥999,999,999")),
        (-5, "JPY", ("−5円", "−5円"), ("−¥5", "−¥5")),
        (123_450, "USD", ("$1,235", "$1,234.50"), ("$1,235", "$1,234.50")),
        (1_500, "KWD", ("KWD 2", "KWD 1.500"), ("KWD 2", "KWD 1.500")),
    ],
)
def test_money_is_written_for_its_reader(amount: int, currency: str, ja: tuple[str, str], en: tuple[str, str]) -> None:
    assert (written(amount, currency, language="ja", form="short"), written(amount, currency, language="ja")) == ja
    assert (written(amount, currency, language="en", form="short"), written(amount, currency, language="en")) == en


def test_exports_hold_digits_only() -> None:
    assert written(-123_450, "USD", language="ja", form="bare") == "-1234.50"


def test_amounts_are_read_in_their_currency_only() -> None:
    assert parse_money("4,800万円", "JPY") == Money(48_000_000, "JPY")
    assert parse_money("＄1,234.50", "USD") == Money(123_450, "USD")
    assert parse_money("¥5", "CNY") == Money(500, "CNY")
    for text, currency in (
        ("$5", "JPY"),
        ("5 EUR", "USD"),
        ("1.5", "JPY"),
        ("10%", "USD"),
        ("100000000000兆", "JPY"),
        ("1e30", "JPY"),
        ("9" * 60, "USD"),
    ):
        with pytest.raises(NotANumber):
            parse_money(text, currency)


def test_currencies_do_not_mix() -> None:
    assert Money(3, "JPY") + Money(4, "JPY") - Money(2, "JPY") == -Money(-5, "JPY")
    assert Money(123_450, "USD").major == Decimal("1234.50")
    with pytest.raises(MixedCurrencies):
        Money(1, "JPY") + Money(1, "USD")
    with pytest.raises(MixedCurrencies):
        Money(1, "JPY") - Money(1, "USD")


@given(AMOUNTS, CURRENCIES)
def test_units_go_forth_and_back(amount: int, currency: str) -> None:
    assert minor(major(amount, currency), currency) == amount
    assert parse_money(written(amount, currency, language="en"), currency).minor == amount
    assert parse_money(written(amount, currency, language="ja", form="bare"), currency).minor == amount
