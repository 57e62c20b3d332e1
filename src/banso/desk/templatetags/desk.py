"""Says in words what an account needs, why, and what happened to it."""

from datetime import date
from decimal import Decimal

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from banso.desk.queries.portfolio import Filters
from banso.desk.queries.today import Call
from banso.desk.rules import LOW_PULSE, Need
from banso.people.access import may as people_may
from banso.ui.templatetags.ui import badge, condition_words
from banso.ui.templatetags.ui_text import countdown, day, number

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
def days_until(day: date, today: date) -> str:
    """Write how many days there are until a date."""
    return countdown((day - today).days)


@register.simple_tag
def need_title(call: Call) -> str:
    """Write what to do: the verb first."""
    return {
        Need.RENEWAL_AT_RISK: _("Save the renewal"),
        Need.SUDDEN_DROP: _("Ask what happened"),
        Need.CHAMPION_LEFT: _("Find a new champion"),
        Need.POOR_HEALTH: _("Help them back to use"),
        Need.JUDGED_WORSE: _("Settle the CSM's doubt"),
        Need.RENEWAL_TO_PREPARE: _("Prepare the renewal"),
    }[call.need]


@register.simple_tag
def need_reason(call: Call) -> str:
    """Write why: the deadline or the event, then what moved the score."""
    line = call.line
    facts = []
    if call.need in {Need.RENEWAL_AT_RISK, Need.RENEWAL_TO_PREPARE} and line.notice_by_on:
        facts.append(_("Notice is possible until %(day)s") % {"day": day(line.notice_by_on)})
    if call.need == Need.CHAMPION_LEFT and call.champion_left_on:
        facts.append(_("The champion left on %(day)s") % {"day": day(call.champion_left_on)})
    if line.pulse is not None and (line.pulse <= LOW_PULSE or call.is_disputed):
        facts.append(_("The CSM's pulse is %(pulse)s of 5") % {"pulse": line.pulse})
    if line.reason:
        facts.append(line.reason)
    return " · ".join(facts) or _("Health has been poor for some time")


@register.simple_tag
def tenths(value: int | None) -> str:
    """Write tenths as points with one decimal."""
    return number(None if value is None else Decimal(value) / 10, 1)
