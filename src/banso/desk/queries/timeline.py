"""What happened to an account: the journal, and the moments that came in with usage, as one list of sentences."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from banso.desk.queries.account import Whole
from banso.journal import queries as journal
from banso.usage import queries as usage

# Every verb that names an account, with its sentence and its icon; a law test keeps the list complete.
SENTENCES: Final = {
    "account.added": (gettext_noop("%(actor)s added the account"), "building-2"),
    "account.changed": (gettext_noop("%(actor)s changed the account"), "pencil"),
    "person.added": (gettext_noop("%(actor)s added %(subject)s"), "user-plus"),
    "person.changed": (gettext_noop("%(actor)s changed what is known of %(subject)s"), "user-pen"),
    "note.written": (gettext_noop("%(actor)s wrote a note"), "notebook-pen"),
    "note.changed": (gettext_noop("%(actor)s changed a note"), "notebook-pen"),
    "note.removed": (gettext_noop("%(actor)s removed a note"), "trash-2"),
    "note.brought_back": (gettext_noop("%(actor)s brought a note back"), "undo-2"),
    "contract.added": (gettext_noop("%(actor)s added the contract %(subject)s"), "file-text"),
    "contract.changed": (gettext_noop("%(actor)s changed the contract %(subject)s"), "file-text"),
    "contract.removed": (gettext_noop("%(actor)s removed the contract %(subject)s"), "trash-2"),
    "contract.cancelled": (gettext_noop("The customer gave notice of the contract %(subject)s"), "file-x"),
    "contract.kept": (gettext_noop("The notice of the contract %(subject)s was withdrawn"), "file-check"),
    "contract.ended": (gettext_noop("The contract %(subject)s ended"), "file-x"),
    "contract.renewed": (gettext_noop("The contract %(subject)s was renewed"), "file-check"),
    "contract.notice_moved": (gettext_noop("The notice deadline of the contract %(subject)s moved"), "calendar-clock"),
    "limit.crossed": (gettext_noop("The use of %(subject)s passed its limit"), "gauge"),
    "limit.expected": (gettext_noop("The use of %(subject)s is about to pass its limit"), "gauge"),
    "alert.raised": (gettext_noop("Use of the product fell"), "trending-down"),
    "alert.ended": (gettext_noop("The alert of the fall in use is over"), "trending-up"),
    "alert.snoozed": (gettext_noop("%(actor)s snoozed the alert"), "bell-off"),
    "alert.woken": (gettext_noop("%(actor)s ended the snooze of the alert"), "bell"),
    "alert.resolved": (gettext_noop("%(actor)s resolved the alert"), "check"),
    "alert.reopened": (gettext_noop("%(actor)s opened the alert again"), "undo-2"),
    "health.changed": (gettext_noop("The health condition changed"), "activity"),
    "health.overridden": (gettext_noop("%(actor)s set the score by hand"), "hand"),
    "health.override_ended": (gettext_noop("%(actor)s went back to the computed score"), "undo-2"),
    "health.pulse_recorded": (gettext_noop("%(actor)s recorded a pulse"), "heart-pulse"),
    "health.pulse_withdrawn": (gettext_noop("%(actor)s took a pulse back"), "undo-2"),
}
CONDITIONS: Final = {
    "good": gettext_noop("Good"),
    "normal": gettext_noop("Normal"),
    "poor": gettext_noop("Poor"),
    "unknown": gettext_noop("No verdict"),
}
OTHER: Final = (gettext_noop("%(actor)s: %(verb)s"), "circle-dot")
# Entries read for one page: many of the same kind at the same time, such as an import's, become one line.
READ: Final = 400


@dataclass(frozen=True)
class Happening:
    """One line of the timeline."""

    at: datetime
    sentence: str
    detail: str
    icon: str


@dataclass(frozen=True)
class Timeline:
    """Happenings, newest first; `before` is where older ones go on, empty at the end."""

    rows: list[Happening]
    before: str


def timeline_of(found: Whole, *, before: datetime | None, limit: int) -> Timeline:
    """Return what happened before a moment, newest first; all of one moment together, as older ones go on by time."""
    entries = journal.timeline([found.line.id], before=(before, 0) if before else None, limit=READ)
    moments = usage.moments_of(found.names, before, READ)
    # Where one of the two was not read to its end, older rows of the other would stand before what is still unread.
    read_to = max((some[-1].at for some in (entries, moments) if len(some) == READ), default=None)
    every = sorted([*_entries(entries), *map(_moment, moments)], key=lambda row: row.at, reverse=True)
    known = [row for row in every if read_to is None or row.at >= read_to]
    shown = [row for row in known if row.at >= known[:limit][-1].at]
    more = len(shown) < len(known) or read_to is not None
    return Timeline(rows=shown, before=shown[-1].at.isoformat() if more else "")


def _entries(rows: list[journal.Row]) -> list[Happening]:
    same: Callable[[journal.Row], tuple[datetime, str, str]] = lambda row: (row.at, row.verb, row.actor)  # noqa: E731  # a key
    return [_entry(list(some)) for _key, some in groupby(sorted(rows, key=same, reverse=True), key=same)]


def _entry(rows: list[journal.Row]) -> Happening:
    row = rows[0]
    sentence, icon = SENTENCES.get(row.verb, OTHER)
    subject = row.subject_label
    if len(rows) > 1:
        others = ngettext("%(subject)s and %(count)s more", "%(subject)s and %(count)s more", len(rows) - 1)
        subject = others % {"subject": row.subject_label, "count": len(rows) - 1}
    return Happening(
        at=row.at,
        sentence=_(sentence) % {"actor": row.actor, "verb": row.verb, "subject": subject},
        detail=_detail(row.verb, row.details),
        icon=icon,
    )


def _moment(row: usage.MomentRow) -> Happening:
    return Happening(at=row.at, sentence=row.label or row.name, detail="", icon="message-circle")


def _detail(verb: str, details: dict[str, Any]) -> str:
    if verb == "health.pulse_recorded":
        return _("%(rating)s of 5. %(reason)s") % {"rating": details.get("rating"), "reason": details.get("reason", "")}
    if verb == "health.changed":
        words = {name: _(CONDITIONS.get(str(details.get(name)), CONDITIONS["unknown"])) for name in ("from", "to")}
        return _("%(from)s → %(to)s") % words
    return ""
