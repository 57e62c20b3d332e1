"""Every kind of measure: in which unit it counts, what it needs, and when its value is not known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

type Kind = Literal[
    "events",
    "active_people",
    "events_per_person",
    "distinct_features",
    "adoption",
    "people_share",
    "recency_days",
    "change",
    "active_days",
    "value_sum",
    "value_last",
    "value_mean",
    "streak_days",
    "streak_weeks",
]
type Compared = Literal["events", "active_people", "active_days", "distinct_features", "value_sum", "value_last"]
# Against what a change is measured: the window just before, or the same weeks a year before.
type Against = Literal["before", "year_ago"]
type Unit = Literal["people", "days", "weeks", "times", "features", "percent"]
# When a value is not known: never (0 where nothing happened), until any event carries a person, where there is nothing
# to divide by, until the account was seen for long enough, until it happened once, where no event had a value, or where
# none happened.
type Unknown = Literal[
    "never", "without_people", "without_base", "until_seen", "until_used", "without_value", "without_events"
]

A_YEAR_OF_WEEKS: Final = 364


@dataclass(frozen=True)
class KindRule:
    """What a kind of measure needs, and what it says."""

    unit: Unit
    unknown: Unknown = "never"
    needs_list: bool = False
    needs_people: bool = False
    has_window: bool = True
    # Whether only events with some properties can be counted; features are counted whole.
    may_filter: bool = True


KINDS: Final[Mapping[Kind, KindRule]] = {
    "events": KindRule("times"),
    "active_people": KindRule("people", "without_people", needs_people=True),
    "events_per_person": KindRule("times", "without_base", needs_people=True),
    "distinct_features": KindRule("features", may_filter=False),
    "adoption": KindRule("percent", needs_list=True, may_filter=False),
    "people_share": KindRule("percent", "without_base", needs_list=True, needs_people=True),
    "recency_days": KindRule("days", "until_used", has_window=False),
    "change": KindRule("percent", "until_seen"),
    "active_days": KindRule("days"),
    "value_sum": KindRule("times"),
    "value_last": KindRule("times", "without_value"),
    "value_mean": KindRule("times", "without_events"),
    "streak_days": KindRule("days", has_window=False),
    "streak_weeks": KindRule("weeks", has_window=False),
}
COMPARED: Final[tuple[Compared, ...]] = (
    "events",
    "active_people",
    "active_days",
    "distinct_features",
    "value_sum",
    "value_last",
)
AGAINST: Final[tuple[Against, ...]] = ("before", "year_ago")
