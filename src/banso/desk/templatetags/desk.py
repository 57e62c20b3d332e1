"""Says in words what an account needs, why, and what happened to it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from banso.accounts.queries import FieldCondition, FieldRow
from banso.desk import rules
from banso.desk.queries.portfolio import Filters
from banso.desk.queries.today import Call
from banso.desk.rules import LOW_PULSE, Need
from banso.growth import queries as growth
from banso.people.access import may as people_may
from banso.ui.templatetags.ui import badge, condition_words
from banso.ui.templatetags.ui_text import countdown, day, no_value, number

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: Context, permission: str) -> bool:
    """Return whether the reader may do something."""
    return people_may(context["request"].user, permission)


@register.simple_tag
def use_words(filters: Filters, label: str) -> str:
    """Say how a list of accounts is narrowed by the use of a feature."""
    words = {
        "now": _("Uses %(feature)s (%(days)s days)"),
        "lapsed": _("Used %(feature)s before, not in %(days)s days"),
        "not": _("Has not begun with %(feature)s"),
    }
    return words[filters.use or "now"] % {"feature": label, "days": filters.window}


@register.simple_tag
def person_role(role: str) -> str:
    """Write the role that somebody has at the customer, as a badge."""
    words = {
        "champion": _("Champion"),
        "decider": _("Decision maker"),
        "administrator": _("Administrator"),
        "user": _("User"),
    }
    return badge("info" if role in {"champion", "decider"} else "unknown", words.get(role, role), "user-round")


@register.simple_tag
def contract_state(state: str) -> str:
    """Write whether a contract runs, as a badge."""
    words = {
        "running": ("good", pgettext("contract", "Running")),
        "upcoming": ("info", pgettext("contract", "Upcoming")),
        "cancelled": ("poor", pgettext("contract", "Cancelled")),
        "ended": ("unknown", pgettext("contract", "Ended")),
    }
    return badge(*words[state])


@register.simple_tag
def condition_word(name: str) -> str:
    """Write the word of a condition."""
    return condition_words()[name]


@register.simple_tag
def custom_value(field: FieldRow, values: Mapping[str, Any]) -> str:
    """Write an account's value of a custom field."""
    return _written(field.kind, values.get(field.key))


@register.simple_tag
def custom_condition(condition: FieldCondition) -> str:
    """Say what a custom field has to be."""
    kind = condition.field.kind
    words = {
        "is": _("%(label)s: %(value)s"),
        "contains": _("%(label)s contains “%(value)s”"),
        "from": _("%(label)s: %(value)s or later") if kind == "date" else _("%(label)s: %(value)s or more"),
        "to": _("%(label)s: %(value)s or earlier") if kind == "date" else _("%(label)s: %(value)s or less"),
    }
    return words[condition.way] % {"label": condition.field.label, "value": _written(kind, condition.value)}


@register.simple_tag
def days_until(day: date, today: date) -> str:
    """Write how many days there are until a date."""
    return countdown((day - today).days)


@register.simple_tag
def need_title(need: Need) -> str:
    """Write what to do: the verb first."""
    return str(_TITLES[need])


@register.simple_tag
def need_rule(need: Need) -> str:
    """Write when an account is on the list for a need."""
    bounds = {
        "notice": rules.NOTICE_IN_SIGHT_DAYS,
        "near": rules.DEADLINE_NEAR_DAYS,
        "trial": rules.TRIAL_IN_SIGHT_DAYS,
        "left": rules.CHAMPION_LEFT_DAYS,
        "drop": rules.DROP_POINTS,
        "pulse": rules.LOW_PULSE,
        "high": rules.HIGH_PULSE,
        "passed": growth.NEWS_DAYS,
        "limit": rules.LIMIT_IN_SIGHT_DAYS,
    }
    return str(_RULES[need]) % bounds


