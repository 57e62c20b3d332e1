"""Two who change contracts of one account at the same moment: the second waits for the first, and counts both."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from threading import Event, Thread, Timer
from typing import Any

import pytest
from django.db import connection, transaction

from banso.accounts.testing import an_account
from banso.contracts import actions, queries
from banso.contracts.testing import A_MOMENT, a_contract
from banso.people.testing import AN_ACTOR

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite lets one writer in at a time, whatever we do"),
]
TODAY = date(2026, 11, 24)


@contextmanager
def somebody_saving(external_id: str, **said: Any) -> Iterator[None]:
    """Let somebody else have saved a contract in a transaction that ends only after ours has begun."""
    has_saved, may_end = Event(), Event()

    def save() -> None:
        with transaction.atomic():
            a_contract(external_id=external_id, **said)
            has_saved.set()
            may_end.wait(10)
        connection.close()

    other = Thread(target=save)
    other.start()
    assert has_saved.wait(10)
    Timer(0.5, may_end.set).start()
    yield
    other.join()


def test_contracts_that_are_added_at_once_are_all_worth_something() -> None:
    account = an_account()
    with somebody_saving("k1", starts_on=date(2026, 4, 1)):
        a_contract(external_id="k2", starts_on=date(2026, 5, 1))
    assert queries.mrr_by_account(TODAY) == {account: 20_000}


def test_a_notice_survives_who_saves_the_contract_meanwhile() -> None:
    account = an_account()
    contract = a_contract(renews_on=date(2027, 4, 1))
    with somebody_saving("acme-k1", name="基本契約"):
        actions.cancel_contract(contract_id=contract, on=TODAY, by=AN_ACTOR, now=A_MOMENT)
    (row,) = queries.contracts_of([account], TODAY)
    assert (row.name, row.state) == ("基本契約", "cancelled")
