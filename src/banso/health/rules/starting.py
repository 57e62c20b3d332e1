"""Scorecards to start from, so that a first score stands minutes after the first import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from banso.health.rules.definition import Definition, Group, Measure, Words

# The quantiles that `fitted` reads, and the points it gives them: half of the accounts have 60 or more.
QUANTILES: Final = (0.1, 0.25, 0.5, 0.75, 0.9)
_POINTS: Final = (20.0, 40.0, 60.0, 80.0, 100.0)
_FEWEST_ACCOUNTS: Final = 10
_FEATURES_FOR_ADOPTION: Final = 5
_VOLUMES: Final = frozenset({"days", "times", "features", "people"})


@dataclass(frozen=True)
class Available:
    """What data an installation has, and what a template may therefore rest on."""

    has_usage: bool
    has_people: bool
    has_seats: bool
    features: int


@dataclass(frozen=True)
class Template:
    """A definition to start from: what it is for, and what it needs."""

    key: str
    name: Words
    about: Words
    definition: Definition
    needs_people: bool = False
    needs_seats: bool = False
    needs_features: int = 1

    def stands_on(self, available: Available) -> bool:
        """Return whether the data that it needs is there."""
        return (
            available.has_usage
            and (available.has_people or not self.needs_people)
            and (available.has_seats or not self.needs_seats)
            and available.features >= self.needs_features
        )


def suggest_template(available: Available) -> str:
    """Return the key of the template that fits the data: seats say most, then features, then plain use."""
    order = ("seat_led", "adoption_led")
    return next((key for key in order if TEMPLATES[key].stands_on(available)), "usage_led")


def fitted(definition: Definition, values: Mapping[str, Sequence[float]]) -> Definition:
    """Return the definition with the curves of volumes laid through the company's own accounts.

    How often a good customer comes depends on the product, so that curves of days, times, features and people take
    their values from the quantiles of `values` (one for each account, by key of measure): the median account gets 60
    points. Shares, changes and the days since the last use keep their curves, and so does a measure with fewer than ten
    known accounts or hardly any spread.
    """
    return replace(definition, measures=tuple(_fitted(one, values.get(one.key, ())) for one in definition.measures))


def _fitted(measure: Measure, values: Sequence[float]) -> Measure:
    known = sorted(values)
    if measure.unit not in _VOLUMES or measure.kind == "recency_days" or len(known) < _FEWEST_ACCOUNTS:
        return measure
    marks = [_quantile(known, share) for share in QUANTILES]
    if measure.better == "high":
        # Nothing is worth nothing, however many accounts have nothing.
        pairs = [(0.0, 0.0), *((mark, points) for mark, points in zip(marks, _POINTS, strict=True) if mark > 0)]
    else:
        pairs = [*zip(marks, reversed(_POINTS), strict=True), (marks[-1] * 2 + 1, 0.0)]
    # Where several quantiles fall on one value, it gets the mean of their points.
    at: dict[float, list[float]] = {}
    for value, points in pairs:
        at.setdefault(value, []).append(points)
    curve = tuple((value, sum(points) / len(points)) for value, points in at.items())
    return measure if len(curve) < 3 else replace(measure, points=curve)  # noqa: PLR2004  # a spread of two values


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return a value that occurs (the lower one), rounded as people say it."""
    value = ordered[int(share * (len(ordered) - 1))]
    return round(value, 1) if value < 10 else float(round(value))  # noqa: PLR2004  # below ten a tenth matters


_RHYTHM: Final = Group("rhythm", Words("利用の頻度", "Rhythm of use"))
_TREND: Final = Group("trend", Words("利用の増減", "Trend"))
_BREADTH: Final = Group("breadth", Words("利用の幅", "Breadth of use"))
_SEATS: Final = Group("seats", Words("ライセンスの活用", "Use of seats"))
_DEPTH: Final = Group("depth", Words("利用の深さ", "Depth of use"))

