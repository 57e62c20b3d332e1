"""Who stands above whom in the tree of accounts."""

from banso.accounts.models import Account


def parents() -> dict[str, str]:
    """Return the external id of the parent of every account that has one, by the account's own."""
    children = Account.objects.filter(parent__isnull=False).order_by("pk")
    return dict(children.values_list("external_id", "parent__external_id"))


def lineage() -> dict[int, tuple[int, ...]]:
    """Return every account's line by its id: itself, the account above it, and so on up to the root; one query."""
    parent: dict[int, int | None] = dict(Account.objects.order_by("pk").values_list("pk", "parent_id"))
    found: dict[int, tuple[int, ...]] = {}
    for pk in parent:
        line = [pk]
        while (above := parent[line[-1]]) is not None and above not in line:
            line.append(above)
        found[pk] = tuple(line)
    return found
