"""For which account usage counts, and whose it is, under whatever name it came."""

from collections.abc import Iterable
from itertools import batched
from typing import Final

import duckdb
from django.db.models import Count, Max

from banso.accounts import queries as accounts
from banso.usage.models import Alias, Attachment, Membership, manifest
from banso.usage.models.manifest import Manifest
from banso.usage.queries.reading import lake, quoted
from banso.usage.rules.identity import is_own_name, resolved

BATCH_ROWS: Final = 1000


def accounts_by_name(names: Iterable[str]) -> dict[str, str]:
    """Return the account (its own external id) that each name counts for; a name that nobody claims has no entry."""
    known = set(names)
    claimed = {name: pk for name, pk in accounts.all_names().items() if name in known and not is_own_name(name)}
    attached = Attachment.objects.order_by("pk").values_list("name", "account_id")
    claimed |= {name: pk for name, pk in attached if name in known}
    by_id = accounts.all_ids() if claimed else {}
    return {name: by_id[pk] for name, pk in claimed.items()}


def accounts_of_people(people: Iterable[str]) -> dict[str, set[str]]:
    """Return the accounts that each person is in: as the accounts' own lists say, and as `group` calls told.

    An account that nobody has yet stands there under the name that the product calls it.
    """
    wanted = set(people)
    found = {person: set(ids) for person, ids in accounts.accounts_of_people(wanted).items()}
    told: list[tuple[str, str]] = []
    for some in batched(wanted, BATCH_ROWS):
        told += Membership.objects.filter(person__in=some).order_by("pk").values_list("person", "group")
    claimed = accounts_by_name({group for _, group in told}) if told else {}
    for person, group in told:
        found.setdefault(person, set()).add(claimed.get(group, group))
    return found


def people_called(previous: Iterable[str]) -> dict[str, str]:
    """Return who some former names belong to now; a name that nobody has taken over has no entry."""
    found: dict[str, str] = {}
    for some in batched(set(previous), BATCH_ROWS):
        found |= dict(Alias.objects.filter(previous__in=some).order_by("pk").values_list("previous", "person"))
    return found


def names_seen(names: Iterable[str]) -> set[str]:
    """Return which of some names events have come with."""
    wanted = sorted(set(names))

    def look(work: duckdb.DuckDBPyConnection, seen: Manifest) -> set[str]:
        files = [one.path for one in seen.pending_files()]
        parts = [f"SELECT name FROM {quoted(manifest.paths([seen.roll_up.names])[0])}"] if seen.roll_up.names else []
        if files:
            parts.append(f"SELECT DISTINCT account AS name FROM {quoted(*manifest.paths(files))}")
        if not parts or not wanted:
            return set()
        found = work.execute(
            f"SELECT name FROM ({' UNION '.join(parts)}) WHERE name IN (SELECT unnest($names))", {"names": wanted}
        )
        return {name for (name,) in found.fetchall()}

    return lake(look)


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
