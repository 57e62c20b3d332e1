"""What a measure is: a count over a window of days, written down as data, and the sums it is composed of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from banso.shared.conditions import WrongCondition, condition_of
from banso.usage.rules.deriving import Derived
from banso.usage.rules.kinds import A_YEAR_OF_WEEKS, AGAINST, KINDS, Against, Compared, Kind

type Stat = Literal[
    "n",
    "person_n",
    "people",
    "features",
    "days",
    "value",
    "newest",
    "last",
    "streak_days",
    "streak_weeks",
    "seen",
    "person_seen",
]

# What `change` can compare: each the value of a plain kind.
STATS_COMPARED: Final[dict[Compared, Stat]] = {
    "events": "n",
    "active_people": "people",
    "active_days": "days",
    "distinct_features": "features",
    "value_sum": "value",
    "value_last": "newest",
}
WINDOW_AT_MOST: Final = 3660

# By which of its times an event is known as of a date: when it happened, or when it had come in, too.
type Known = Literal["event", "received"]
KNOWN: Final[tuple[Known, ...]] = ("event", "received")


class WrongMeasure(ValueError):
    """A measure that cannot be counted: an unknown kind, a window of no days, a list that is missing."""


@dataclass(frozen=True)
class Measure:
    """A count for each account, over the `window_days` days before a date; `events` restricts it to these names.

    With no `events`, all product use counts (features and meters, not moments).
    - events: how many.
    - active_people: how many different people.
    - events_per_person: events that carry a person ÷ active people; null where nobody was active.
    - distinct_features: how many different features (of `events`, or of all) were used.
    - adoption: how many of the features in `events` were used ÷ how many it lists.
    - people_share: active people who used any of `events` ÷ all active people; null where nobody was active.
    - recency_days: days since the last use: 1 means the day before; looks at all history, `window_days` is not read.
    - change: the value of `of` in this window ÷ its value in the window before, or in the same window 52 weeks before
      (`against`); null where that was 0, and until the account has been seen since the earlier window began.
    - active_days: days with use.
    - value_sum: sum of the events' values.
    - value_last: the value of the newest event that has one; null where none has.
    - value_mean: sum of the events' values ÷ how many events, so that one without a value counts as 0; null where none
      happened.
    - streak_days, streak_weeks: days, or spans of 7 days, in a row that had use, counted back from the day before the
      date; looks at all history, `window_days` is not read.

    With `where`, only events whose properties meet all conditions count; with `value_of`, their value is that property.
    What is asked so is declared (`declare`), and not known until the roll-ups have counted it.

    Null means not known. An account that no event has come from before the date has no row at all; one that was seen
    has 0 where nothing happened. People cannot be counted, and are null, where no event of the account before the
    date carries a person.
    """

    name: str
    kind: Kind
    window_days: int = 28
    events: tuple[str, ...] = ()
    of: Compared = "events"
    against: Against = "before"
    where: tuple[str, ...] = ()
    value_of: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise WrongMeasure(f"{self.name}: no such kind: {self.kind}")
        if not 1 <= self.window_days <= WINDOW_AT_MOST:
            raise WrongMeasure(f"{self.name}: a window is 1 to {WINDOW_AT_MOST} days, not {self.window_days}")
        if KINDS[self.kind].needs_list and not self.events:
            raise WrongMeasure(f"{self.name}: {self.kind} needs a list of events")
        if self.of not in STATS_COMPARED or self.against not in AGAINST:
            raise WrongMeasure(f"{self.name}: nothing to compare: {self.of} against {self.against}")
        if self.where and not self.may_filter:
            raise WrongMeasure(f"{self.name}: features are counted whole, not by properties")
        try:
            [condition_of(text) for text in self.where]
        except WrongCondition as wrong:
            raise WrongMeasure(f"{self.name}: not a condition: {wrong}") from wrong

    @property
    def may_filter(self) -> bool:
        """Return whether events can be told apart by properties; a change of features cannot."""
        return KINDS[self.kind].may_filter and not (self.kind == "change" and self.of == "distinct_features")

    @property
    def derived(self) -> tuple[Derived, ...]:
        """Return the events that roll-ups must count by their properties for it; none where it asks for none."""
        if not self.where and not self.value_of:
            return ()
        where = tuple(sorted({str(condition_of(text)) for text in self.where}))
        return tuple(Derived(event, where, self.value_of) for event in self.events or ("",))

    @property
    def earlier_days(self) -> int:
        """Return how many days before this window the one begins that a change is measured against."""
        return self.window_days if self.against == "before" else A_YEAR_OF_WEEKS


@dataclass(frozen=True)
class Atom:
    """One number that an engine counts: a statistic over `window` days that end `offset` days before the date."""

    stat: Stat
    window: int = 0
    offset: int = 0
    events: tuple[str, ...] = ()


SEEN: Final = Atom("seen")
PERSON_SEEN: Final = Atom("person_seen")


def atoms_of(measure: Measure) -> tuple[Atom, ...]:
    """Return the numbers that a measure is composed of."""
    days, events = measure.window_days, tuple(sorted(set(measure.events)))
    stat = STATS_COMPARED[measure.of]
    people = Atom("people", days, events=events)
    features = Atom("features", days, events=events)
    composition: dict[Kind, tuple[Atom, ...]] = {
        "events": (Atom("n", days, events=events),),
        "active_people": (people, PERSON_SEEN),
        "events_per_person": (Atom("person_n", days, events=events), people),
        "distinct_features": (features,),
        "adoption": (features,),
        "people_share": (people, Atom("people", days)),
        "recency_days": (Atom("last", events=events),),
        "change": (Atom(stat, days, events=events), Atom(stat, days, measure.earlier_days, events), SEEN),
        "active_days": (Atom("days", days, events=events),),
        "value_sum": (Atom("value", days, events=events),),
        "value_last": (Atom("newest", days, events=events),),
        "value_mean": (Atom("value", days, events=events), Atom("n", days, events=events)),
        "streak_days": (Atom("streak_days", events=events),),
        "streak_weeks": (Atom("streak_weeks", events=events),),
    }
    return composition[measure.kind]


def all_atoms(measures: Iterable[Measure]) -> tuple[Atom, ...]:
    """Return each number once that some measures need, and since when an account is known, in a steady order."""
    return tuple(dict.fromkeys([SEEN, *(atom for measure in measures for atom in atoms_of(measure))]))


def composed(measure: Measure, columns: dict[Atom, str], on: pl.Expr) -> pl.Expr:
    """Return a measure as an expression over the columns of its atoms; `on` is the number of the day it is taken on."""
    found = [pl.col(columns[atom]) for atom in atoms_of(measure)]
    value: pl.Expr = found[0]
    match measure.kind:
        case "active_people":
            value = pl.when(found[1] < on).then(found[0])
        case "events_per_person" | "people_share" | "value_mean":
            value = pl.when(found[1] > 0).then(found[0] / found[1])
        case "adoption":
            value = found[0] / len(set(measure.events))
        case "recency_days":
            value = on - found[0]
        case "change":
            is_whole = found[2] <= on - measure.window_days - measure.earlier_days
            value = pl.when(is_whole & (found[1] != 0)).then(found[0] / found[1])
        case _:
            pass
    return value.cast(pl.Float64).alias(measure.name)
