"""What deserves attention today, in which order, and by when: the rules of the first page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal, NamedTuple

type Condition = Literal["good", "normal", "poor", "unknown"]

# The page asks for attention within these bounds. Each is said on the page, beside the list.
NOTICE_IN_SIGHT_DAYS: Final = 45
DEADLINE_NEAR_DAYS: Final = 7
TRIAL_IN_SIGHT_DAYS: Final = 21
DROP_POINTS: Final = 8
CHAMPION_LEFT_DAYS: Final = 60
LIMIT_IN_SIGHT_DAYS: Final = 60
LOW_PULSE: Final = 2
HIGH_PULSE: Final = 4


class Need(StrEnum):
    """Why an account is on the list. Where several hold, the first one here is said."""

    NOTICE_GIVEN = "notice_given"
    TRIAL_STALLING = "trial_stalling"
    TRIAL_ENDING = "trial_ending"
    RENEWAL_AT_RISK = "renewal_at_risk"
    SUDDEN_DROP = "sudden_drop"
    USE_FELL = "use_fell"
    CHAMPION_LEFT = "champion_left"
    DISPUTED = "disputed"
    POOR_HEALTH = "poor_health"
    JUDGED_WORSE = "judged_worse"
    RENEWAL_TO_CONFIRM = "renewal_to_confirm"
    RENEWAL_TO_PREPARE = "renewal_to_prepare"
    LIMIT_IN_SIGHT = "limit_in_sight"


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
    Need.USE_FELL: Answer(40, 5, is_now=True),
    Need.CHAMPION_LEFT: Answer(30, 5, is_now=True),
    Need.DISPUTED: Answer(30, 5, is_now=True),
    Need.POOR_HEALTH: Answer(40, 10, is_now=False),
    Need.JUDGED_WORSE: Answer(30, 10, is_now=False),
    Need.RENEWAL_TO_CONFIRM: Answer(5, 3, is_now=True),
    Need.RENEWAL_TO_PREPARE: Answer(5, 15, is_now=False),
    Need.LIMIT_IN_SIGHT: Answer(5, 10, is_now=False),
}
# Urgency in percent: the deadline within so many days, within sight, or later than that (or none).
URGENCIES: Final = ((DEADLINE_NEAR_DAYS, 100), (NOTICE_IN_SIGHT_DAYS, 60))
URGENCY_OF_THE_REST: Final = 30
# A trial brings nothing yet: it stakes this share, in percent, of what its lines would bring a month.
TRIAL_SHARE: Final = 30
_NEVER: Final = float("inf")


class Facts(NamedTuple):
    """What the rules look at, of one account on one day. Money a month, in minor units of the company's currency."""

    condition: Condition = "unknown"
    change: float | None = None
    pulse: int | None = None
    mrr: int = 0
    notice_by_on: date | None = None
    champion_left_on: date | None = None
    use_fell_on: date | None = None  # the week from which on an alert says that use fell
    leaves_on: date | None = None  # notice was given for all that runs: the day on which it ends
    trial_ends_on: date | None = None
    trial_mrr: int = 0  # what the trial would bring
    limit_on: date | None = None  # the limit that is passed first within sight, or just was
    disputed_on: date | None = None  # since when score and pulse say the opposite


class Verdict(NamedTuple):
    """What an account needs, the day that decides, and what is at stake: revenue × severity × urgency (in percent)."""

    need: Need
    deadline_on: date | None
    revenue: int
    severity: int
    urgency: int
    is_now: bool  # the others can wait for two or three weeks
    since: date | None = None  # the day from which the business days count, where it is not today

    @property
    def at_stake(self) -> int:
        """Return the product in whole minor units: by it the list is ranked, largest first."""
        return self.revenue * self.severity * self.urgency // 10_000


def verdict(facts: Facts, *, today: date) -> Verdict | None:
    """Judge an account; None where nobody needs to speak with it."""
    what = need(facts, today=today)
    if what is None:
        return None
    in_trial = _is_trial(facts)
    # The end of a trial or of a cancelled contract decides, else the notice deadline ahead.
    day = facts.leaves_on or (facts.trial_ends_on if in_trial else facts.notice_by_on)
    days, answer = _days(day, today), ANSWERS[what]
    return Verdict(
        need=what,
        deadline_on=None if days == _NEVER else day,
        revenue=facts.trial_mrr * TRIAL_SHARE // 100 if in_trial else facts.mrr,
        severity=answer.severity,
        urgency=next((percent for within, percent in URGENCIES if days <= within), URGENCY_OF_THE_REST),
        is_now=answer.is_now or days <= DEADLINE_NEAR_DAYS,
        since=facts.disputed_on if what is Need.DISPUTED else None,
    )


def need(facts: Facts, *, today: date) -> Need | None:
    """Return the foremost reason to speak with an account, or None: the first that holds, in the order of Need."""
    is_poor, is_doubted = facts.condition == "poor", facts.pulse is not None and facts.pulse <= LOW_PULSE
    has_dropped = facts.condition in {"poor", "normal"} and facts.change is not None and facts.change <= -DROP_POINTS
    in_trial = _is_trial(facts)
    days = _NEVER if in_trial else _days(facts.notice_by_on, today)
    left_on = facts.champion_left_on
    holds = (
        (Need.NOTICE_GIVEN, facts.leaves_on is not None),
        (Need.TRIAL_STALLING, in_trial and (is_poor or is_doubted)),
        (Need.TRIAL_ENDING, in_trial and _days(facts.trial_ends_on, today) <= TRIAL_IN_SIGHT_DAYS),
        (Need.RENEWAL_AT_RISK, days <= NOTICE_IN_SIGHT_DAYS and (is_poor or is_doubted or has_dropped)),
        (Need.SUDDEN_DROP, has_dropped),
        (Need.USE_FELL, facts.use_fell_on is not None),
        (Need.CHAMPION_LEFT, left_on is not None and left_on > today - timedelta(days=CHAMPION_LEFT_DAYS)),
        (Need.DISPUTED, facts.disputed_on is not None),
        (Need.POOR_HEALTH, is_poor),
        (Need.JUDGED_WORSE, is_doubted),
        (Need.RENEWAL_TO_CONFIRM, days <= DEADLINE_NEAR_DAYS),
        (Need.RENEWAL_TO_PREPARE, days <= NOTICE_IN_SIGHT_DAYS),
        (Need.LIMIT_IN_SIGHT, facts.limit_on is not None),
    )
    return next((what for what, is_so in holds if is_so), None)


def due_on(found: Verdict, *, today: date, business_days_after: Callable[[date, int], date]) -> date:
    """Return the day by which to speak: some business days from today, and never after the day that decides.

    Score and pulse that say the opposite are asked about within some business days of the later; if late, today.
    """
    speak_by = business_days_after(found.since or today, ANSWERS[found.need].speak_within)
    speak_by = max(speak_by, business_days_after(today - timedelta(days=1), 1))
    return min(speak_by, found.deadline_on or speak_by)


def disagree(condition: Condition, pulse: int | None) -> bool:
    """Return whether the score and the CSM's judgement point in opposite directions."""
    if pulse is None:
        return False
    return (condition == "good" and pulse <= LOW_PULSE) or (condition == "poor" and pulse >= HIGH_PULSE)


def _is_trial(facts: Facts) -> bool:
    return facts.trial_ends_on is not None and not facts.mrr


def _days(day: date | None, today: date) -> float:
    """Return the days until a day; what has no day, or one that has passed, is never near."""
    return (day - today).days if day is not None and day >= today else _NEVER
