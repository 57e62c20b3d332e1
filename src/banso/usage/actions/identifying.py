"""Take in who people are: the accounts they are in, and the names they had before they signed in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import batched

from django.db import transaction

from banso.accounts import queries as accounts
from banso.usage.models import Alias, Attachment, Membership
from banso.usage.queries.identity import BATCH_ROWS, accounts_of_people, names_seen
from banso.usage.rules.identity import name_of_user, name_of_visitor, resolved


@transaction.atomic
def recognise(
    *, memberships: Iterable[tuple[str, str]] = (), aliases: Iterable[tuple[str, str]] = (), now: datetime
) -> int:
    """Keep (person, group) and (former name, person), each once; return to how many names an account was found.

    Of two people who had the same name before, the first has it for good. Usage that came without an account goes to
    the only account of its person, and stays there when they come into another one later.
    """
    joined = {(person, group) for person, group in memberships if person and group}
    renamed = {previous: person for previous, person in reversed(list(aliases)) if previous != person}
    if not joined and not renamed:
        return 0
    Membership.objects.bulk_create(
        [Membership(person=person, group=group, since_at=now) for person, group in sorted(joined)],
        batch_size=BATCH_ROWS,
        ignore_conflicts=True,
    )
    Alias.objects.bulk_create(
        [Alias(previous=previous, person=person, since_at=now) for previous, person in sorted(renamed.items())],
        batch_size=BATCH_ROWS,
        ignore_conflicts=True,
    )
    return attach_known({person for person, _ in joined} | set(renamed.values()), now=now)


def attach_known(people: Iterable[str], *, now: datetime) -> int:
    """Give usage of some people that came without an account to the one that they are in; return of how many names."""
    wanted = set(people)
    names = {name_of_user(person): person for person in wanted}
    names |= {name_of_visitor(previous): person for previous, person in _former_names(wanted)}
    seen = names_seen(names)
    if not seen:
        return 0
    ids = {name: pk for pk, name in accounts.all_ids().items()}
    homes = accounts_of_people({names[name] for name in seen})
    made = []
    for name in sorted(seen):
        only = homes.get(names[name], set())
        if len(only) == 1 and (pk := ids.get(next(iter(only)))):
            made.append(Attachment(name=name, account_id=pk, made_at=now))
    Attachment.objects.bulk_create(made, batch_size=BATCH_ROWS, ignore_conflicts=True)
    return len(made)


def _former_names(people: Sequence[str] | set[str]) -> list[tuple[str, str]]:
    """Return the names that some people had before, over at most two steps back."""
    found: dict[str, str] = {}
    newest = dict.fromkeys(people, "")
    for _ in range(2):
        before: dict[str, str] = {}
        for some in batched(newest, BATCH_ROWS):
            before |= dict(Alias.objects.filter(person__in=some).order_by("pk").values_list("previous", "person"))
        found |= before
        newest = dict.fromkeys(before, "")
    return list(resolved(found).items())
