"""Two administrators who send each other away at the same moment: one of them stays, and nobody waits for ever."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from banso.people import actions
from banso.people.models import User
from banso.people.testing import A_MOMENT, AN_ACTOR, a_user, an_admin

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite lets one writer in at a time, whatever we do"),
]


def test_one_of_two_administrators_stays() -> None:
    both = [an_admin().pk, a_user("ito@banso.example").pk]
    start, outcomes = Barrier(2), []

    def send_away(user_id: int) -> None:
        start.wait(10)
        try:
            actions.deactivate_user(user_id=user_id, by=AN_ACTOR, now=A_MOMENT)
            outcomes.append("sent away")
        except actions.LastAdministrator:
            outcomes.append("stayed")
        finally:
            connection.close()

    threads = [Thread(target=send_away, args=[pk]) for pk in both]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert sorted(outcomes) == ["sent away", "stayed"]
    assert User.objects.filter(is_active=True, role="admin").count() == 1
