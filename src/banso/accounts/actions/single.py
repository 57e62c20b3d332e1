"""One account or person at a time: saved whole or refused; those that leave are kept, with the day."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from banso.accounts.actions.refusals import NameMissing, NameTaken, NotFound, RowsRefused
from banso.accounts.actions.saving import SaveResult, save_accounts
from banso.accounts.actions.saving_people import save_people
from banso.accounts.models import Account, ExternalId, Person
from banso.accounts.queries import visible_to
from banso.accounts.rules import AccountInput, Fault, PersonInput, is_set
from banso.journal import actions as journal
from banso.people.access import Actor, User
from banso.shared.text import one_line

SOURCE_LENGTH: Final = 100
VALUE_LENGTH: Final = 200


@transaction.atomic
def save_account(
    row: AccountInput, *, by: Actor, now: datetime, visible: QuerySet[Account] | None = None
) -> SaveResult:
    """Save one account or raise RowsRefused: what a form or a single call does."""
    return _all_or_nothing(save_accounts([row], by=by, now=now, visible=visible))


@transaction.atomic
def save_person(row: PersonInput, *, by: Actor, now: datetime, visible: QuerySet[Account] | None = None) -> SaveResult:
    """Save one person or raise RowsRefused: what a form or a single call does."""
    return _all_or_nothing(save_people([row], by=by, now=now, visible=visible))


@transaction.atomic
def add_account(row: AccountInput, *, by: Actor, now: datetime, user: User) -> int:
    """Add one account for a user and return its id; raises RowsRefused, also where the external id is there already.

    Who sees only some accounts becomes the owner of one that has none, so that they see what they added.
    """
    if Account.objects.filter(external_id=one_line(row.external_id)).exists():
        raise RowsRefused((Fault(0, row.external_id, "external_id", "there_already"),))
    if user.reach != "all" and (not is_set(row.owner_email) or not row.owner_email):
        row = replace(row, owner_email=user.email)
    return save_account(row, by=by, now=now, visible=visible_to(user)).rows[0].id


@transaction.atomic
def add_person(row: PersonInput, *, by: Actor, now: datetime) -> int:
    """Add one person and return the id; raises RowsRefused, also where the external id is there already."""
    found = Person.objects.filter(account__external_id=row.account_external_id)
    if found.filter(external_id=one_line(row.external_id)).exists():
        raise RowsRefused((Fault(0, row.external_id, "external_id", "there_already"),))
    return save_person(row, by=by, now=now).rows[0].id


@transaction.atomic
def account_left(
    *, account_id: int, left_on: date | None, by: Actor, now: datetime, visible: QuerySet[Account]
) -> None:
    """Mark an account as left on a day, or as back (None); raises NotFound, RowsRefused."""
    account = visible.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    save_account(AccountInput(account.external_id, left_on=left_on), by=by, now=now)


@transaction.atomic
def person_left(*, person_id: int, left_on: date | None, by: Actor, now: datetime, visible: QuerySet[Account]) -> None:
    """Mark a person as gone from their company on a day, or as back (None); raises NotFound."""
    found = Person.objects.filter(pk=person_id, account__in=visible).select_related("account")
    person = found.first()
    if person is None:
        raise NotFound
    row = PersonInput(person.account.external_id, person.external_id, left_on=left_on)
    save_person(row, by=by, now=now)


@transaction.atomic
def link_external_id(*, account_id: int, source: str, value: str, by: Actor, now: datetime) -> None:
    """Keep what another system (`source`, such as "crm") calls an account; one that it has in that system is replaced.

    Raises NotFound, NameMissing, and NameTaken where another account is called so there.
    """
    source, value = one_line(source), one_line(value)
    if not source or not value or len(source) > SOURCE_LENGTH or len(value) > VALUE_LENGTH:
        raise NameMissing
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    if ExternalId.objects.filter(source=source, value=value).exclude(account=account).exists():
        raise NameTaken
    ExternalId.objects.filter(source=source, account=account).exclude(value=value).delete()
    _, is_new = ExternalId.objects.get_or_create(account=account, source=source, value=value)
    if is_new:
        details = {"source": source, "value": value}
        news = journal.News("account.linked", account_id=account_id, subject_label=account.name, details=details)
        journal.write(news, by=by, now=now)


def _all_or_nothing(result: SaveResult) -> SaveResult:
    if result.refused:
        raise RowsRefused(result.refused)
    return result
