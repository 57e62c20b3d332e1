from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from banso.accounts.models import Account, CustomField, ExternalId, Note, Person, SavedView, Segment, Stage
from banso.accounts.testing import A_MOMENT, an_account
from banso.people.access import User
from banso.people.testing import an_admin

pytestmark = pytest.mark.django_db


def account(**said: Any) -> Account:
    values = {"external_id": "x", "name": "X", "sort_key": "", "search_key": "", **said}
    return Account.objects.create(created_at=A_MOMENT, changed_at=A_MOMENT, **values)


def person(**said: Any) -> Person:
    values = {"account_id": Account.objects.get().pk, "external_id": "p", "name": "P", **said}
    return Person.objects.create(created_at=A_MOMENT, changed_at=A_MOMENT, **values)


def view(**said: Any) -> SavedView:
    owner = User.objects.first() or an_admin()
    return SavedView.objects.create(**{"owner": owner, "name": "V", **said})


def twice(make: Callable[[], object]) -> None:
    make()
    make()


BROKEN: dict[str, Callable[[], object]] = {
    "account_external_id_is_given": lambda: account(external_id=""),
    "account_name_is_given": lambda: account(name=""),
    "account_kind_is_known": lambda: account(kind="planet"),
    "account_leaves_after_it_came": lambda: account(customer_since_on=date(2026, 2, 1), left_on=date(2026, 1, 1)),
    "account_is_not_its_own_parent": lambda: Account.objects.update(parent=Account.objects.get()),
    "external_id_is_unique_in_its_source": lambda: twice(
        lambda: ExternalId.objects.create(account=Account.objects.get(), source="crm", value="1")
    ),
    "custom_field_kind_is_known": lambda: CustomField.objects.create(key="k", label="K", kind="planet"),
    "person_is_once_in_an_account": lambda: twice(person),
    "person_role_is_known": lambda: person(role="king"),
    "person_external_id_is_given": lambda: person(external_id=""),
    "person_name_is_given": lambda: person(name=""),
    "note_body_is_given": lambda: Note.objects.create(account=Account.objects.get(), body="", written_at=A_MOMENT),
    "saved_view_name_is_given": lambda: view(name=""),
    "saved_view_name_is_once_for_its_owner": lambda: twice(view),
    "segment_name_is_given": lambda: Segment.objects.create(name=""),
    "stage_name_is_given": lambda: Stage.objects.create(name=""),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_each_named_constraint_is_kept(name: str) -> None:
    an_account("acme")
    with pytest.raises(IntegrityError), transaction.atomic():
        BROKEN[name]()


def test_every_constraint_has_its_test() -> None:
    models = (Account, CustomField, ExternalId, Note, Person, SavedView, Segment, Stage)
    named = {constraint.name for model in models for constraint in model._meta.constraints}
    assert named == set(BROKEN)
