"""What people know better than the score, and what they would have it count."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from banso.accounts import queries as accounts
from banso.demo.rules.book import Book
from banso.health import actions as health
from banso.health import queries as health_rows
from banso.people.access import Actor


def know_better(book: Book, *, by: Actor, now: datetime) -> None:
    """Set the score of one customer by hand, for three weeks."""
    steady = next(one.external_id for one in book.customers if one.end is None and one.course == "steady")
    [account_id] = accounts.by_external_ids([steady]).values()
    said = health.Setting(
        score=Decimal("35.0"), reason="経営者の交代で導入方針を見直し中", until_on=book.today + timedelta(weeks=3)
    )
    health.override(account_id=account_id, said=said, today=book.today, by=by, now=now)


def draft_an_exception(book: Book, *, by: Actor, now: datetime) -> None:
    """Leave a draft open that holds scores down while urgent tickets come in."""
    begun = health.begin_draft(by=by, now=now)
    urgent = next(one.count for one in health_rows.measures() if one.key == "urgent_tickets")
    measure = health.fitted_measure(urgent, group=begun.definition.groups[0].key, on=book.today, weight=0)
    rule = health.ExceptionRule(
        segment=None,
        stage=None,
        measure=measure.key,
        when="at_least",
        value=3,
        limit="at_most",
        points=40,
        reason="緊急の問い合わせが続いている",
        until_on=book.today + timedelta(days=180),
    )
    definition = replace(begun.definition, measures=(*begun.definition.measures, measure), exceptions=(rule,))
    health.save_draft(draft_id=begun.id, definition=definition, revision=begun.revision, by=by, now=now)
