"""Whether a definition can be used: each fault names its place and what to do about it."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from banso.health.rules.definition import (
    AGAINST,
    COMPARED,
    CONDITIONS_AT_MOST,
    COUNTED_FOR,
    FACTS,
    KINDS_OF,
    LIMITS,
    ROLLUPS,
    SHAPES,
    WHENS,
    WHOLE_FEATURES,
    Count,
    Cuts,
    Definition,
    ExceptionRule,
    Levels,
    Measure,
    Override,
    Scale,
)
from banso.shared.conditions import is_condition


def gettext_noop(message: str) -> str:
    """Mark a message for translation; pages translate it, rules know no language."""
    return message


@dataclass(frozen=True)
class Fault:
    """What is wrong and where: `message` % `values` is the sentence, translated by whoever shows it.

    `field` is the part of the place that is meant; `line` counts from 1 in a file, and is 0 where there is none.
    """

    place: str
    message: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    field: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.place}: {self.message % self.values}"


class WrongDefinition(ValueError):
    """A definition that cannot be used."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


def faults_of(definition: Definition) -> list[Fault]:
    """Return all that is wrong with a definition; none means that it can be published."""
    return [
        *_of_whole(definition),
        *(fault for measure in definition.measures for fault in _of_measure(measure, definition)),
        *(fault for number, one in enumerate(definition.overrides) for fault in _of_override(number, one, definition)),
        *_of_cuts("cuts", definition.cuts),
        *(fault for number, one in enumerate(definition.scales, 1) for fault in _of_scale(f"scales.{number}", one)),
        *(
            fault
            for number, one in enumerate(definition.exceptions, 1)
            for fault in _of_exception(f"exceptions.{number}", one, definition)
        ),
    ]


def checked(definition: Definition) -> Definition:
    """Return the definition; raises WrongDefinition with every fault."""
    if faults := faults_of(definition):
        raise WrongDefinition(faults)
    return definition


def _of_whole(definition: Definition) -> Iterator[Fault]:
    if not definition.name.strip():
        yield Fault("name", gettext_noop("The scorecard has no name. Give it one."))
    if not definition.measures:
        yield Fault("measures", gettext_noop("There is no measure. Add at least one."))
    for key, times in Counter(definition.keys).items():
        if times > 1:
            message = gettext_noop("The key %(key)s is used %(times)s times. Give each measure its own key.")
            yield Fault("measures", message, {"key": key, "times": times})
    if definition.measures and sum(max(measure.weight, 0) for measure in definition.measures) <= 0:
        yield Fault("measures", gettext_noop("All weights are zero. Give at least one measure a weight above zero."))
    yield from _of_levels("levels", definition.levels)
    if definition.rollup not in ROLLUPS:
        message = gettext_noop("Scores cannot be rolled up by %(kind)s. Choose one of: %(kinds)s.")
        yield Fault("rollup", message, {"kind": definition.rollup, "kinds": ", ".join(ROLLUPS)})


def faults_of_count(count: Count, place: str) -> Iterator[Fault]:
    """Return what is wrong with what is counted; each names the field."""

    def choice(field: str, message: str, values: Iterable[str], **more: object) -> Fault:
        return Fault(place, message, {"kinds": ", ".join(values), **more}, field)

    if count.source not in KINDS_OF:
        message = gettext_noop("Nothing is measured from %(source)s. Choose one of: %(kinds)s.")
        yield choice("source", message, KINDS_OF, source=count.source)
        return
    kinds = KINDS_OF[count.source]
    if count.kind not in kinds:
        message = gettext_noop("%(kind)s cannot be measured. Choose one of: %(kinds)s.")
        yield choice("kind", message, kinds, kind=count.kind)
    if count.per and count.per not in FACTS:
        message = gettext_noop("A count cannot be divided by %(per)s. Choose one of: %(kinds)s.")
        yield choice("per", message, FACTS, per=count.per)
    if not 1 <= count.window_days <= 3660:  # noqa: PLR2004  # ten years
        message = gettext_noop("The window is %(days)s days. Write a number from 1 to 3660.")
        yield Fault(place, message, {"days": count.window_days}, "window_days")
    if count.of not in COMPARED:
        message = gettext_noop("A change of %(kind)s cannot be measured. Choose one of: %(kinds)s.")
        yield choice("of", message, COMPARED, kind=count.of)
    if count.against not in AGAINST:
        message = gettext_noop("A change against %(against)s cannot be measured. Choose one of: %(kinds)s.")
        yield choice("against", message, AGAINST, against=count.against)
    if count.level not in COUNTED_FOR:
        message = gettext_noop("Nothing is counted for %(level)s. Choose one of: %(kinds)s.")
        yield choice("level", message, COUNTED_FOR, level=count.level)
    if count.kind in {"adoption", "people_share"} and not count.events:
        message = gettext_noop("This kind counts chosen features, and none is chosen. List at least one.")
        yield Fault(place, message, field="events")
    yield from _of_conditions(count, place)


