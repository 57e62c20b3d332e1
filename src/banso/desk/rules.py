"""What deserves attention today, in which order, and by when: the rules of the first page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal

type Condition = Literal["good", "normal", "poor", "unknown"]

# The page asks for attention within these bounds. Each is said on the page, beside the list.
NOTICE_IN_SIGHT_DAYS: Final = 45
DEADLINE_NEAR_DAYS: Final = 7
TRIAL_IN_SIGHT_DAYS: Final = 21
DROP_POINTS: Final = 8
CHAMPION_LEFT_DAYS: Final = 60
LOW_PULSE: Final = 2
HIGH_PULSE: Final = 4


class Need(StrEnum):
    """Why an account is on the list. Where several hold, the first one here is said."""

    NOTICE_GIVEN = "notice_given"
    TRIAL_STALLING = "trial_stalling"
    TRIAL_ENDING = "trial_ending"
    RENEWAL_AT_RISK = "renewal_at_risk"
    SUDDEN_DROP = "sudden_drop"
    CHAMPION_LEFT = "champion_left"
    POOR_HEALTH = "poor_health"
    JUDGED_WORSE = "judged_worse"
    RENEWAL_TO_CONFIRM = "renewal_to_confirm"
    RENEWAL_TO_PREPARE = "renewal_to_prepare"


@dataclass(frozen=True)
class Answer:
    """What a need asks for: its severity in percent of the revenue, how soon to speak, and whether that is now."""

    severity: int
    speak_within: int  # business days from today
    is_now: bool


# The severities are the trade's judgement, not a measurement: docs/guide says them, so that a team can argue with them.
ANSWERS: Final[dict[Need, Answer]] = {
    Need.NOTICE_GIVEN: Answer(30, 10, is_now=False),
    Need.TRIAL_STALLING: Answer(40, 5, is_now=True),
    Need.TRIAL_ENDING: Answer(20, 10, is_now=False),
    Need.RENEWAL_AT_RISK: Answer(60, 3, is_now=True),
    Need.SUDDEN_DROP: Answer(40, 3, is_now=True),
    Need.CHAMPION_LEFT: Answer(30, 5, is_now=True),
    Need.POOR_HEALTH: Answer(40, 10, is_now=False),
    Need.JUDGED_WORSE: Answer(30, 10, is_now=False),
    Need.RENEWAL_TO_CONFIRM: Answer(5, 3, is_now=True),
    Need.RENEWAL_TO_PREPARE: Answer(5, 15, is_now=False),
}
# Urgency in percent: the deadline within so many days, within sight, or later than that (or none).
URGENCIES: Final = ((DEADLINE_NEAR_DAYS, 100), (NOTICE_IN_SIGHT_DAYS, 60))
URGENCY_OF_THE_REST: Final = 30
# A trial brings nothing yet: it stakes this share, in percent, of what its lines would bring a month.
TRIAL_SHARE: Final = 30


@dataclass(frozen=True)
class Facts:
    """What the rules look at, of one account on one day. Money a month, in minor units of the company's currency."""

    condition: Condition = "unknown"
    change: float | None = None
    pulse: int | None = None
    mrr: int = 0
    notice_by_on: date | None = None
    champion_left_on: date | None = None
    leaves_on: date | None = None  # notice was given for all that runs: the day on which it ends
    trial_ends_on: date | None = None
    trial_mrr: int = 0  # what the trial would bring


@dataclass(frozen=True)
class Stake:
    """What is at stake a month: revenue × severity × urgency, the latter two in percent."""

    revenue: int
    severity: int
    urgency: int

    @property
    def amount(self) -> int:
        """Return the product in whole minor units."""
        return self.revenue * self.severity * self.urgency // 10_000


def need(facts: Facts, *, today: date) -> Need | None:
    """Return the foremost reason to speak with an account, or None: the first that holds, in the order of Need."""
    is_poor, is_doubted = facts.condition == "poor", facts.pulse is not None and facts.pulse <= LOW_PULSE
    has_dropped = facts.condition in {"poor", "normal"} and facts.change is not None and facts.change <= -DROP_POINTS
    in_trial = _is_trial(facts)
    days = float("inf") if in_trial else _days(facts.notice_by_on, today)
    trial_days = _days(facts.trial_ends_on, today)
    left_on = facts.champion_left_on
    holds = {
        Need.NOTICE_GIVEN: facts.leaves_on is not None,
        Need.TRIAL_STALLING: in_trial and (is_poor or is_doubted),
        Need.TRIAL_ENDING: in_trial and trial_days <= TRIAL_IN_SIGHT_DAYS,
        Need.RENEWAL_AT_RISK: days <= NOTICE_IN_SIGHT_DAYS and (is_poor or is_doubted or has_dropped),
        Need.SUDDEN_DROP: has_dropped,
        Need.CHAMPION_LEFT: left_on is not None and left_on > today - timedelta(days=CHAMPION_LEFT_DAYS),
        Need.POOR_HEALTH: is_poor,
        Need.JUDGED_WORSE: is_doubted,
        Need.RENEWAL_TO_CONFIRM: days <= DEADLINE_NEAR_DAYS,
        Need.RENEWAL_TO_PREPARE: days <= NOTICE_IN_SIGHT_DAYS,
    }
    return next((what for what in Need if holds[what]), None)


def deadline_on(facts: Facts, *, today: date) -> date | None:
    """Return the day that decides: the end of a trial or of a cancelled contract, else the notice deadline ahead."""
    day = facts.leaves_on or (facts.trial_ends_on if _is_trial(facts) else facts.notice_by_on)
    return day if day is not None and day >= today else None


def stake(facts: Facts, what: Need, *, today: date) -> Stake:
    """Return what is at stake: by it the list is ranked, largest first."""
    days = _days(deadline_on(facts, today=today), today)
    return Stake(
        revenue=facts.trial_mrr * TRIAL_SHARE // 100 if _is_trial(facts) else facts.mrr,
        severity=ANSWERS[what].severity,
        urgency=next((percent for within, percent in URGENCIES if days <= within), URGENCY_OF_THE_REST),
    )


def is_now(facts: Facts, what: Need, *, today: date) -> bool:
    """Return whether to speak now; the others can wait for two or three weeks."""
    return ANSWERS[what].is_now or _days(deadline_on(facts, today=today), today) <= DEADLINE_NEAR_DAYS


def due_on(facts: Facts, what: Need, *, today: date, business_days_after: Callable[[date, int], date]) -> date:
    """Return the day by which to speak: some business days from today, and never after the day that decides."""
    speak_by = business_days_after(today, ANSWERS[what].speak_within)
    return min(speak_by, deadline_on(facts, today=today) or speak_by)


def disagree(condition: Condition, pulse: int | None) -> bool:
    """Return whether the score and the CSM's judgement point in opposite directions."""
    if pulse is None:
        return False
    return (condition == "good" and pulse <= LOW_PULSE) or (condition == "poor" and pulse >= HIGH_PULSE)


def _is_trial(facts: Facts) -> bool:
    return facts.trial_ends_on is not None and not facts.mrr


def _days(day: date | None, today: date) -> float:
    """Return the days until a day; what has no day, or one that has passed, is never near."""
    return (day - today).days if day is not None and day >= today else float("inf")
