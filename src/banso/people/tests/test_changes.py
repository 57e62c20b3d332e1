"""What was changed about people is written down for good."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from banso.people.models import Change, Company, KeptForever, Key, User
from banso.people.testing import A_MOMENT, a_csm

pytestmark = pytest.mark.django_db


def test_a_change_is_neither_altered_nor_removed() -> None:
    a_csm()
    change = Change.objects.get()
    attempts: list[Callable[[], object]] = [
        change.save,
        change.delete,
        Change.objects.all().delete,
        lambda: Change.objects.update(verb="x"),
    ]
    for forbidden in attempts:
        with pytest.raises(KeptForever):
            forbidden()


def test_the_database_knows_roles_reaches_scopes_and_one_company() -> None:
    user = a_csm()
    wrong: list[Callable[[], object]] = [
        lambda: User.objects.filter(pk=user.pk).update(role="king"),
        lambda: User.objects.filter(pk=user.pk).update(reach="far"),
        lambda: User.objects.create(email="CHIBA@banso.example", name="Twin"),
        lambda: Company.objects.create(pk=2, name="Second"),
        lambda: Company.objects.create(pk=1, name="First", fiscal_year_starts_in=13),
        lambda: Key.objects.create(name="k", prefix="p", digest="d", scope="all", made_by="x", made_at=A_MOMENT),
    ]
    for write in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
