"""The door for writing the journal. Called inside the transaction of the action that it tells of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from banso.journal.models import Entry
from banso.people.access import Actor


@dataclass(frozen=True)
class News:
    """One thing that happened, before it is written."""

    verb: str
    account_id: int | None = None
    subject_kind: str = ""
    subject_id: int | None = None
    subject_label: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


def write(*news: News, by: Actor, now: datetime) -> None:
    """Append entries in the caller's transaction; `verb` is `area.happened`, `details` must be plain JSON."""
    write_many(news, by=by, now=now)


def write_many(news: Iterable[News], *, by: Actor, now: datetime) -> None:
    """Append many entries with one statement for each thousand."""
    Entry.objects.bulk_create(
        (
            Entry(
                at=now,
                verb=one.verb,
                account_id=one.account_id,
                actor_kind=by.kind,
                actor_id=by.id,
                actor_label=by.label[:200],
                subject_kind=one.subject_kind,
                subject_id=one.subject_id,
                subject_label=one.subject_label[:300],
                details=dict(one.details),
            )
            for one in news
        ),
        batch_size=1000,
    )