_FALLING: Final = ((0.3, 0.0), (0.7, 40.0), (0.9, 60.0), (1.0, 70.0), (1.3, 100.0))
_ACTIVE_DAYS: Final = Measure(
    key="active_days",
    label=Words("利用のあった日数（28日）", "Days with use (28 days)"),
    group="rhythm",
    weight=25,
    points=((0, 0), (4, 40), (12, 80), (20, 100)),
    kind="active_days",
)
_RECENCY: Final = Measure(
    key="recency",
    label=Words("最後の利用からの日数", "Days since last use"),
    group="rhythm",
    weight=20,
    # Five days: a long week-end with its holidays is no absence.
    points=((5, 100), (10, 80), (14, 50), (30, 20), (60, 0)),
    kind="recency_days",
    better="low",
)
_EVENTS_TREND: Final = Measure(
    key="events_trend",
    label=Words("利用回数（前の28日比）", "Use against the 28 days before"),
    group="trend",
    weight=20,
    points=_FALLING,
    kind="change",
)
_PEOPLE_TREND: Final = Measure(
    key="people_trend",
    label=Words("利用者数（前の28日比）", "Active people against the 28 days before"),
    group="trend",
    weight=15,
    points=_FALLING,
    kind="change",
    of="active_people",
)
_FEATURES: Final = Measure(
    key="features",
    label=Words("使われた機能の数（28日）", "Features used (28 days)"),
    group="breadth",
    weight=20,
    points=((0, 0), (1, 20), (3, 50), (6, 80), (10, 100)),
    kind="distinct_features",
)
_SEAT_USE: Final = Measure(
    key="seat_use",
    label=Words("ライセンス利用率（28日）", "Seats used (28 days)"),
    group="seats",
    weight=35,
    points=((0.0, 0.0), (0.2, 15.0), (0.5, 45.0), (0.8, 80.0), (1.0, 100.0)),
    kind="active_people",
    per="seats",
)
_WEEKLY_PEOPLE: Final = Measure(
    key="weekly_seat_use",
    label=Words("週間ライセンス利用率", "Seats used weekly"),
    group="seats",
    weight=15,
    points=((0.0, 0.0), (0.1, 15.0), (0.3, 45.0), (0.6, 80.0), (0.8, 100.0)),
    kind="active_people",
    window_days=7,
    per="seats",
)
_DEPTH_OF_USE: Final = Measure(
    key="events_per_person",
    label=Words("1人あたりの利用回数（28日）", "Use by each active person (28 days)"),
    group="depth",
    weight=15,
    points=((0, 0), (5, 30), (20, 60), (60, 90), (100, 100)),
    kind="events_per_person",
)
_FEATURES_TREND: Final = Measure(
    key="features_trend",
    label=Words("使われた機能の数（前の28日比）", "Features used against the 28 days before"),
    group="trend",
    weight=15,
    points=_FALLING,
    kind="change",
    of="distinct_features",
)

TEMPLATES: Final[Mapping[str, Template]] = {
    "usage_led": Template(
        key="usage_led",
        name=Words("利用重視", "Usage-led"),
        about=Words(
            "どれだけ頻繁に、幅広く使われ、増減しているかを見ます。利用データだけで始められます。",
            "Looks at how often and how broadly the product is used, and whether that grows. Needs usage data only.",
        ),
        definition=Definition(
            name="Usage-led",
            groups=(_RHYTHM, _TREND, _BREADTH),
            measures=(_ACTIVE_DAYS, _RECENCY, _EVENTS_TREND, _PEOPLE_TREND, _FEATURES),
        ),
    ),
    "seat_led": Template(
        key="seat_led",
        name=Words("ライセンス重視", "Seat-led"),
        about=Words(
            "契約しているライセンスのうち何割が使われ、利用者が増えているかを見ます。利用者がわかる利用データと、ライセンス数のある契約が必要です。",
            "Looks at how many of the seats bought are used, and whether people grow. Needs usage by person, and "
            "contracts with seats.",
        ),
        definition=Definition(
            name="Seat-led",
            groups=(_SEATS, _TREND, _RHYTHM),
            measures=(
                _SEAT_USE,
                _WEEKLY_PEOPLE,
                replace(_PEOPLE_TREND, weight=20),
                replace(_ACTIVE_DAYS, weight=10),
                _RECENCY,
            ),
        ),
        needs_people=True,
        needs_seats=True,
    ),
    "adoption_led": Template(
        key="adoption_led",
        name=Words("定着重視", "Adoption-led"),
        about=Words(
            "いくつの機能が、どれだけ深く使われているかを見ます。5つ以上の機能がわかる利用データが必要です。",
            "Looks at how many features are used, and how deeply. Needs usage data with five features or more.",
        ),
        definition=Definition(
            name="Adoption-led",
            groups=(_BREADTH, _DEPTH, _TREND, _RHYTHM),
            measures=(
                replace(_FEATURES, weight=35),
                _DEPTH_OF_USE,
                _FEATURES_TREND,
                replace(_EVENTS_TREND, weight=15),
                _RECENCY,
            ),
        ),
        needs_features=_FEATURES_FOR_ADOPTION,
    ),
}
