"""Numbers as people type them, Japanese style included; what cannot be read for certain is refused, never guessed."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final, Literal

type Reason = Literal["empty", "not_a_number", "doubtful_commas", "too_long", "not_finite"]

MOST_CHARACTERS: Final = 64
_MINUS_SIGNS: Final = str.maketrans(dict.fromkeys("△▲−‐‑‒–—﹣", "-"))
_CURRENCY: Final = re.compile(r"(?:JPY|USD|EUR|GBP|[¥$€£])", re.IGNORECASE)
_UNITS: Final = {
    "兆": Decimal(10**12),
    "億": Decimal(10**8),
    "万": Decimal(10**4),
    "千": Decimal(10**3),
    "百": Decimal(100),
}
_BIG_UNITS: Final = ("兆", "億", "万")
_PLAIN: Final = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SCIENTIFIC: Final = re.compile(r"\d+(?:\.\d+)?e[+-]?\d{1,2}", re.IGNORECASE)


@dataclass(eq=False)
class NotANumber(ValueError):
    """A text that is not certainly a number; `reason` says in one word why, `text` is what was given."""

    text: str
    reason: Reason

    def __str__(self) -> str:
        return f"{self.text!r} is not a number: {self.reason}"


def whole_number(text: str, *, digits: int) -> int | None:
    """Return a number that an address or a form holds in plain digits, at most so many of them; else None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def rounded(value: Decimal | float, places: int) -> Decimal:
    """Round half away from zero, as people do by hand."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def parse_number(text: str) -> Decimal:
    """Return the number that a text says: `１，２３４円`, `△5`, `(300)`, `4,800万円`, `12.5%` (= 0.125), `¥1,234`.

    Commas must group three digits; a comma as decimal sign is refused. Raises NotANumber.
    """
    if len(text) > MOST_CHARACTERS:
        raise NotANumber(text[:MOST_CHARACTERS], "too_long")
    bare = unicodedata.normalize("NFKC", text.translate(_MINUS_SIGNS)).translate(_MINUS_SIGNS)
    bare = "".join(bare.split())
    if not bare:
        raise NotANumber(text, "empty")
    if bare.casefold().strip("+-") in {"nan", "inf", "infinity"}:
        raise NotANumber(text, "not_finite")
    bare, is_negative = _without_sign(bare)
    bare, divisor = (bare[:-1], 100) if bare.endswith("%") else (bare, 1)
    with localcontext(prec=2 * MOST_CHARACTERS):  # wide enough that nothing is rounded
        value = Decimal(bare) if _SCIENTIFIC.fullmatch(bare) else _with_units(text, bare)
        value = value / divisor
        return -value if is_negative and value else value


def parse_whole_number(text: str) -> int:
    """Return a whole number (`1,200`, `１２`, `3.0`); raises NotANumber where a fraction is left."""
    value = parse_number(text)
    if value != value.to_integral_value():
        raise NotANumber(text, "not_a_number")
    return int(value)


def _without_sign(bare: str) -> tuple[str, bool]:
    """Take the sign and the currency off, whichever comes first; a pair of brackets around all is a minus."""
    is_negative = False
    if bare.startswith("(") and bare.endswith(")"):
        bare, is_negative = bare[1:-1], True
        if bare[:1] in {"+", "-"}:
            return "", False
    bare = _CURRENCY.sub("", bare, count=1) if _CURRENCY.match(bare) else bare
    if bare[:1] in {"+", "-"}:
        bare, is_negative = bare[1:], is_negative != (bare[0] == "-")
        bare = _CURRENCY.sub("", bare, count=1) if _CURRENCY.match(bare) else bare
    ending = re.search(r"(?:円|JPY|USD|EUR|GBP|€)$", bare, re.IGNORECASE)
    return (bare[: ending.start()] if ending else bare), is_negative


def _with_units(text: str, bare: str) -> Decimal:
    """Return the value of `6億8,412万`, `3千万` or a plain number."""
    if not any(unit in bare for unit in _UNITS):
        return _plain(text, bare)
    total, smallest = Decimal(0), None
    for unit in _BIG_UNITS:
        before, found, after = bare.partition(unit)
        if found:
            total += _within_ten_thousand(text, before) * _UNITS[unit]
            bare, smallest = after, unit
    return total + (_within_ten_thousand(text, bare) if bare or smallest is None else Decimal(0))


def _within_ten_thousand(text: str, bare: str) -> Decimal:
    """Return the value of what stands before 万 or at the end: `8,412`, `3千`, `2千5百`."""
    total = Decimal(0)
    had_unit = False
    for unit in ("千", "百"):
        before, found, after = bare.partition(unit)
        if found:
            total += (_plain(text, before) if before else Decimal(1)) * _UNITS[unit]
            bare, had_unit = after, True
    if bare or not had_unit:
        total += _plain(text, bare)
    return total


def _plain(text: str, bare: str) -> Decimal:
    if _PLAIN.fullmatch(bare) and bare.isascii():
        return Decimal(bare)
    if _GROUPED.fullmatch(bare) and bare.isascii():
        return Decimal(bare.replace(",", ""))
    is_doubtful = "," in bare and bare.isascii() and bare.replace(",", "").replace(".", "", 1).isdigit()
    raise NotANumber(text, "doubtful_commas" if is_doubtful else "not_a_number")
