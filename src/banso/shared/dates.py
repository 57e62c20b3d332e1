"""Dates as people type them: ISO, Japanese, by era, from a spreadsheet; doubtful ones are refused, never guessed."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

type Order = Literal["dmy", "mdy"]
type Reason = Literal[
    "empty", "not_a_date", "no_such_day", "doubtful_order", "outside_era", "no_such_time", "out_of_range"
]

MOST_CHARACTERS: Final = 64
# First day, last day (None: still running) and the Western year before the first of each era.
_ERAS: Final = {
    "明治": (date(1868, 10, 23), date(1912, 7, 29), 1867),
    "大正": (date(1912, 7, 30), date(1926, 12, 24), 1911),
    "昭和": (date(1926, 12, 25), date(1989, 1, 7), 1925),
    "平成": (date(1989, 1, 8), date(2019, 4, 30), 1988),
    "令和": (date(2019, 5, 1), None, 2018),
}
_INITIALS: Final = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_YEAR_FIRST: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_KANJI: Final = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?")
_ERA_KANJI: Final = re.compile(
    r"(明治|大正|昭和|平成|令和|[MTSHR])(\d{1,2}|元)年(\d{1,2})月(\d{1,2})日?", re.IGNORECASE
)
_ERA_SHORT: Final = re.compile(
    r"(明治|大正|昭和|平成|令和|[MTSHR])(\d{1,2}|元)([-/.])(\d{1,2})\3(\d{1,2})", re.IGNORECASE
)
_YEAR_LAST: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_WEEKDAY: Final = re.compile(r"\((?:[月火水木金土日]|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\)", re.IGNORECASE)
_TIME: Final = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(am|pm)?\s*(z|utc|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)
_TIME_KANJI: Final = re.compile(r"(午前|午後)?(\d{1,2})時(?:(\d{1,2})分)?(?:(\d{1,2})秒)?")
_SPLIT: Final = re.compile(r"(.*?)(?:[T\s]\s*|(?<=日))(\d{1,2}:.*|(?:午前|午後)?\d{1,2}時.*)", re.IGNORECASE)
# What a spreadsheet counts its days from: day 60 is a 29 February 1900 that never was, so earlier ones are refused.
_SERIAL_ZERO: Final = date(1899, 12, 30)
_SERIAL_1904: Final = date(1904, 1, 1)
_FIRST_SERIAL: Final = 61
# A bare number is a date only between 1990 and 2100, and only when asked for.
_PLAUSIBLE_SERIALS: Final = range(32_874, 73_051)
_LAST_SERIAL: Final = 2_958_465
_NOON: Final = 12


@dataclass(eq=False)
class NotADate(ValueError):
    """A text that is not certainly a date; `reason` says in one word why, `text` is what was given."""

    text: str
    reason: Reason

    def __str__(self) -> str:
        return f"{self.text!r} is not a date: {self.reason}"


def parse_date(text: str, *, order: Order | None = None, may_be_serial: bool = False) -> date:
    """Return the date that a text says: ISO, `2026/4/1`, `2026年4月1日（水）`, `令和8年4月1日`, `R8.4.1`, 全角 digits.

    `03/04/2026` is read by `order` where it is given; without, only where one of the numbers can be no month.
    `may_be_serial` reads `46113` as a spreadsheet's day. A time of day, if there is one, must be readable and is
    dropped. Raises NotADate.
    """
    bare = _bare(text)
    split = _SPLIT.fullmatch(bare)
    if split is None:
        return _day(text, bare, order=order, may_be_serial=may_be_serial)
    _time_of_day(text, split.group(2))
    return _day(text, split.group(1).strip(), order=order, may_be_serial=False)


def parse_datetime(
    text: str, *, time_zone: ZoneInfo, order: Order | None = None, may_be_serial: bool = False
) -> datetime:
    """Return the moment in UTC that a text says; in `time_zone` where it names no offset, midnight without a time.

    Raises NotADate.
    """
    bare = _bare(text)
    if may_be_serial and re.fullmatch(r"\d{5}(?:\.\d+)?", bare):
        return from_serial_datetime(float(bare), time_zone=time_zone)
    split = _SPLIT.fullmatch(bare)
    day = _day(text, split.group(1).strip() if split else bare, order=order, may_be_serial=may_be_serial)
    clock, offset = _time_of_day(text, split.group(2)) if split else (time(0), None)
    local = datetime.combine(day, clock, tzinfo=time_zone if offset is None else None)
    try:
        return local.astimezone(UTC) if offset is None else (local - offset).replace(tzinfo=UTC)
    except OverflowError:
        raise NotADate(text, "out_of_range") from None


def from_serial(serial: float, *, counts_from_1904: bool = False) -> date:
    """Return the day of a spreadsheet's serial number, known to be one. Raises NotADate out of its range."""
    zero = _SERIAL_1904 if counts_from_1904 else _SERIAL_ZERO
    first = 0 if counts_from_1904 else _FIRST_SERIAL
    if not first <= serial < _LAST_SERIAL:
        raise NotADate(str(serial), "out_of_range")
    return zero + timedelta(days=int(serial))


