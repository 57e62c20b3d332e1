"""Why an event could not be counted, and what to do about it, in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Words:
    """What is wrong with an event, and the remedy."""

    cause: str
    remedy: str


def _in_the_client() -> str:
    return _("Mend the program that sends it; what came already can be corrected here.")


_REASONS: Final[Mapping[str, Callable[[], tuple[str, str]]]] = {
    "account_too_long": lambda: (_("The account's id is longer than 200 characters."), _in_the_client()),
    "name_too_long": lambda: (
        _("The event's name is longer than 200 characters."),
        _("Keep ids and texts in properties, not in the name."),
    ),
    "no_event_name": lambda: (_("A track call without the name of an event."), _in_the_client()),
    "no_group": lambda: (_("A group call without “groupId”."), _in_the_client()),
    "no_person": lambda: (_("Neither “userId” nor “anonymousId” is given."), _in_the_client()),
    "no_previous": lambda: (_("An alias call without “previousId”."), _in_the_client()),
    "not_an_object": lambda: (
        _("The event is JSON, but not an object."),
        _("Write each event as one object in braces."),
    ),
    "not_json": lambda: (
        _("The event is not JSON."),
        _("Mend the program that sends it; let a JSON library write the event."),
    ),
    "person_too_long": lambda: (_("The person's id is longer than 200 characters."), _in_the_client()),
    "reserved_name": lambda: (
        _("The account's id begins as only our own names do (~user:, ~anonymous:, ~several:)."),
        _("Call the account otherwise in the product."),
    ),
    "time_impossible": lambda: (
        _("The time names a day or an hour that does not exist."),
        _("Correct “timestamp”; without one, the time of arrival counts."),
    ),
    "time_too_early": lambda: (
        _("The time lies before the year 2000."),
        _("See whether the clock of the sender is set, and correct “timestamp”."),
    ),
    "time_unreadable": lambda: (
        _("The time cannot be read."),
        _("Write it as 2026-04-01T09:05:00+09:00, or leave it out: the time of arrival counts then."),
    ),
    "too_deep": lambda: (_("The event is nested more than 500 levels deep."), _("Send less of the object.")),
    "too_large": lambda: (
        _("The event is larger than 32 KB."),
        _("Send fewer or shorter properties. Only its start was kept."),
    ),
    "unexpected": lambda: (
        _("Something unexpected went wrong with it on our side."),
        _("Try it again after an update; if it stays, report it with the server's log."),
    ),
    "unknown_type": lambda: (
        _("“type” is none of identify, track, page, screen, group, alias."),
        _in_the_client(),
    ),
    "unreadable_line": lambda: (
        _("A line of the spool cannot be read."),
        _("The disk may be damaged: see the server's log, and restore from a backup where more is missing."),
    ),
}


def words_of(reason: str) -> Words:
    """Return what a reason means; one that we do not know, by its name."""
    said = _REASONS.get(reason)
    cause, remedy = said() if said else (reason, _("Download it, and report it."))
    return Words(cause, remedy)
