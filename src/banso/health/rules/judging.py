"""What score and pulse say together: whether they agree, and by when somebody should speak with the customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, Protocol

type Judged = Literal["poor", "normal", "good"]
type Stand = Literal["opposite", "apart", "agree"]

JUDGED: Final[tuple[Judged, ...]] = ("poor", "normal", "good")
STANDS: Final[tuple[Stand, ...]] = ("opposite", "apart", "agree")
LOW_PULSE: Final = 2
HIGH_PULSE: Final = 4
# Whoever is to be spoken with this soon is to be contacted now.
NOW_DAYS: Final = 7
# A pulse this old is asked for anew: much may have happened since.
OLD_DAYS: Final = 90


@dataclass(frozen=True)
class Contact:
    """Within how many business days to speak with a customer, and whether that is called now or in 2–3 weeks."""

    within: int
    is_now: bool


_AT_ONCE, _FIND_OUT = Contact(3, is_now=True), Contact(5, is_now=True)
_TWO_WEEKS, _THREE_WEEKS = Contact(10, is_now=False), Contact(15, is_now=False)
# By the score's condition and what the pulse says. Where they say the opposite, one of them is wrong: find out which.
CONTACTS: Final[Mapping[tuple[Judged, Judged], Contact | None]] = {
    ("poor", "poor"): _AT_ONCE,
    ("poor", "normal"): _TWO_WEEKS,
    ("poor", "good"): _FIND_OUT,
    ("normal", "poor"): _TWO_WEEKS,
    ("normal", "normal"): _THREE_WEEKS,
    ("normal", "good"): _THREE_WEEKS,
    ("good", "poor"): _FIND_OUT,
    ("good", "normal"): _THREE_WEEKS,
    ("good", "good"): None,
}


class Calendar(Protocol):
    """Which days are worked on."""

    def add(self, day: date, count: int) -> date:
        """Return the business day so many after another."""

    def on_or_after(self, day: date) -> date:
        """Return the day, or the next that is worked on."""

    def on_or_before(self, day: date) -> date:
        """Return the day, or the one before that is worked on."""


def judged_as(rating: int) -> Judged:
    """Return what a pulse of 1 to 5 says in the words of conditions."""
    if rating <= LOW_PULSE:
        return "poor"
    return "good" if rating >= HIGH_PULSE else "normal"


def stand_of(condition: Judged, judged: Judged) -> Stand:
    """Return whether a score's condition and a pulse say the same, one step apart, or the opposite."""
    return ("agree", "apart", "opposite")[abs(JUDGED.index(condition) - JUDGED.index(judged))]


def contact_on(contact: Contact, *, since: date, notice_by_on: date | None, today: date, calendar: Calendar) -> date:
    """Return the business day by which to speak with a customer.

    It is counted from the day on which the later of the two, score and pulse, came to say what it says; never after
    the deadline for notice, and never before today.
    """
    speak_by = calendar.add(since, contact.within)
    if notice_by_on is not None and notice_by_on >= today:
        speak_by = min(speak_by, calendar.on_or_before(notice_by_on))
    return max(speak_by, calendar.on_or_after(today))


def is_now(contact: Contact, on: date, *, today: date) -> bool:
    """Return whether a customer is to be contacted now, not in two or three weeks."""
    return contact.is_now or on - today <= timedelta(days=NOW_DAYS)
