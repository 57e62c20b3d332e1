"""For which account usage counts, and whose it is, under whatever name it came."""

from collections.abc import Iterable

from django.db.models import Count, Max

from banso.accounts import queries as accounts
from banso.usage.models import Alias, Attachment
from banso.usage.rules.identity import is_own_name, resolved


def accounts_by_name(names: Iterable[str]) -> dict[str, str]:
    """Return the account (its own external id) that each name counts for; a name that nobody claims has no entry."""
    known = set(names)
    claimed = {name: pk for name, pk in accounts.all_names().items() if name in known and not is_own_name(name)}
    attached = Attachment.objects.order_by("pk").values_list("name", "account_id")
    claimed |= {name: pk for name, pk in attached if name in known}
    by_id = accounts.all_ids() if claimed else {}
    return {name: by_id[pk] for name, pk in claimed.items()}


def people_by_alias() -> dict[str, str]:
    """Return for each former name of a person the name that they have now."""
    return resolved(dict(Alias.objects.order_by("pk").values_list("previous", "person")))


def identity_mark() -> str:
    """Return a text that is another one when names of accounts, attachments or aliases were added or removed."""
    marks = [accounts.names_mark()]
    for model in (Attachment, Alias):
        found = model.objects.aggregate(newest=Max("pk"), count=Count("pk"))
        marks.append(f"{found['count']}:{found['newest']}")
    return " ".join(marks)
