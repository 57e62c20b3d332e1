"""What happened to accounts and their people, told to the journal."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from banso.journal import actions as journal
from banso.people.access import Actor

# The account, the subject within it (None: the account itself), its label, the outcome, and the changes.
type Happened = tuple[int, int | None, str, str, Mapping[str, list[Any]]]


def tell(kind: str, happened: Iterable[Happened], by: Actor, now: datetime) -> None:
    """Write `account.added`, `person.changed` and the like; what stayed the same is not told."""
    journal.write_many(
        (
            journal.News(
                f"{kind}.{outcome}",
                account_id=account_id,
                subject_kind=kind,
                subject_id=account_id if subject_id is None else subject_id,
                subject_label=label,
                details={"changes": dict(changes)} if outcome == "changed" else {},
            )
            for account_id, subject_id, label, outcome, changes in happened
            if outcome != "same"
        ),
        by=by,
        now=now,
    )


def plain(value: object) -> object:
    """Return a value as plain JSON: dates as ISO text."""
    return value.isoformat() if isinstance(value, date) else value
