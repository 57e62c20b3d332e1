"""Who computes something of accounts holds them first, so that two do not compute from halves of each other's work."""

from collections.abc import Iterable

from banso.accounts.models import Account


def hold(account_ids: Iterable[int]) -> None:
    """Keep accounts from being held by others until the transaction ends; who comes second waits, and then sees all.

    All hold them in the order of their ids, so that nobody waits in a circle. Notes and the like still come in.
    """
    held = Account.objects.filter(pk__in=sorted(set(account_ids))).order_by("pk").select_for_update(no_key=True)
    list(held.values_list("pk", flat=True))
