"""Why a source could not be read, and what to do. Calls, so that each reader has their own language."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

type Facts = Mapping[str, Any]

REASONS: Final[Mapping[str, Callable[[Facts], str]]] = {
    "folder_not_allowed": lambda f: (
        _(
            "The folder %(value)s is not one that sources may read (allowed: %(allowed)s). "
            "Choose a folder below one of those, or ask your operator to add it to BANSO_SOURCE_FOLDERS."
        )
        % {**f, "allowed": f.get("allowed") or "–"}
    ),
    "folder_missing": lambda f: (
        _("The folder %(value)s cannot be opened (%(reason)s). Make it, and let Banso read it.") % f
    ),
    "folder_is_link": lambda f: (
        _("The folder %(value)s is no folder, or reached through a link. Name the folder itself.") % f
    ),
    "link_left_out": lambda f: (
        _("%(value)s is a link, and links are not read. Put the file itself into the folder.") % f
    ),
    "file_changed": lambda f: _("%(value)s changed while it was read. It is read again the next time.") % f,
    "file_unreadable": lambda f: (
        _("%(value)s cannot be opened (%(reason)s). Let Banso read it; it is tried again the next time.") % f
    ),
    "host_unknown": lambda f: _("The host %(value)s is not known. Check its name.") % f,
    "host_not_allowed": lambda f: (
        _(
            "%(value)s (%(address)s) is not a public address. "
            "Ask your operator to add it to BANSO_SOURCE_HOSTS if sources may ask it."
        )
        % f
    ),
    "not_encrypted": lambda f: _("%(value)s is not encrypted. Use an address that begins with https://.") % f,
    "connection_lost": lambda f: (
        _("The connection to %(value)s did not hold (%(reason)s). It is tried again the next time.") % f
    ),
    "warehouse_refused": lambda f: (
        _("The other system did not answer the statement: %(reason)s Correct the statement or the connection.") % f
    ),
    "one_statement": lambda _f: _("There is more than one statement. Write a single SELECT."),
    "cursor_missing": lambda f: (
        _("The statement has no column “%(value)s” to go on from. Its columns are: %(known)s.") % f
    ),
    "limit_reached": lambda f: (
        _("%(value)s takes no more questions for now. The rest is read the next time; read it less often.") % f
    ),
    "sign_in_refused": lambda f: (
        _("%(value)s refused the sign-in. Enter its secret again, and check what it may read.") % f
    ),
    "service_refused": lambda f: _("%(value)s did not answer: %(reason)s") % f,
    "secrets_unreadable": lambda _f: _(
        "The kept password cannot be opened, because the key of this installation has changed. Enter it again."
    ),
    "run_stopped": lambda _f: _("The work was stopped in the middle. The source is read again by itself."),
}
