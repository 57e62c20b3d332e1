"""Definitions as plain JSON, and back: what a version keeps, and what files and calls will carry."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from banso.health.rules.checking import Fault, WrongDefinition, checked, gettext_noop
from banso.health.rules.definition import Cuts, Definition, ExceptionRule, Group, Measure, Override, Scale, Words
from banso.science.scorecard import Missing


def to_plain(definition: Definition) -> dict[str, Any]:
    """Return a definition as JSON values only; `from_plain` makes an equal definition of it."""
    plain = asdict(definition)
    plain["missing"] = definition.missing.value
    plain["levels"] = list(definition.levels)
    for measure in plain["measures"]:
        measure["points"] = [list(pair) for pair in measure["points"]]
        measure["events"] = list(measure["events"])
        measure["where"] = list(measure["where"])
    for scale in plain["scales"]:
        scale["levels"] = list(scale["levels"]) if scale["levels"] else None
    for one in plain["exceptions"]:
        one["until_on"] = one["until_on"].isoformat()
    return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}


def from_plain(plain: Mapping[str, Any]) -> Definition:
    """Return the definition that JSON values describe; raises WrongDefinition with every fault found."""
    try:
        definition = Definition(
            name=str(plain["name"]),
            measures=tuple(_measure(one) for one in plain["measures"]),
            groups=tuple(Group(str(one["key"]), Words(**one["label"])) for one in plain["groups"]),
            overrides=tuple(_override(one) for one in plain.get("overrides", ())),
            levels=_levels(plain.get("levels", (30, 50, 70))),
            cuts=_cuts(plain.get("cuts", {})),
            scales=tuple(_scales(plain)),
            missing=Missing(plain.get("missing", Missing.SCALE_UP)),
            exceptions=tuple(_exception(one) for one in plain.get("exceptions") or ()),
            rollup=plain.get("rollup", "own"),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = gettext_noop("The definition cannot be read: %(reason)s. Compare it with one that was exported.")
        raise WrongDefinition([Fault("definition", message, {"reason": str(error)})]) from error
    return checked(definition)


def _measure(plain: Mapping[str, Any]) -> Measure:
    given = dict(plain)
    given["label"] = Words(**given["label"])
    given["points"] = tuple((float(value), float(points)) for value, points in given["points"])
    given["events"] = tuple(str(name) for name in given.get("events", ()))
    given["where"] = tuple(str(text) for text in given.get("where", ()))
    given["weight"] = float(given["weight"])
    return Measure(**given)


def _override(plain: Mapping[str, Any]) -> Override:
    weights = {str(key): float(weight) for key, weight in plain["weights"].items()}
    return Override(plain.get("segment"), plain.get("stage"), weights)


def _scales(plain: Mapping[str, Any]) -> Iterator[Scale]:
    # Versions of old name cut-offs by stage alone.
    for stage, cuts in (plain.get("cuts_by_stage") or {}).items():
        yield Scale(None, str(stage), cuts=_cuts(cuts))
    for one in plain.get("scales") or ():
        levels, cuts = one.get("levels"), one.get("cuts")
        yield Scale(
            one.get("segment"), one.get("stage"), _levels(levels) if levels else None, _cuts(cuts) if cuts else None
        )


def _exception(plain: Mapping[str, Any]) -> ExceptionRule:
    until = plain["until_on"]
    return ExceptionRule(
        segment=plain.get("segment"),
        stage=plain.get("stage"),
        measure=str(plain["measure"]),
        when=plain["when"],
        value=float(plain.get("value") or 0),
        limit=plain["limit"],
        points=float(plain["points"]),
        reason=str(plain["reason"]),
        until_on=until if isinstance(until, date) else date.fromisoformat(until),
    )


def _levels(plain: Any) -> tuple[float, float, float]:
    two, three, four = (float(cut) for cut in plain)
    return two, three, four


def _cuts(plain: Mapping[str, Any]) -> Cuts:
    return Cuts(**{key: float(value) for key, value in plain.items()})
