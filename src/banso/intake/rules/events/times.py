"""When something happened, as clients write it: any offset, any number of digits, epochs, and clocks that are wrong."""

import math
import re
from datetime import datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  # arithmetic without zones cannot overflow at the years' ends
EARLIEST_US: Final = 946_684_800_000_000  # 2000-01-01: before it no clock was set
# A client's clock is corrected by its `sentAt` where it is off by more than a request may take on its way.
CLOCK_IS_OFF_US: Final = 60_000_000

_MICROSECOND: Final = timedelta(microseconds=1)
_DIGITS: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_LEAP: Final = re.compile(r"(\d\d:\d\d):60(?:[.,]\d*)?")
# Where seconds, milliseconds and microseconds since 1970 begin to mean years that nobody lives in.
_UNITS: Final = ((1e11, 1_000_000.0), (1e14, 1_000.0), (1e17, 1.0))


class WrongTime(ValueError):
    """A time that cannot be taken; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def moment(value: object) -> tuple[int, str | None]:
    """Return a time in µs since 1970, and a mark where it was changed; raises WrongTime."""
    if isinstance(value, str):
        text = value.strip()
        return (_of_number(float(text)), None) if _DIGITS.fullmatch(text) else _of_text(text)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value), None
    raise WrongTime("time_unreadable")


def happened(timestamp: int | None, *, sent_us: int | None, received_us: int) -> tuple[int, list[str]]:
    """Return when something happened by our clock, and marks; raises WrongTime.

    The client's clock is corrected by what it said when it sent; nothing is later than it was received, and what has
    no time happened when it was received.
    """
    marks = []
    at = received_us if timestamp is None else timestamp
    if timestamp is not None and sent_us is not None and abs(received_us - sent_us) > CLOCK_IS_OFF_US:
        at += received_us - sent_us
        marks.append("clock_corrected")
    if at > received_us:
        at = received_us
        marks.append("future")
    if at < EARLIEST_US:
        raise WrongTime("time_too_early")
    return at, marks


def since_epoch(at: datetime) -> int:
    """Return a time as microseconds since 1970; one without a zone is taken as UTC."""
    offset = at.utcoffset() or timedelta()
    return (at.replace(tzinfo=None) - EPOCH - offset) // _MICROSECOND


def _of_number(value: float) -> int:
    if not math.isfinite(value):
        raise WrongTime("time_unreadable")
    return int(value * next((factor for limit, factor in _UNITS if abs(value) < limit), 0.001))


def _of_text(text: str) -> tuple[int, str | None]:
    try:
        return since_epoch(datetime.fromisoformat(text)), None
    except ValueError:
        pass
    calm, leaps = _LEAP.subn(r"\1:59.999999", text, count=1)
    try:
        if leaps:
            return since_epoch(datetime.fromisoformat(calm)), "leap_second"
    except ValueError:
        pass
    raise WrongTime("time_impossible" if _DATE.match(text) else "time_unreadable")
