"""Take back an account that was added by mistake, while nothing is known of it."""

from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from banso.accounts.actions.refusals import NotFound, StillKnown
from banso.accounts.models import Account
from banso.journal import actions as journal
from banso.people.access import Actor


@transaction.atomic
def withdraw_account(*, account_id: int, by: Actor, now: datetime, visible: QuerySet[Account]) -> None:
    """Remove an account of which nothing is known but what was computed. Raises NotFound, or StillKnown.

    A table whose rows are only computed says so (`is_computed`); any other row about the account keeps it.
    """
    account = visible.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    name, external_id = account.name, account.external_id
    try:
        with transaction.atomic():
            _, counts = account.delete()
            told = [label for label, count in counts.items() if count and not _goes_with_it(label)]
            if told:
                raise StillKnown
    except ProtectedError:
        raise StillKnown from None
    details = {"external_id": external_id}
    news = journal.News("account.withdrawn", subject_kind="account", subject_label=name, details=details)
    journal.write(news, by=by, now=now)


def _goes_with_it(label: str) -> bool:
    model = apps.get_model(label)
    return model is Account or bool(getattr(model, "is_computed", False))