def _of_conditions(count: Count, place: str) -> Iterator[Fault]:
    """Return what is wrong with what is asked of the properties of events."""
    if not count.where and not count.value_of:
        return
    if count.source != "usage" or count.kind in WHOLE_FEATURES or "distinct_features" in {count.kind, count.of}:
        message = gettext_noop("%(kind)s cannot be told apart by properties. Remove the conditions, or choose another.")
        yield Fault(place, message, {"kind": count.kind}, "where" if count.where else "value_of")
    if len(count.where) > CONDITIONS_AT_MOST:
        message = gettext_noop("There are %(count)s conditions. Write at most %(most)s.")
        yield Fault(place, message, {"count": len(count.where), "most": CONDITIONS_AT_MOST}, "where")
    for text in count.where:
        if not is_condition(text):
            message = gettext_noop(
                "“%(text)s” is not a condition. Write it such as “plan = pro”, “plan in (pro, max)”, “rows >= 100” or "
                "“error exists”."
            )
            yield Fault(place, message, {"text": text}, "where")


def _of_measure(measure: Measure, definition: Definition) -> Iterator[Fault]:
    place = f"measures.{measure.key}"
    yield from faults_of_count(measure, place)
    if not measure.weight >= 0:
        message = gettext_noop("The weight is %(weight)s. Write zero or more.")
        yield Fault(place, message, {"weight": measure.weight}, "weight")
    if measure.group not in {group.key for group in definition.groups}:
        message = gettext_noop("There is no group %(group)s. Add the group, or choose another.")
        yield Fault(place, message, {"group": measure.group}, "group")
    if measure.shape not in SHAPES:
        message = gettext_noop("Points cannot be laid out as %(kind)s. Choose one of: %(kinds)s.")
        yield Fault(place, message, {"kind": measure.shape, "kinds": ", ".join(SHAPES)}, "shape")
    yield from _of_curve(measure, f"{place}.points")


def _of_curve(measure: Measure, place: str) -> Iterator[Fault]:
    try:
        first, last = measure.curve.points[0], measure.curve.points[-1]
    except ValueError:
        message = gettext_noop(
            "The curve is crooked. Write two or more pairs of value and points: values rising, points from 0 to 100 "
            "that only rise or only fall."
        )
        yield Fault(place, message)
        return
    if (first > last) if measure.better == "high" else (first < last):
        yield Fault(place, gettext_noop("The curve runs against “better”. Turn the points round, or change “better”."))


def _of_override(number: int, override: Override, definition: Definition) -> Iterator[Fault]:
    place = f"overrides.{number + 1}"
    if override.segment is None and override.stage is None:
        message = gettext_noop("These weights name no segment and no stage. Name one, or change the common weights.")
        yield Fault(place, message)
    for key in sorted(set(override.weights) - set(definition.keys)):
        message = gettext_noop("There is no measure %(key)s. Remove its weight, or add the measure.")
        yield Fault(place, message, {"key": key})
    weights = [override.weights.get(measure.key, measure.weight) for measure in definition.measures]
    if any(not weight >= 0 for weight in weights) or sum(weights) <= 0:
        yield Fault(place, gettext_noop("Weights must be zero or more, and at least one above zero."))


def _of_scale(place: str, scale: Scale) -> Iterator[Fault]:
    if scale.segment is None and scale.stage is None:
        message = gettext_noop("These cut-offs name no segment and no stage. Name one, or change the common cut-offs.")
        yield Fault(place, message, field="segment")
    if scale.levels:
        yield from _of_levels(place, scale.levels)
    if scale.cuts:
        yield from _of_cuts(place, scale.cuts)


def _of_exception(place: str, rule: ExceptionRule, definition: Definition) -> Iterator[Fault]:
    if rule.measure not in definition.keys:
        message = gettext_noop("There is no measure %(key)s. Choose one of the scorecard, if need be with weight 0.")
        yield Fault(place, message, {"key": rule.measure}, "measure")
    for name, value, known in (("when", rule.when, WHENS), ("limit", rule.limit, LIMITS)):
        if value not in known:
            message = gettext_noop("An exception cannot say %(kind)s here. Choose one of: %(kinds)s.")
            yield Fault(place, message, {"kind": value, "kinds": ", ".join(known)}, name)
    if not 0 <= rule.points <= 100:  # noqa: PLR2004  # the scale
        message = gettext_noop("The limit is %(points)s. Write points from 0 to 100.")
        yield Fault(place, message, {"points": rule.points}, "points")
    if not rule.reason.strip():
        message = gettext_noop("The exception has no reason. Say why it is there: everybody sees it beside the score.")
        yield Fault(place, message, field="reason")


def _of_levels(place: str, levels: Levels) -> Iterator[Fault]:
    if any(low >= high for low, high in pairwise((0.0, *levels, 100.0))):
        message = gettext_noop("The cut-offs of levels must rise between 0 and 100: write three, such as 30, 50, 70.")
        yield Fault(place, message, field="" if place == "levels" else "levels")


def _of_cuts(place: str, cuts: Cuts) -> Iterator[Fault]:
    if not 0 < cuts.normal_from < cuts.good_from <= 100:  # noqa: PLR2004  # the scale
        message = gettext_noop(
            "Normal begins at %(normal)s and good at %(good)s. "
            "Write two scores above 0 and up to 100, normal the lower."
        )
        field = "" if place == "cuts" else "cuts"
        yield Fault(place, message, {"normal": cuts.normal_from, "good": cuts.good_from}, field)
