"""Why something about accounts is refused, in sentences for the reader: what is wrong, and what to do."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from banso.accounts.rules import Fault, FilterFault


class AccountsRefusal(Exception):
    """A change that Banso refuses; its text is a sentence for the reader."""

    def __init__(self) -> None:
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """Say what is wrong and what to do, in the reader's language."""
        raise NotImplementedError  # each refusal has a sentence of its own


class NotFound(AccountsRefusal):
    """An account, person, note, view, segment, stage or field that does not exist, or that its asker may not see."""

    def sentence(self) -> str:
        return _("This does not exist any more, or you may not see it. Go back and reload the page.")


class RowsRefused(AccountsRefusal):
    """Rows that could not be saved, where all of them had to be."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__()

    def sentence(self) -> str:
        return " ".join(sentence(fault) for fault in self.faults[:10])


class NameTaken(AccountsRefusal):
    def sentence(self) -> str:
        return _("This name is already used. Choose a different one.")


class NameMissing(AccountsRefusal):
    def sentence(self) -> str:
        return _("Enter a name of at most 100 characters.")


class InUse(AccountsRefusal):
    """A segment or stage that accounts still stand in."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__()

    def sentence(self) -> str:
        return _("%(count)s accounts still use this. Move them first, then delete it.") % {"count": self.count}


class StillKnown(AccountsRefusal):
    """An account that something is known of cannot be taken back."""

    def sentence(self) -> str:
        return _("Something is known of this account already. Mark it as left instead.")


class NotYours(AccountsRefusal):
    """A note or view of somebody else."""

    def sentence(self) -> str:
        return _("Only the person who made this can change it.")


class NoteEmpty(AccountsRefusal):
    def sentence(self) -> str:
        return _("The note is empty. Write something first.")


class NoteTooLong(AccountsRefusal):
    def sentence(self) -> str:
        return _("The note is longer than 20,000 characters. Shorten it, or split it into two notes.")


class FieldRefused(AccountsRefusal):
    """A custom field whose definition cannot be used; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()

    def sentence(self) -> str:
        return {
            "key": _("A key may hold small letters, digits and _, and must begin with a letter. Change the key."),
            "key_taken": _("Another field already has this key. Choose a different one."),
            "label": _("Enter a label of at most 100 characters."),
            "kind": _("Choose one of the kinds."),
            "choices": _("Enter between 1 and 100 different choices, one on each line."),
        }[self.code]


def sentence(fault: Fault | FilterFault) -> str:
    """Return why a row was not saved, or a filter not used, and what to do, in the reader's language."""
    return _SENTENCES[fault.code](fault.params)


type _Facts = Mapping[str, object]

# Calls, not texts: each is translated when it is read, into the language of the reader.
_SENTENCES: Final[Mapping[str, Callable[[_Facts], str]]] = {
    "missing": lambda _facts: _("This field is empty. Enter a value."),
    "too_long": lambda facts: _("This is too long. Use at most %(limit)s characters.") % facts,
    "text_too_long": lambda facts: _("%(label)s is too long. Use at most %(limit)s characters.") % facts,
    "not_allowed": lambda facts: _("“%(value)s” cannot be used here. Use one of: %(allowed)s.") % facts,
    "repeated": lambda facts: _("The same ID stands in row %(first)s already. Keep one of the two rows.") % facts,
    "there_already": lambda _facts: _("This ID is already used. Enter a different one, or change that record."),
    "taken": lambda _facts: _("This ID belongs to an account that you may not see. Ask an administrator."),
    "segment_unknown": lambda facts: (
        _("There is no segment “%(value)s”. Add it in the settings, or use one of those there.") % facts
    ),
    "stage_unknown": lambda facts: (
        _("There is no stage “%(value)s”. Add it in the settings, or use one of those there.") % facts
    ),
    "team_unknown": lambda facts: (
        _("There is no team “%(value)s”. Add it in the settings, or use one of those there.") % facts
    ),
    "owner_unknown": lambda facts: (
        _("No active user has the e-mail address “%(value)s”. Add the user, or correct the address.") % facts
    ),
    "parent_unknown": lambda facts: (
        _("There is no account with the ID “%(value)s” to be the parent. Add it first, or correct the ID.") % facts
    ),
    "parent_circle": lambda _facts: _("The account would be its own parent in the end. Choose another parent."),
    "parent_too_deep": lambda facts: (
        _("The tree of accounts would be deeper than %(limit)s levels. Choose a parent higher up.") % facts
    ),
    "left_before_joined": lambda _facts: _("The day of leaving is before the first day as a customer. Correct one."),
    "field_unknown": lambda facts: _("There is no custom field “%(value)s”. Add it in the settings first.") % facts,
    "field_not_number": lambda facts: _("%(label)s: “%(value)s” is not a number. Enter digits, such as 1,200.") % facts,
    "field_not_date": lambda facts: _("%(label)s: “%(value)s” is not a date. Enter it as 2026-04-01.") % facts,
    "field_not_boolean": lambda facts: _("%(label)s: “%(value)s” is neither yes nor no. Enter one of them.") % facts,
    "field_not_choice": lambda facts: (
        _("%(label)s: “%(value)s” is not one of the choices. Use one of: %(choices)s.") % facts
    ),
    "field_gone": lambda facts: (
        _("There is no custom field “%(value)s” any more. Leave it out, or add it in the settings.") % facts
    ),
    "range_turned": lambda facts: _("%(label)s: “%(low)s” is more than “%(high)s”. Swap the two values.") % facts,
    "no_such_way": lambda facts: (
        _("%(label)s is of another kind than “%(value)s” asks for. Choose the condition anew.") % facts
    ),
    "email_malformed": lambda facts: _("“%(value)s” is not an e-mail address. Correct it or leave it empty.") % facts,
    "account_unknown": lambda facts: (
        _("There is no account with the ID “%(value)s”. Add it first, or correct the ID.") % facts
    ),
}
