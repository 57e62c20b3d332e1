"""One cell understood as a fact of its type, or refused with the reason: doubtful values are never guessed."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final, cast
from zoneinfo import ZoneInfo

from banso.intake.rules.mapping import Column
from banso.intake.rules.targets import Target, meant_by, plain
from banso.shared import dates, numbers
from banso.shared.text import one_line

YES: Final = frozenset(
    {"true", "yes", "y", "t", "1", "on", "はい", "有", "あり", "有り", "する", "○", "〇", "済", "可"}
)
NO: Final = frozenset(
    {"false", "no", "n", "f", "0", "off", "いいえ", "無", "なし", "無し", "しない", "×", "✕", "未", "否"}
)
_EMAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_EPOCH: Final = re.compile(r"\d{10}(?:\d{3})?")
_YEARS: Final = range(1900, 2201)
MOST_WHOLE: Final = 2_147_483_647  # what the databases keep in a number of things


class NotUnderstood(Exception):
    """A cell that is not what its column should hold; `code` and `facts` say why."""

    def __init__(self, code: str, **facts: str) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


def reader(target: Target, column: Column) -> Callable[[str], object]:
    """Return the function that reads the cells of a column as a fact."""
    readers: dict[str, Callable[[str], object]] = {
        "email": email,
        "date": lambda value: day(value, column.dates, column.plus_days),
        "number": lambda value: number(value, column.times),
        "money": lambda value: money(value, column.times),
        "whole": whole,
        "yes_no": lambda value: yes_no(value, column.yes, column.no),
        "choice": lambda value: choice(value, target.choices),
    }
    return readers[target.type]


def text(value: str, length: int) -> str:
    """Return text on one line, without control characters, in NFC."""
    line = one_line(value)
    if len(line) > length:
        raise NotUnderstood("too_long", length=str(len(line)), limit=str(length))
    return line


def email(value: str) -> str:
    """Return an e-mail address in small letters."""
    address = one_line(value).lower()
    if not _EMAIL.fullmatch(address) or len(address) > 254:  # noqa: PLR2004  # the longest that mail knows
        raise NotUnderstood("not_an_email")
    return address


def day(value: str, order: str, plus_days: int = 0) -> date:
    """Return a date in the order that the column is written in; spreadsheets' day numbers are understood."""
    try:
        found = dates.parse_date(value, order=_order(order), may_be_serial=True)
    except dates.NotADate as problem:
        raise NotUnderstood(_date_code(problem)) from problem
    if found.year not in _YEARS:  # before days are added: after 9999-12-31 there are none
        raise NotUnderstood("date_out_of_range")
    return found + timedelta(days=plus_days)


def moment(value: str, order: str, zone: str) -> datetime:
    """Return a moment in UTC; a time without offset is taken in the zone; seconds since 1970 are understood."""
    if _EPOCH.fullmatch(value):
        seconds = int(value) if len(value) == 10 else int(value) / 1000  # noqa: PLR2004  # seconds, else milliseconds
        return datetime.fromtimestamp(seconds, tz=UTC)
    try:
        return dates.parse_datetime(value, time_zone=ZoneInfo(zone), order=_order(order), may_be_serial=True)
    except dates.NotADate as problem:
        raise NotUnderstood(_date_code(problem)) from problem


def number(value: str, times: str) -> float:
    """Return a number, multiplied where the column says so."""
    return float(_decimal(value) * Decimal(times or "1"))


def money(value: str, times: str) -> str:
    """Return an amount exactly, as plain decimal text in the unit it was written in."""
    amount = _decimal(value) * Decimal(times or "1")
    if amount < 0:
        raise NotUnderstood("negative_amount")
    if amount >= Decimal(10) ** 15:
        raise NotUnderstood("number_out_of_range")
    return f"{amount:f}"


def whole(value: str) -> int:
    """Return a whole number of things: not negative."""
    found = _decimal(value)
    if found != found.to_integral_value():
        raise NotUnderstood("not_whole")
    if not 0 <= found <= MOST_WHOLE:
        raise NotUnderstood("number_out_of_range")
    return int(found)


def yes_no(value: str, yes: tuple[str, ...], no: tuple[str, ...]) -> bool:
    """Return whether a cell says yes; the column's own words come first."""
    word = plain(value)
    for words, meaning in ((yes, True), (no, False), (YES, True), (NO, False)):
        if word in {plain(one) for one in words} or value in words:
            return meaning
    raise NotUnderstood("not_yes_no")


def choice(value: str, choices: tuple[str, ...]) -> str:
    """Return the choice that a word stands for, in Japanese or English."""
    meant = meant_by(value, choices)
    if meant not in choices:
        raise NotUnderstood("not_a_choice", choices=", ".join(choices))
    return meant


def _decimal(value: str) -> Decimal:
    try:
        return numbers.parse_number(value)
    except numbers.NotANumber as problem:
        raise NotUnderstood("doubtful_commas" if problem.reason == "doubtful_commas" else "not_a_number") from problem


def _order(order: str) -> dates.Order | None:
    return cast("dates.Order", order) if order in {"dmy", "mdy"} else None


def _date_code(problem: dates.NotADate) -> str:
    return {
        "doubtful_order": "doubtful_order",
        "no_such_day": "no_such_day",
        "outside_era": "outside_era",
        "no_such_time": "no_such_time",
        "out_of_range": "date_out_of_range",
    }.get(problem.reason, "not_a_date")