def from_serial_datetime(serial: float, *, time_zone: ZoneInfo, counts_from_1904: bool = False) -> datetime:
    """Return the moment in UTC of a spreadsheet's serial number with a time of day, taken in `time_zone`."""
    day = from_serial(serial, counts_from_1904=counts_from_1904)
    seconds = round((serial % 1) * 86_400)
    return (datetime.combine(day, time(0)) + timedelta(seconds=seconds)).replace(tzinfo=time_zone).astimezone(UTC)


def _bare(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise NotADate(text[:MOST_CHARACTERS], "not_a_date")
    bare = " ".join(unicodedata.normalize("NFKC", text).split())
    bare = _WEEKDAY.sub("", bare).strip()
    if not bare:
        raise NotADate(text, "empty")
    if not all(char.isascii() or not char.isdigit() for char in bare):
        raise NotADate(text, "not_a_date")
    return re.sub(r"\s+(?=[年月日])|(?<=[年月])\s+", "", bare)


def _day(text: str, bare: str, *, order: Order | None, may_be_serial: bool) -> date:
    if found := _YEAR_FIRST.fullmatch(bare):
        return _date(text, found.group(1), found.group(3), found.group(4))
    if found := _COMPACT.fullmatch(bare) or _KANJI.fullmatch(bare):
        return _date(text, *found.groups())
    if found := _ERA_KANJI.fullmatch(bare):
        return _era_date(text, *found.groups())
    if found := _ERA_SHORT.fullmatch(bare):
        era, year, _, month, day = found.groups()
        return _era_date(text, era, year, month, day)
    if found := _YEAR_LAST.fullmatch(bare):
        return _year_last(text, int(found.group(1)), int(found.group(3)), found.group(4), order)
    if may_be_serial and re.fullmatch(r"\d{5}(?:\.\d+)?", bare) and int(float(bare)) in _PLAUSIBLE_SERIALS:
        return from_serial(float(bare))
    raise NotADate(text, "not_a_date")


def _date(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise NotADate(text, "no_such_day") from None


def _era_date(text: str, era: str, year: str, month: str, day: str) -> date:
    first, last, before = _ERAS[_INITIALS.get(era.upper(), era)]
    found = _date(text, str(before + (1 if year == "元" else int(year))), month, day)
    if found < first or (last is not None and found > last):
        raise NotADate(text, "outside_era")
    return found


def _year_last(text: str, first: int, second: int, year: str, order: Order | None) -> date:
    if order is None:
        orders = [way for way, month in (("dmy", second), ("mdy", first)) if 1 <= month <= _NOON]
        if len(orders) > 1 and first != second:
            raise NotADate(text, "doubtful_order")
        order = "mdy" if orders == ["mdy"] else "dmy"
    day, month = (first, second) if order == "dmy" else (second, first)
    return _date(text, year, str(month), str(day))


def _time_of_day(text: str, bare: str) -> tuple[time, timedelta | None]:
    """Return the time and the offset from UTC, if one is named."""
    if found := _TIME_KANJI.fullmatch(bare):
        half, hour, minute, second = found.groups()
        return _time(text, _hour(text, int(hour), {"午前": "am", "午後": "pm"}.get(half)), minute, second, ""), None
    found = _TIME.fullmatch(bare)
    if found is None:
        raise NotADate(text, "no_such_time")
    hour, minute, second, fraction, half, zone = found.groups()
    clock = _time(text, _hour(text, int(hour), half), minute, second, fraction)
    return clock, _offset(text, zone)


def _hour(text: str, hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if hour > _NOON:
        raise NotADate(text, "no_such_time")
    return hour % _NOON + (_NOON if half.lower() == "pm" else 0)


def _time(text: str, hour: int, minute: str | None, second: str | None, fraction: str | None) -> time:
    micro = int((fraction or "0").ljust(6, "0")[:6])
    try:
        return time(hour, int(minute or 0), int(second or 0), micro)
    except ValueError:
        raise NotADate(text, "no_such_time") from None


def _offset(text: str, zone: str | None) -> timedelta | None:
    if zone is None:
        return None
    if zone.lower() in {"z", "utc"}:
        return timedelta(0)
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 14 or minutes > 59:  # noqa: PLR2004  # no place on earth is further from Greenwich
        raise NotADate(text, "no_such_time")
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
