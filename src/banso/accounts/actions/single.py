"""One account or person at a time: saved whole or refused; those that leave are kept, with the day."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from banso.accounts.actions.refusals import NotFound, RowsRefused
from banso.accounts.actions.saving import SaveResult, save_accounts
from banso.accounts.actions.saving_people import save_people
from banso.accounts.models import Account, Person
from banso.accounts.rules import AccountInput, PersonInput
from banso.people.access import Actor


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


def _all_or_nothing(result: SaveResult) -> SaveResult:
    if result.refused:
        raise RowsRefused(result.refused)
    return result
