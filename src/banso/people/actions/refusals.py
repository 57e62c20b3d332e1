"""Why a change of users, teams, keys or the company is refused; each tells the reader what to do instead."""

from django.utils.translation import gettext as _


class PeopleRefusal(Exception):
    """A change that Banso refuses; its text is a sentence for the reader."""

    def __init__(self) -> None:
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """Say what is wrong and what to do, in the reader's language."""
        raise NotImplementedError  # each refusal has a sentence of its own


class EmailTaken(PeopleRefusal):
    def sentence(self) -> str:
        return _("Another user already has this e-mail address. Use a different one, or reactivate that user.")


class NotAnAddress(PeopleRefusal):
    """An e-mail address with which nobody could sign in or be written to."""

    def __init__(self, email: str) -> None:
        self.email = email
        super().__init__()

    def sentence(self) -> str:
        return _("“%(email)s” is not an e-mail address. Enter one such as sato@example.jp.") % {"email": self.email}


class LastAdministrator(PeopleRefusal):
    def sentence(self) -> str:
        return _("This is the last administrator. Make someone else an administrator first.")


class NotOurs(PeopleRefusal):
    """A user, team or key that does not exist."""

    def sentence(self) -> str:
        return _("This does not exist any more. Reload the page.")


class TeamNameTaken(PeopleRefusal):
    def sentence(self) -> str:
        return _("Another team already has this name. Use a different one.")


class UnknownChoice(PeopleRefusal):
    """A role, reach, language, time zone, scope, currency, country, month or closure that Banso does not know."""

    def __init__(self, field: str, value: object) -> None:
        self.field = field
        self.value = value
        super().__init__()

    def sentence(self) -> str:
        return _("%(value)s cannot be used as %(field)s. Choose another value.") % {
            "value": self.value,
            "field": self.field,
        }


class WeakPassword(PeopleRefusal):
    """A password that is too easy to guess; `messages` says why."""

    def __init__(self, messages: list[str]) -> None:
        self.messages = messages
        super().__init__()

    def sentence(self) -> str:
        return " ".join(self.messages)
