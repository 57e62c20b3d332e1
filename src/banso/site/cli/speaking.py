"""Lets the command line speak the language of BANSO_LANGUAGE, before Django and its settings exist."""

import gettext as library
import os
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
LANGUAGES = ("ja", "en")


def speak() -> None:
    """Point the standard library's gettext, which click uses, too, at our sentences."""
    language = os.environ.get("BANSO_LANGUAGE", "ja")
    os.environ["LANGUAGE"] = language if language in LANGUAGES else "en"
    library.bindtextdomain("django", str(LOCALE))
    library.textdomain("django")


def words_of_click() -> tuple[str, ...]:
    """Return what click says itself: named here so that our translations hold it."""
    return (
        _("Options"),
        _("Commands"),
        _("Positional arguments"),
        _("Usage:"),
        _("Error: {message}"),
        _("Aborted!"),
        _("Show this message and exit."),
        _("Show the version and exit."),
        _("Missing command."),
        _("No such command {name!r}."),
        _("No such option {name!r}."),
        _("Missing argument"),
        _("Missing option"),
        _("required"),
        _("default: {default}"),
        _("Try '{command} {option}' for help."),
        _("Repeat for confirmation"),
        _("Error: The two entered values do not match."),
        _("Invalid value: {message}"),
        _("Invalid value for {param_hint}: {message}"),
        _("{value!r} is not a valid {number_type}."),
        _("{value} is not in the range {range}."),
        _("{name} {filename!r} does not exist."),
        _("Choose from:\n\t{choices}"),
        ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 2),
        _("file"),
        _("path"),
        _("directory"),
    )
