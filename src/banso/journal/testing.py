"""What other areas' tests ask of the journal: was it written, and by whom."""

from datetime import datetime
from typing import Any

from banso.journal import actions, queries
from banso.people.testing import A_MOMENT, AN_ACTOR


def an_entry(
    verb: str = "account.added", *, account_id: int | None = None, at: datetime = A_MOMENT, **facts: Any
) -> None:
    """Write one entry; `facts` are those of `News`."""
    actions.write(actions.News(verb, account_id=account_id, **facts), by=AN_ACTOR, now=at)


def written(*verbs: str) -> list[queries.Row]:
    """Return what was written into the journal, oldest first; of some verbs only, if named."""
    return queries.since(0, verbs=verbs or None)
