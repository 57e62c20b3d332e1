"""What health means to a company: measures, points, weights, and where levels and conditions begin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final, Literal

from banso.science.scorecard import Bands, Curve, Missing

type Source = Literal["usage", "contract", "pulse"]
type Unit = Literal["people", "days", "weeks", "times", "features", "percent", "money", "grade"]
type Better = Literal["high", "low"]
type Shape = Literal["line", "steps"]
type Rollup = Literal["own", "mrr", "worst"]
type When = Literal["at_least", "at_most", "above", "below", "missing"]
type Limit = Literal["at_most", "at_least"]
type Levels = tuple[float, float, float]
type ConditionName = Literal["good", "normal", "poor", "unknown"]

UNITS: Final = ("people", "days", "weeks", "times", "features", "percent", "money", "grade")
# What can be counted, and the unit that its values have.
USAGE_KINDS: Final[Mapping[str, Unit]] = {
    "events": "times",
    "active_people": "people",
    "events_per_person": "times",
    "distinct_features": "features",
    "adoption": "percent",
    "people_share": "percent",
    "recency_days": "days",
    "change": "percent",
    "active_days": "days",
    "value_sum": "times",
    "value_last": "times",
    "value_mean": "times",
    "streak_days": "days",
    "streak_weeks": "weeks",
}
# What contracts say as of a day: a count may be divided by it.
FACTS: Final[Mapping[str, Unit]] = {"seats": "people", "mrr": "money", "days_to_renewal": "days", "tenure_days": "days"}
CONTRACT_KINDS: Final[Mapping[str, Unit]] = {**FACTS, "limit_share": "percent"}
# What staff think, 1 to 5, and how long ago somebody said so.
PULSE_KINDS: Final[Mapping[str, Unit]] = {"pulse": "grade", "pulse_age_days": "days"}
KINDS_OF: Final[Mapping[Source, Mapping[str, Unit]]] = {
    "usage": USAGE_KINDS,
    "contract": CONTRACT_KINDS,
    "pulse": PULSE_KINDS,
}
COMPARED: Final = ("events", "active_people", "active_days", "distinct_features", "value_sum", "value_last")
# Features are counted whole: no condition tells their events apart.
WHOLE_FEATURES: Final = frozenset({"adoption", "distinct_features"})
CONDITIONS_AT_MOST: Final = 10
WITHOUT_WINDOW: Final = frozenset({"recency_days", "streak_days", "streak_weeks", "pulse_age_days"})
COUNTED_FOR: Final = ("account", "tree")
AGAINST: Final = ("before", "year_ago")
NEEDS_PEOPLE: Final = frozenset({"active_people", "events_per_person", "people_share"})
LEVELS: Final = 4
SHAPES: Final = ("line", "steps")
# Where an account's score comes from: itself, it and all below it weighed by monthly revenue, or the worst of these.
ROLLUPS: Final = ("own", "mrr", "worst")
WHENS: Final = ("at_least", "at_most", "above", "below", "missing")
LIMITS: Final = ("at_most", "at_least")


@dataclass(frozen=True)
class Words:
    """A name in both languages; it belongs to the company's data, so it is not a message of the program."""

    ja: str
    en: str

    def said_in(self, language: str | None) -> str:
        """Return the name in a language, Japanese where that language is Japanese and English everywhere else."""
        return self.ja if (language or "").startswith("ja") else self.en


@dataclass(frozen=True)
class Group:
    """Measures that are shown together, such as breadth of use."""

    key: str
    label: Words


@dataclass(frozen=True, kw_only=True)
class Count:
    """What is counted, under a key and a name in both languages.

    `kind`, `window_days`, `of`, `against` and `events` mean what they mean in usage; with `per`, a contract's fact
    (seats), the count is divided by it and becomes a share. Values that are shares (unit percent) are 0–1, or ratios
    for `change`. `where` are conditions on the properties of events, `value_of` is the property that values are taken
    from. At the level "tree" what happened in the accounts below an account counts for it too.
    """

    key: str
    label: Words
    kind: str
    source: Source = "usage"
    window_days: int = 28
    of: str = "events"
    against: str = "before"
    events: tuple[str, ...] = ()
    per: str = ""
    level: str = "account"
    where: tuple[str, ...] = ()
    value_of: str = ""

    @property
    def unit(self) -> Unit:
        """Return the unit of the values; a count for each seat is a share."""
        if self.per:
            return "percent"
        return KINDS_OF[self.source][self.kind]

    @property
    def needs_people(self) -> bool:
        """Return whether it can be known only where events carry a person."""
        return self.kind in NEEDS_PEOPLE or (self.kind == "change" and self.of == "active_people")

    def as_count(self) -> "Count":
        """Return only what is counted, without what a scorecard makes of it."""
        return Count(**{one.name: getattr(self, one.name) for one in fields(Count)})

    @property
    def expression(self) -> tuple[object, ...]:
        """Return all but the key and the name: two counts with the same are the same count."""
        whole = (
            self.kind,
            self.source,
            self.per,
            self.level,
            frozenset(self.events),
            frozenset(self.where),
            self.value_of,
        )
        compared = (self.of, self.against) if self.kind == "change" else ()
        return (*whole, *compared, 0 if self.kind in WITHOUT_WINDOW or self.source == "contract" else self.window_days)


