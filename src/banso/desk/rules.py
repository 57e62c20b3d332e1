"""What deserves attention today, in which order, and by when: the rules of the first page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Final, Literal

type Condition = Literal["good", "normal", "poor", "unknown"]

# The page asks for attention within these bounds. Each is said on the page, beside the list.
NOTICE_IN_SIGHT_DAYS: Final = 45
DROP_POINTS: Final = 8
CHAMPION_LEFT_DAYS: Final = 60
LOW_PULSE: Final = 2
HIGH_PULSE: Final = 4


class Need(IntEnum):
    """Why an account is on the list; a smaller number comes first. The database sorts by it."""

    RENEWAL_AT_RISK = 1
    SUDDEN_DROP = 2
    CHAMPION_LEFT = 3
    POOR_HEALTH = 4
    JUDGED_WORSE = 5
    RENEWAL_TO_PREPARE = 6
    NONE = 9


# Which needs call for contact now; the others can wait for two or three weeks.
NOW: Final = frozenset({Need.RENEWAL_AT_RISK, Need.SUDDEN_DROP, Need.CHAMPION_LEFT})

# Business days from today within which to speak with the customer, by need.
SPEAK_WITHIN: Final[dict[Need, int]] = {
    Need.RENEWAL_AT_RISK: 3,
    Need.SUDDEN_DROP: 3,
    Need.CHAMPION_LEFT: 5,
    Need.POOR_HEALTH: 10,
    Need.JUDGED_WORSE: 10,
    Need.RENEWAL_TO_PREPARE: 15,
}


@dataclass(frozen=True)
class Facts:
    """What the rules look at, of one account on one day."""

    condition: Condition
    change: float | None
    pulse: int | None
    notice_by_on: date | None
    champion_left_on: date | None


def need(facts: Facts, *, today: date) -> Need:
    """Return the foremost reason to speak with an account, or Need.NONE. The database's ordering says the same."""
    in_sight = facts.notice_by_on is not None and 0 <= (facts.notice_by_on - today).days <= NOTICE_IN_SIGHT_DAYS
    doubted = facts.pulse is not None and facts.pulse <= LOW_PULSE
    if in_sight and (facts.condition == "poor" or doubted):
        return Need.RENEWAL_AT_RISK
    if facts.condition in {"poor", "normal"} and facts.change is not None and facts.change <= -DROP_POINTS:
        return Need.SUDDEN_DROP
    if facts.champion_left_on is not None and facts.champion_left_on > today - timedelta(days=CHAMPION_LEFT_DAYS):
        return Need.CHAMPION_LEFT
    if facts.condition == "poor":
        return Need.POOR_HEALTH
    if doubted:
        return Need.JUDGED_WORSE
    return Need.RENEWAL_TO_PREPARE if in_sight else Need.NONE


def due_on(
    what: Need, *, today: date, notice_by_on: date | None, business_days_after: Callable[[date, int], date]
) -> date:
    """Return the day by which to speak: some business days from today, and never after the notice deadline."""
    speak_by = business_days_after(today, SPEAK_WITHIN[what])
    if notice_by_on is None or notice_by_on < today:
        return speak_by
    return min(speak_by, notice_by_on)


def disagree(condition: Condition, pulse: int | None) -> bool:
    """Return whether the score and the CSM's judgement point in opposite directions."""
    if pulse is None:
        return False
    return (condition == "good" and pulse <= LOW_PULSE) or (condition == "poor" and pulse >= HIGH_PULSE)
