"""Measures, values and reasons in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext as _

from banso.health.rules import STEPS, Count, Definition, Fault, Measure, Move, Reason, Words

_WHOLE_FROM = 10  # below ten a tenth matters
_ONE_POINT = 10  # in tenths


def said(words: Words) -> str:
    """Return a name of the company's own in the reader's language."""
    return words.said_in(get_language())


def labels_of(definition: Definition) -> dict[str, str]:
    """Return the names of measures by key, in the reader's language."""
    return {measure.key: said(measure.label) for measure in definition.measures}


def points_text(tenths: int) -> str:
    """Return tenths as points without their sign: 12, or 12.3."""
    size = abs(tenths)
    return number_format(size / 10, 0 if size % 10 == 0 else 1)


def value_text(measure: Count | None, value: float | None) -> str:
    """Return a value as people say it, shares as percent; a value that is not known is called so."""
    if value is None:
        return _("not known")
    if measure is not None and measure.unit == "percent":
        return f"{number_format(value * 100, 0)}%"
    whole = abs(value) >= _WHOLE_FROM or value == int(value)
    return number_format(value, 0 if whole else 1, use_l10n=True, force_grouping=True)


def reason_text(reason: Reason, definition: Definition) -> str:
    """Return the reason as one sentence, such as “12 points down: weekly active people 14 → 6”."""
    points = points_text(reason.tenths)
    many = 1 if abs(reason.tenths) == _ONE_POINT else 2  # 0.1 and 1.1 are points, too
    measures = {measure.key: measure for measure in definition.measures}
    causes = [_cause(move, measures) for move in reason.moves]
    if reason.kind == "unknown":
        return _("Not known: too little is measured.")
    if reason.kind == "steady":
        if reason.weakest is None:
            return _("Steady.")
        weakest = measures.get(reason.weakest.measure)
        names = {"measure": said(weakest.label), "value": value_text(weakest, reason.weakest.value)} if weakest else {}
        return _("Steady. Held down by: %(measure)s %(value)s") % names if names else _("Steady.")
    if not causes:
        up = ngettext("%(points)s point up", "%(points)s points up", many)
        down = ngettext("%(points)s point down", "%(points)s points down", many)
        return (up if reason.kind == "up" else down) % {"points": points}
    all_causes = (
        causes[0] if len(causes) == 1 else _("%(first)s; %(second)s") % {"first": causes[0], "second": causes[1]}
    )
    up = ngettext("%(points)s point up: %(causes)s", "%(points)s points up: %(causes)s", many)
    down = ngettext("%(points)s point down: %(causes)s", "%(points)s points down: %(causes)s", many)
    return (up if reason.kind == "up" else down) % {"points": points, "causes": all_causes}


def fault_text(fault: Fault) -> str:
    """Return what is wrong with a definition, and what to do, in the reader's language."""
    return gettext(fault.message) % fault.values


def step_text(kind: str, why: str = "") -> str:
    """Return what was made of a score after its measures: by the accounts below, an exception or a person."""
    if kind == "exception":
        return _("Exception: %(reason)s") % {"reason": why} if why else _("Exception")
    return {"children": _("Accounts below"), "override": _("Set by hand")}[kind]


def move_label(move: Move, measures: Mapping[str, Measure]) -> str:
    """Return what moved a score, as a row of a table says it."""
    measure = measures.get(move.measure)
    if measure is not None:
        label = said(measure.label)
        return _("%(measure)s: its points") % {"measure": label} if move.kind == "points" else label
    if move.measure:  # a measure that the definition no longer has
        return move.measure
    if move.kind in STEPS:
        return step_text(move.kind, move.why)
    return _("Segment or stage changed") if move.kind == "sorted" else _("Weights changed")


def _cause(move: Move, measures: dict[str, Measure]) -> str:
    measure = measures.get(move.measure)
    if measure is None:
        return _other_cause(move)
    names = {
        "measure": said(measure.label),
        "before": value_text(measure, move.before),
        "after": value_text(measure, move.after),
    }
    return _CAUSES.get(move.kind, _CAUSES["moved"])() % names


def _other_cause(move: Move) -> str:
    if move.kind in STEPS:
        return step_text(move.kind, move.why)
    if move.kind == "removed":
        return _("%(measure)s no longer counts") % {"measure": move.measure}
    return _("segment or stage changed") if move.kind == "sorted" else _("weights changed")


_CAUSES: Final[Mapping[str, Callable[[], str]]] = {
    "moved": lambda: _("%(measure)s %(before)s → %(after)s"),
    "appeared": lambda: _("%(measure)s became known: %(after)s"),
    "vanished": lambda: _("%(measure)s is no longer known, was %(before)s"),
    "added": lambda: _("%(measure)s now counts: %(after)s"),
    "points": lambda: _("%(measure)s gives other points"),
}