@register.simple_tag
def need_reason(call: Call) -> str:
    """Write why: the deadline or the event, then what moved the score."""
    line, known = call.line, call.facts
    facts = []
    if known.leaves_on:
        facts.append(_("Notice was given; it ends on %(day)s") % {"day": day(known.leaves_on)})
    elif call.need in {Need.TRIAL_STALLING, Need.TRIAL_ENDING}:
        facts.append(_("The trial ends on %(day)s") % {"day": day(known.trial_ends_on)})
    elif call.need in {Need.RENEWAL_AT_RISK, Need.RENEWAL_TO_CONFIRM, Need.RENEWAL_TO_PREPARE}:
        facts.append(_("Notice is possible until %(day)s") % {"day": day(known.notice_by_on)})
    elif call.need == Need.CHAMPION_LEFT:
        facts.append(_("The champion left on %(day)s") % {"day": day(known.champion_left_on)})
    elif call.need == Need.USE_FELL:
        facts.append(
            _("Use fell against what was expected, from the week of %(day)s on") % {"day": day(known.use_fell_on)}
        )
    elif call.need == Need.LIMIT_IN_SIGHT:
        facts.append(_limit_reason(call))
    if line.pulse is not None and (line.pulse <= LOW_PULSE or call.is_disputed):
        facts.append(_("The CSM's pulse is %(pulse)s of 5") % {"pulse": line.pulse})
    if line.reason:
        facts.append(line.reason)
    return " · ".join(facts) or _("Health has been poor for some time")


def _limit_reason(call: Call) -> str:
    said = {"name": call.limit, "day": day(call.facts.limit_on), "left": countdown(call.limit_days)}
    if call.limit_days is not None and call.limit_days < 0:
        return _("Passed the limit of %(name)s on %(day)s") % said
    return _("Is expected to pass the limit of %(name)s on %(day)s (%(left)s)") % said


@register.simple_tag
def tenths(value: int | None) -> str:
    """Write tenths as points with one decimal."""
    return number(None if value is None else Decimal(value) / 10, 1)


def _written(kind: str, value: Any) -> str:
    """Write a value by the kind of its field; one of another kind as it is."""
    if value is None or value == "":
        return no_value()
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        exponent = Decimal(str(value)).as_tuple().exponent
        return number(value, max(-int(exponent), 0))
    try:
        return day(date.fromisoformat(value)) if kind == "date" else str(value)
    except ValueError:
        return str(value)


# Calls for words are dear: only those that are read are translated.
_TITLES: Final = {
    Need.NOTICE_GIVEN: gettext_lazy("Ask why they leave"),
    Need.TRIAL_STALLING: gettext_lazy("Get the trial going"),
    Need.TRIAL_ENDING: gettext_lazy("Agree on what follows the trial"),
    Need.RENEWAL_AT_RISK: gettext_lazy("Save the renewal"),
    Need.SUDDEN_DROP: gettext_lazy("Ask what happened"),
    Need.USE_FELL: gettext_lazy("Ask why they use it less"),
    Need.CHAMPION_LEFT: gettext_lazy("Find a new champion"),
    Need.DISPUTED: gettext_lazy("Find out whether the score or the pulse is right"),
    Need.POOR_HEALTH: gettext_lazy("Help them back to use"),
    Need.JUDGED_WORSE: gettext_lazy("Settle the CSM's doubt"),
    Need.RENEWAL_TO_CONFIRM: gettext_lazy("Confirm the renewal"),
    Need.RENEWAL_TO_PREPARE: gettext_lazy("Prepare the renewal"),
    Need.LIMIT_IN_SIGHT: gettext_lazy("Talk about a larger plan"),
}
_RULES: Final = {
    Need.NOTICE_GIVEN: gettext_lazy("Notice was given for all that runs"),
    Need.TRIAL_STALLING: gettext_lazy("A trial in poor health, or with a pulse of %(pulse)s or less"),
    Need.TRIAL_ENDING: gettext_lazy("A trial that ends within %(trial)s days"),
    Need.RENEWAL_AT_RISK: gettext_lazy(
        "Notice deadline within %(notice)s days, and poor health, a pulse of %(pulse)s or less, or a drop of"
        " %(drop)s points in a week"
    ),
    Need.SUDDEN_DROP: gettext_lazy("Fell by %(drop)s points or more in a week, and is poor or normal"),
    Need.USE_FELL: gettext_lazy("An alert says that use fell, and nobody snoozed it"),
    Need.CHAMPION_LEFT: gettext_lazy("The champion left within %(left)s days"),
    Need.DISPUTED: gettext_lazy(
        "A good score and a pulse of %(pulse)s or less, or a poor score and one of %(high)s or more"
    ),
    Need.POOR_HEALTH: gettext_lazy("Poor health"),
    Need.JUDGED_WORSE: gettext_lazy("A pulse of %(pulse)s or less"),
    Need.RENEWAL_TO_CONFIRM: gettext_lazy("Notice deadline within %(near)s days"),
    Need.RENEWAL_TO_PREPARE: gettext_lazy("Notice deadline within %(notice)s days"),
    Need.LIMIT_IN_SIGHT: gettext_lazy(
        "Expected to pass a limit of the contract within %(limit)s days, or passed one within %(passed)s days"
    ),
}
