"""Whoever reads on in a timeline meets everything once, however much happened at one moment."""

from datetime import timedelta

import pytest

from banso.accounts.testing import an_account
from banso.desk.queries.account import moment_of, whole
from banso.desk.queries.timeline import timeline_of
from banso.health.testing import A_MOMENT, A_TODAY
from banso.journal.testing import an_entry
from banso.people.testing import an_admin

pytestmark = pytest.mark.django_db


def read_through(account: int, *, limit: int) -> list[str]:
    found = whole(an_admin(), account, today=A_TODAY)
    assert found is not None
    sentences, before = [], ""
    while True:
        page = timeline_of(found, before=moment_of(before), limit=limit)
        sentences += [row.sentence for row in page.rows]
        if not page.before:
            return sentences
        before = page.before


def test_what_happened_at_one_moment_is_not_parted() -> None:
    account = an_account()
    an_entry("a.0", account_id=account, at=A_MOMENT + timedelta(hours=1))
    for number in range(1, 8):
        an_entry(f"b.{number}", account_id=account, at=A_MOMENT + timedelta(minutes=30))
    for number in range(8, 11):
        an_entry(f"c.{number}", account_id=account, at=A_MOMENT + timedelta(minutes=number))
    sentences = read_through(account, limit=4)
    assert sorted(sentence.rpartition(".")[2] for sentence in sentences if "." in sentence) == sorted(
        str(number) for number in range(11)
    )
