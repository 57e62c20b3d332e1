"""Why a contract is refused, in sentences for the reader: what is wrong, and what to do."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from banso.contracts.actions.saving import Fault

type _Facts = Mapping[str, object]


def sentence(fault: Fault) -> str:
    """Return why a contract was not saved and what to do, in the reader's language."""
    facts = {name: _shown(value) for name, value in fault.params.items()}
    return _SENTENCES[fault.code](facts)


def _shown(value: object) -> object:
    return date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, date) else value


# Calls, not texts: each is translated when it is read, into the language of the reader.
_SENTENCES: Final[Mapping[str, Callable[[_Facts], str]]] = {
    "missing": lambda _facts: _("This field is empty. Enter a value."),
    "too_long": lambda facts: _("This is too long. Use at most %(limit)s characters.") % facts,
    "not_allowed": lambda facts: _("“%(value)s” cannot be used here. Use one of: %(allowed)s.") % facts,
    "out_of_range": lambda facts: (
        _("%(value)s is out of range. Enter a number between %(least)s and %(most)s.") % facts
    ),
    "repeated": lambda facts: _("The ID “%(value)s” stands here twice. Keep one of the two.") % facts,
    "taken": lambda _facts: _("This ID belongs to an account that you may not see. Ask an administrator."),
    "account_unknown": lambda facts: (
        _("There is no account with the ID “%(value)s”. Add it first, or correct the ID.") % facts
    ),
    "unknown_currency": lambda facts: (
        _("“%(value)s” is not a currency. Enter its code of three letters, such as JPY.") % facts
    ),
    "no_rate": lambda facts: (
        _("There is no exchange rate for %(currency)s on %(on)s. Add one for this day or earlier, then save again.")
        % facts
    ),
    "before_start": lambda facts: _("%(value)s is before the start on %(start)s. Correct one of the two days.") % facts,
    "outside_calendar": lambda facts: (
        _("No notice deadline can be counted for a renewal on %(value)s. Correct the year.") % facts
    ),
    "one_term": lambda _facts: _("Say how long one term is: either in months or in days."),
}
