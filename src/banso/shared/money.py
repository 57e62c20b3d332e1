"""Money in minor units with its currency: read as people type it, written as readers expect it."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, Self

from banso.shared.numbers import NotANumber, parse_number, rounded

type Form = Literal["short", "full", "bare"]

MINUS: Final = "\u2212"
MOST_MINOR: Final = 2**63 - 1
_MINOR_DIGITS: Final = {
    **dict.fromkeys(("JPY", "KRW", "VND", "CLP", "ISK", "PYG", "UGX", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_SIGNS: Final = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "KRW": "₩", "CNY": "CN¥", "INR": "₹"}
_MAN: Final = 10_000
_MAN_IN_OKU: Final = 10_000
# From here on a short amount is said in 万 or K: below, all its figures are shorter.
_SHORT_MAN_FROM: Final = 100_000
_SHORT_FROM: Final = 10_000


class MixedCurrencies(ValueError):
    """Amounts of different currencies, which have no sum."""


@dataclass(frozen=True)
class Money:
    """An amount in minor units (yen, cents) of a currency (ISO code)."""

    minor: int
    currency: str

    def __add__(self, other: Self) -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Self) -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    @property
    def major(self) -> Decimal:
        """Return the amount in whole units: 1,234.50 for 123450 US cents."""
        return major(self.minor, self.currency)

    def _same(self, other: Self) -> None:
        if self.currency != other.currency:
            raise MixedCurrencies(f"{self.currency} and {other.currency}")


def minor_digits(currency: str) -> int:
    """Return how many digits a currency has after the point: 0 for JPY, 2 for most (ISO 4217)."""
    return _MINOR_DIGITS.get(currency, 2)


def major(minor: int, currency: str) -> Decimal:
    """Return minor units as an exact amount in whole units."""
    return Decimal(minor).scaleb(-minor_digits(currency))


def minor(amount: Decimal, currency: str) -> int:
    """Return an amount in whole units as minor units, half a unit rounded away from zero."""
    return int(amount.scaleb(minor_digits(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def parse_money(text: str, currency: str) -> Money:
    """Return the amount that a text says (`4,800万円`, `¥48,000,000`, `$1,234.50`) in a currency.

    Raises NotANumber for a sign of another currency, for a fraction of the smallest unit, and for what is too large.
    """
    if text.rstrip().endswith(("%", "％")) or _names_another(text, currency):
        raise NotANumber(text, "not_a_number")
    amount = parse_number(re.sub(currency, "", text, count=1, flags=re.IGNORECASE))
    if abs(amount) > MOST_MINOR:  # too many digits even to be counted in minor units
        raise NotANumber(text, "not_a_number")
    found = minor(amount, currency)
    if major(found, currency) != amount or abs(found) > MOST_MINOR:
        raise NotANumber(text, "not_a_number")
    return Money(found, currency)


def written(minor: int, currency: str, *, language: str, form: Form = "full") -> str:
    """Write an amount: `short` for lists and key figures, `full` for forms, `bare` for exports (digits only).

    ja: 4,800万円, 6億8,412万円 · 48,000,000円. en: ¥48.0M · ¥48,000,000; $1,234.50.
    """
    if form == "bare":
        return f"{major(minor, currency):f}"
    sign = MINUS if minor < 0 else ""
    amount = abs(major(minor, currency))
    if language == "ja" and currency == "JPY":
        return f"{sign}{_in_man(int(amount)) if form == 'short' else f'{amount:,}'}円"
    figures = _in_thousands(amount) if form == "short" else f"{amount:,.{minor_digits(currency)}f}"
    return f"{sign}{_SIGNS.get(currency, f'{currency} ')}{figures}"


def _names_another(text: str, currency: str) -> bool:
    signs = {"JPY": "¥￥円", "USD": "$＄", "EUR": "€", "GBP": "£￡"}
    own = signs.get(currency, "")
    if currency in {"CNY", "AUD", "CAD", "SGD", "HKD", "TWD", "NZD"}:
        own = "¥￥$＄"
    named = any(char in text for chars in signs.values() for char in chars if char not in own)
    return named or any(code in text.upper() and code != currency for code in signs)


def _in_man(amount: int) -> str:
    if amount < _SHORT_MAN_FROM:
        return f"{amount:,}"
    oku, man = divmod((amount + _MAN // 2) // _MAN, _MAN_IN_OKU)
    if not oku:
        return f"{man:,}万"
    return f"{oku:,}億{man:,}万" if man else f"{oku:,}億"


def _in_thousands(amount: Decimal) -> str:
    for size, letter in ((9, "B"), (6, "M"), (3, "K")):
        # 999,950 and more would be written 1,000.0K.
        if amount >= Decimal(10) ** size * Decimal("0.99995") and amount >= _SHORT_FROM:
            return f"{rounded(amount.scaleb(-size), 1):,}{letter}"
    return f"{rounded(amount, 0):,}"
