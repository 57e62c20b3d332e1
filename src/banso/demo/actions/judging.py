"""What people know better than the score, and what they would have it count."""

from datetime import datetime, timedelta
from decimal import Decimal

from banso.accounts import queries as accounts
from banso.demo.rules.book import Book
from banso.health import actions as health
from banso.people.access import Actor


def know_better(book: Book, *, by: Actor, now: datetime) -> None:
    """Set the score of one customer by hand, for three weeks."""
    steady = next(one.external_id for one in book.customers if one.end is None and one.course == "steady")
    [account_id] = accounts.by_external_ids([steady]).values()
    said = health.Setting(
        score=Decimal("35.0"), reason="経営者の交代で導入方針を見直し中", until_on=book.today + timedelta(weeks=3)
    )
    health.override(account_id=account_id, said=said, today=book.today, by=by, now=now)
