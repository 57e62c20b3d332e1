"""What happened to an account: the journal, and the moments that came in with usage, as one list of sentences."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from banso.desk.queries.account import Whole
from banso.journal import queries as journal
from banso.usage import queries as usage

# Every verb of the journal with its sentence and its icon; a law test keeps the list complete.
SENTENCES: Final = {
    "account.added": (gettext_noop("%(actor)s added the account"), "building-2"),
    "account.changed": (gettext_noop("%(actor)s changed the account"), "pencil"),
    "health.changed": (gettext_noop("The health condition changed"), "activity"),
    "health.pulse_recorded": (gettext_noop("%(actor)s recorded a pulse"), "heart-pulse"),
    "health.pulse_withdrawn": (gettext_noop("%(actor)s took a pulse back"), "undo-2"),
}
OTHER: Final = (gettext_noop("%(actor)s: %(verb)s"), "circle-dot")


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
    """Return what happened before a moment, newest first."""
    cursor = (before, 0) if before else None
    entries = [_entry(row) for row in journal.timeline([found.line.id], before=cursor, limit=limit + 1)]
    moments = [_moment(row) for row in usage.moments_of(found.names, before, limit + 1)]
    rows = sorted([*entries, *moments], key=lambda row: row.at, reverse=True)
    more = len(rows) > limit
    return Timeline(rows=rows[:limit], before=rows[limit - 1].at.isoformat() if more else "")


def _entry(row: journal.Row) -> Happening:
    sentence, icon = SENTENCES.get(row.verb, OTHER)
    return Happening(
        at=row.at,
        sentence=_(sentence) % {"actor": row.actor, "verb": row.verb},
        detail=_detail(row.verb, row.details),
        icon=icon,
    )


def _moment(row: usage.MomentRow) -> Happening:
    return Happening(at=row.at, sentence=row.label or row.name, detail="", icon="message-circle")


def _detail(verb: str, details: dict[str, Any]) -> str:
    if verb == "health.pulse_recorded":
        return _("%(rating)s of 5. %(reason)s") % {"rating": details.get("rating"), "reason": details.get("reason", "")}
    return ""
