"""API keys open what their scope says, until they expire or are revoked; their secret is never kept."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from banso.people import actions, queries
from banso.people.models import Change, Key
from banso.people.rules import SCOPES
from banso.people.testing import A_MOMENT, AN_ACTOR, a_key

pytestmark = pytest.mark.django_db


def test_a_secret_opens_its_key_with_the_permissions_of_its_scope() -> None:
    key, secret = a_key("write")
    found = queries.key_from_header(secret, A_MOMENT)
    assert found == key
    assert found is not None
    assert found.permissions == SCOPES["write"]
    assert (found.actor.kind, found.actor.id) == ("key", key.id)


def test_the_secret_is_nowhere_in_the_database() -> None:
    _, secret = a_key()
    kept = str(Key.objects.values().get()) + str(list(Change.objects.values()))
    assert secret not in kept
    assert secret.split("_", 2)[2] not in kept


@pytest.mark.parametrize("wrong", ["", "banso_", "Bearer", "banso_00000000_x", "鍵", "banso_\0_x", "x" * 10_000])
def test_a_wrong_secret_opens_nothing(wrong: str) -> None:
    a_key()
    assert queries.key_from_header(wrong, A_MOMENT) is None


def test_a_right_prefix_with_a_wrong_end_opens_nothing() -> None:
    _, secret = a_key()
    assert queries.key_from_header(secret[:-1] + ("a" if secret[-1] != "a" else "b"), A_MOMENT) is None


def test_an_expired_or_revoked_key_opens_nothing() -> None:
    until = A_MOMENT + timedelta(days=1)
    key, secret = actions.create_key(name="CRM", scope="read", by=AN_ACTOR, now=A_MOMENT, expires_at=until)
    assert queries.key_from_header(secret, until - timedelta(seconds=1))
    assert queries.key_from_header(secret, until) is None
    for _ in range(2):
        actions.revoke_key(key_id=key.id, by=AN_ACTOR, now=A_MOMENT)
    assert queries.key_from_header(secret, A_MOMENT) is None
    assert [change.verb for change in Change.objects.order_by("pk")] == ["key.made", "key.revoked"]
    assert queries.keys()[0].revoked_at == A_MOMENT


def test_a_key_of_an_unknown_scope_is_refused_and_an_unknown_key_cannot_be_revoked() -> None:
    with pytest.raises(actions.UnknownChoice):
        a_key("everything")
    with pytest.raises(actions.NotOurs):
        actions.revoke_key(key_id=404, by=AN_ACTOR, now=A_MOMENT)


def test_the_last_use_is_written_once_a_minute(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    key, secret = a_key()
    actions.note_key_use(key, now=A_MOMENT)
    used = queries.key_from_header(secret, A_MOMENT)
    assert used is not None
    assert used.last_used_at == A_MOMENT
    with django_assert_num_queries(0):
        actions.note_key_use(used, now=A_MOMENT + timedelta(seconds=59))
    actions.note_key_use(used, now=A_MOMENT + timedelta(seconds=60))
    assert Key.objects.get(pk=key.id).last_used_at == A_MOMENT + timedelta(seconds=60)