@dataclass(frozen=True, kw_only=True)
class Measure(Count):
    """One input of a score: a count, and how its value becomes points."""

    group: str
    weight: float
    points: tuple[tuple[float, float], ...]
    better: Better = "high"
    shape: Shape = "line"

    @property
    def curve(self) -> Curve | Bands:
        """Return the curve or the bands of points; raises ValueError where they are crooked."""
        made = Bands if self.shape == "steps" else Curve
        return made(tuple(value for value, _ in self.points), tuple(points for _, points in self.points))


@dataclass(frozen=True)
class Aimed:
    """What holds for a segment, a stage, or both (None: any).

    Of those that fit an account, one is used: segment and stage before segment alone before stage alone; of equals,
    the first in the list.
    """

    segment: str | None
    stage: str | None

    def fits(self, segment: str | None, stage: str | None) -> bool:
        """Return whether an account in this segment and stage is meant."""
        return self.segment in {None, segment} and self.stage in {None, stage}

    @property
    def rank(self) -> tuple[bool, bool]:
        """Return how closely it is aimed; segment counts before stage."""
        return self.segment is not None, self.stage is not None


@dataclass(frozen=True)
class Override(Aimed):
    """Weights that differ; measures not named keep their own weight."""

    weights: Mapping[str, float]


@dataclass(frozen=True)
class Cuts:
    """From which score on an account is normal and good; both ends belong to the better condition."""

    normal_from: float = 40.0
    good_from: float = 70.0


@dataclass(frozen=True)
class Scale(Aimed):
    """Where levels and conditions begin elsewhere than usual; None keeps the common ones."""

    levels: Levels | None = None
    cuts: Cuts | None = None


@dataclass(frozen=True, kw_only=True)
class ExceptionRule(Aimed):
    """Keeps a score at most or at least at so many points while a measure says so, up to a day, for a reason.

    All that fit apply: the highest floor first, then the lowest cap, so that of two that disagree the worse counts.
    A score that is not known stays so.
    """

    measure: str
    when: When
    value: float = 0.0
    limit: Limit
    points: float
    reason: str
    until_on: date

    def meets(self, value: float | None) -> bool:
        """Return whether a value of the measure (None: not known) is meant."""
        if value is None or self.when == "missing":
            return value is None and self.when == "missing"
        return {
            "at_least": value >= self.value,
            "at_most": value <= self.value,
            "above": value > self.value,
            "below": value < self.value,
        }[self.when]


@dataclass(frozen=True)
class Definition:
    """How health is made. `levels` are the scores from which levels 2, 3 and 4 begin; each belongs to the higher.

    A score is made of the measures, then rolled up from the accounts below, then held by exceptions.
    """

    name: str
    measures: tuple[Measure, ...]
    groups: tuple[Group, ...]
    overrides: tuple[Override, ...] = ()
    levels: Levels = (30.0, 50.0, 70.0)
    cuts: Cuts = field(default_factory=Cuts)
    scales: tuple[Scale, ...] = ()
    missing: Missing = Missing.SCALE_UP
    exceptions: tuple[ExceptionRule, ...] = ()
    rollup: Rollup = "own"

    def weights_for(self, segment: str | None, stage: str | None) -> tuple[float, ...]:
        """Return the raw weights of the measures for an account, in the order of the measures."""
        found = nearest(self.overrides, segment, stage)
        weights = found.weights if found else {}
        return tuple(weights.get(measure.key, measure.weight) for measure in self.measures)

    def cuts_for(self, segment: str | None, stage: str | None) -> Cuts:
        """Return the cut-offs of conditions for an account."""
        found = nearest([one for one in self.scales if one.cuts], segment, stage)
        return (found.cuts if found else None) or self.cuts

    def levels_for(self, segment: str | None, stage: str | None) -> Levels:
        """Return the scores from which levels 2, 3 and 4 begin for an account."""
        found = nearest([one for one in self.scales if one.levels], segment, stage)
        return (found.levels if found else None) or self.levels

    def level_of(self, tenths: int | None, segment: str | None, stage: str | None) -> int | None:
        """Return the level 1–4 of a score in tenths, as it is shown; None where the score is not known."""
        if tenths is None:
            return None
        return 1 + sum(tenths >= in_tenths(cut) for cut in self.levels_for(segment, stage))

    def condition_of(self, tenths: int | None, segment: str | None, stage: str | None) -> ConditionName:
        """Return the condition of a score in tenths, as it is shown; a score that is not known is never good."""
        if tenths is None:
            return "unknown"
        cuts = self.cuts_for(segment, stage)
        if tenths >= in_tenths(cuts.good_from):
            return "good"
        return "normal" if tenths >= in_tenths(cuts.normal_from) else "poor"

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the measures, in order."""
        return tuple(measure.key for measure in self.measures)

    @property
    def wants_contracts(self) -> bool:
        """Return whether any measure needs facts of contracts."""
        return any(measure.source == "contract" or measure.per for measure in self.measures)


def source_of(kind: str) -> Source:
    """Return what says a kind; a kind of none is usage's to refuse."""
    return next((source for source, kinds in KINDS_OF.items() if kind in kinds), "usage")


def nearest[T: Aimed](rules: Sequence[T], segment: str | None, stage: str | None) -> T | None:
    """Return the rule that holds for an account: the most closely aimed, of equals the first."""
    return max((one for one in rules if one.fits(segment, stage)), key=lambda one: one.rank, default=None)


def in_tenths(points: float) -> int:
    """Return points as whole tenths."""
    return round(points * 10)
