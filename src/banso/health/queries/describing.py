"""A scorecard in words: what is measured, how it becomes points, what it weighs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.health.queries.wording import said, value_text
from banso.health.rules import Count, Definition, ExceptionRule, Measure
from banso.ui.templatetags.ui_text import day

_COUNTED: Final[Mapping[str, Callable[[], str]]] = {
    "events": lambda: _("How often the product was used in %(days)s days"),
    "active_people": lambda: _("How many people used the product in %(days)s days"),
    "events_per_person": lambda: _("How often each active person used the product in %(days)s days"),
    "distinct_features": lambda: _("How many features were used in %(days)s days"),
    "adoption": lambda: _("The share of chosen features that was used in %(days)s days"),
    "people_share": lambda: _("The share of active people who used the chosen features in %(days)s days"),
    "recency_days": lambda: _("Days since the last use"),
    "change": lambda: "",
    "active_days": lambda: _("How many of the last %(days)s days had any use"),
    "value_sum": lambda: _("The sum of values in %(days)s days"),
    "value_last": lambda: _("The newest value in %(days)s days"),
    "value_mean": lambda: _("The mean value in %(days)s days"),
    "streak_days": lambda: _("For how many days in a row the product has been used"),
    "streak_weeks": lambda: _("For how many weeks in a row the product has been used"),
    "seats": lambda: _("Seats in the contract"),
    "mrr": lambda: _("Monthly revenue of the contract"),
    "days_to_renewal": lambda: _("Days to the renewal"),
    "tenure_days": lambda: _("Days since the first contract began"),
    "pulse": lambda: _("The newest pulse of the last %(days)s days, 1 to 5"),
    "pulse_age_days": lambda: _("Days since the newest pulse"),
    "limit_share": lambda: _("How much of its limit in the contract was used in the running period"),
}
# What a change compares.
_CHANGES: Final[Mapping[str, Callable[[], str]]] = {
    "events": lambda: _("Use in %(days)s days"),
    "active_people": lambda: _("Active people in %(days)s days"),
    "active_days": lambda: _("Days with use in %(days)s days"),
    "distinct_features": lambda: _("Features used in %(days)s days"),
    "value_sum": lambda: _("The sum of values in %(days)s days"),
    "value_last": lambda: _("The newest value in %(days)s days"),
}
_PER: Final[Mapping[str, Callable[[], str]]] = {
    "seats": lambda: _("%(count)s, for each seat in the contract"),
    "mrr": lambda: _("%(count)s, for each unit of monthly revenue"),
    "days_to_renewal": lambda: _("%(count)s, for each day to the renewal"),
    "tenure_days": lambda: _("%(count)s, for each day as a customer"),
}
_KINDS: Final = {
    "events": gettext_lazy("Times used"),
    "active_people": gettext_lazy("Active people"),
    "active_days": gettext_lazy("Days with use"),
    "distinct_features": gettext_lazy("Features used"),
    "adoption": gettext_lazy("Share of chosen features used"),
    "people_share": gettext_lazy("Share of active people who used chosen features"),
    "events_per_person": gettext_lazy("Times used by each active person"),
    "change": gettext_lazy("Change against an earlier time"),
    "recency_days": gettext_lazy("Days since last use"),
    "streak_days": gettext_lazy("Days in a row with use"),
    "streak_weeks": gettext_lazy("Weeks in a row with use"),
    "value_sum": gettext_lazy("Sum of values"),
    "value_last": gettext_lazy("Newest value"),
    "value_mean": gettext_lazy("Mean value"),
    "seats": gettext_lazy("Seats in the contract"),
    "mrr": gettext_lazy("Monthly revenue of the contract"),
    "days_to_renewal": gettext_lazy("Days to the renewal"),
    "tenure_days": gettext_lazy("Days as a customer"),
    "pulse": gettext_lazy("Newest pulse"),
    "pulse_age_days": gettext_lazy("Days since the newest pulse"),
    "limit_share": gettext_lazy("Share of the contract's limit used"),
}
UNITS: Final = {
    "people": gettext_lazy("people"),
    "days": gettext_lazy("days"),
    "weeks": gettext_lazy("weeks"),
    "times": gettext_lazy("times"),
    "features": gettext_lazy("features"),
    "percent": "%",
    "money": gettext_lazy("minor units"),
    "grade": gettext_lazy("of 5"),
}


@dataclass(frozen=True)
class MeasureRow:
    """One measure in words; `weight` is its share of all weights, `curve` pairs of value and points as texts."""

    key: str
    label: str
    group: str
    meaning: str
    unit: str
    weight: float
    is_in_bands: bool
    curve: tuple[tuple[str, str], ...]


def described(definition: Definition) -> list[MeasureRow]:
    """Return the measures in words, in order."""
    groups = {group.key: said(group.label) for group in definition.groups}
    total = sum(measure.weight for measure in definition.measures)
    return [_described(measure, groups, total) for measure in definition.measures]


def exception_texts(definition: Definition) -> list[str]:
    """Return the exceptions as sentences, in order."""
    measures = {measure.key: measure for measure in definition.measures}
    return [_exception(one, measures[one.measure]) for one in definition.exceptions]


def rollup_text(definition: Definition) -> str:
    """Return where the score of a company with accounts below comes from; empty where it is its own."""
    if definition.rollup == "own":
        return ""
    if definition.rollup == "worst":
        return _("Of a company with accounts below: the worst of it and all below")
    return _("Of a company with accounts below: the mean of it and all below, by monthly revenue")


def meaning_text(count: Count) -> str:
    """Return what is counted, in words."""
    days = {"days": count.window_days}
    meaning = _COUNTED[count.kind]() % days
    if count.kind == "change":
        meaning = _CHANGES[count.of]() % {"days": count.window_days}
        if count.against == "year_ago":
            meaning = _("%(count)s, against the same weeks a year before") % {"count": meaning}
        else:
            meaning = _("%(count)s, against the %(days)s days before") % {"count": meaning, **days}
    if count.per:
        return _PER[count.per]() % {"count": meaning}
    return meaning


def kind_choices() -> list[tuple[str, str]]:
    """Return every kind of measure with its name."""
    return [(kind, str(name)) for kind, name in _KINDS.items()]


_WHENS: Final[Mapping[str, Callable[[], str]]] = {
    "at_least": lambda: _("%(measure)s is at least %(value)s"),
    "above": lambda: _("%(measure)s is above %(value)s"),
    "at_most": lambda: _("%(measure)s is at most %(value)s"),
    "below": lambda: _("%(measure)s is below %(value)s"),
    "missing": lambda: _("%(measure)s is not known"),
}


def _exception(rule: ExceptionRule, measure: Measure) -> str:
    names = {
        "when": _WHENS[rule.when]() % {"measure": said(measure.label), "value": value_text(measure, rule.value)},
        "points": value_text(None, rule.points),
        "reason": rule.reason,
        "day": day(rule.until_on),
    }
    most = _("At most %(points)s points while %(when)s, until %(day)s: %(reason)s")
    least = _("At least %(points)s points while %(when)s, until %(day)s: %(reason)s")
    text = (most if rule.limit == "at_most" else least) % names
    aim = " ".join(filter(None, (rule.segment, rule.stage)))
    return _("%(rule)s (only %(aim)s)") % {"rule": text, "aim": aim} if aim else text


def _described(measure: Measure, groups: Mapping[str, str], total: float) -> MeasureRow:
    return MeasureRow(
        key=measure.key,
        label=said(measure.label),
        group=groups[measure.group],
        meaning=meaning_text(measure),
        unit=str(UNITS[measure.unit]),
        weight=measure.weight / total,
        is_in_bands=measure.shape == "steps",
        curve=tuple((value_text(measure, value), value_text(None, points)) for value, points in measure.points),
    )
