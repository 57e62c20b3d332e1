"""Say whose usage it is that came without an account: give it to one, take that back, or do not ask again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from banso.accounts import actions as accounts
from banso.accounts import queries as account_rows
from banso.journal import actions as journal
from banso.people.access import Actor, User
from banso.usage.models import Attachment, SetAside
from banso.usage.queries.identity import BATCH_ROWS, names_seen
from banso.usage.queries.unclaimed import claimed_names
from banso.usage.rules.identity import bare_name, is_own_name

SHOWN_IN_THE_JOURNAL = 20


class NotUnclaimed(LookupError):
    """None of these names has usage that waits for an account."""


class NoSuchAccount(LookupError):
    """There is no such account, or it may not be seen."""


@dataclass(frozen=True)
class Attached:
    """How many names count for an account now; those that did already, or that no event came with, are left out."""

    count: int
    skipped: int


@transaction.atomic
def attach(*, names: Iterable[str], account_id: int, viewer: account_rows.Viewer, by: Actor, now: datetime) -> Attached:
    """Let usage under some names count for an account, past and future, from the next roll-up on.

    Raises NoSuchAccount, and NotUnclaimed where none of the names waits. What is counted once is counted once: the
    roll-ups move what they counted for nobody, and events that come later under the same name follow.
    """
    account = account_rows.account(viewer, account_id)
    if account is None:
        raise NoSuchAccount(account_id)
    asked = set(names)
    waiting = _waiting(asked)
    made = [Attachment(name=name, account_id=account.id, made_at=now, made_by=_label(by)) for name in waiting]
    Attachment.objects.bulk_create(made, batch_size=BATCH_ROWS, ignore_conflicts=True)
    SetAside.objects.filter(name__in=waiting).delete()
    _tell("usage.attached", waiting, by=by, now=now, account_id=account.id, label=account.name)
    return Attached(count=len(waiting), skipped=len(asked) - len(waiting))


@transaction.atomic
def attach_to_new(*, titles: Mapping[str, str], user: User, by: Actor, now: datetime) -> Attached:
    """Add an account for each of some names, called as given, and let the usage under that name count for it.

    The account has the id that the product calls it by. Raises NotUnclaimed, and RowsRefused of accounts where one
    of them cannot be added; then none is.
    """
    waiting = _waiting(set(titles))
    made = []
    for name in waiting:
        row = accounts.AccountInput(bare_name(name), name=titles[name])
        account_id = accounts.add_account(row, by=by, now=now, user=user)
        made.append(Attachment(name=name, account_id=account_id, made_at=now, made_by=_label(by), made_account=True))
        _tell("usage.attached", [name], by=by, now=now, account_id=account_id, label=titles[name])
    Attachment.objects.bulk_create(made, batch_size=BATCH_ROWS)
    SetAside.objects.filter(name__in=waiting).delete()
    return Attached(count=len(waiting), skipped=len(titles) - len(waiting))


@transaction.atomic
def detach(
    *,
    viewer: account_rows.Viewer,
    by: Actor,
    now: datetime,
    ids: Iterable[int] | None = None,
    names: Iterable[str] | None = None,
    made_at: datetime | None = None,
) -> int:
    """Take attachments back, by id, by name, or all that were made at a moment; return how many names wait again.

    An account that was added for the usage goes too while nothing else is known of it; else it stays, and usage that
    came under the account's own id stays with it.
    """
    found = Attachment.objects.filter(account__in=account_rows.visible_to(viewer))
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    elif names is not None:
        found = found.filter(name__in=list(names))
    elif made_at is not None:
        found = found.filter(made_at=made_at)
    gone = list(found.select_related("account").order_by("pk"))
    Attachment.objects.filter(pk__in=[one.pk for one in gone]).delete()
    for one in gone:
        _tell("usage.detached", [one.name], by=by, now=now, account_id=one.account_id, label=one.account.name)
    for account_id in sorted({one.account_id for one in gone if one.made_account}):
        try:
            accounts.withdraw_account(account_id=account_id, by=by, now=now, visible=account_rows.visible_to(viewer))
        except accounts.StillKnown:
            continue
    return len(gone)


@transaction.atomic
def set_aside(*, names: Iterable[str], by: Actor, now: datetime) -> int:
    """Do not ask about usage under some names again; return of how many. It stays in the lake, counted for nobody."""
    waiting = _waiting(set(names))
    made = [SetAside(name=name, made_at=now, made_by=_label(by)) for name in waiting]
    SetAside.objects.bulk_create(made, batch_size=BATCH_ROWS, ignore_conflicts=True)
    _tell("usage.set_aside", waiting, by=by, now=now)
    return len(waiting)


@transaction.atomic
def ask_again(*, by: Actor, now: datetime, names: Iterable[str] | None = None, made_at: datetime | None = None) -> int:
    """Ask again about usage that was set aside: under these names, or all of a moment; return of how many."""
    found: QuerySet[SetAside] = SetAside.objects.order_by("name", "pk")
    if names is not None:
        found = found.filter(name__in=list(names))
    elif made_at is not None:
        found = found.filter(made_at=made_at)
    gone = list(found.values_list("name", flat=True))
    SetAside.objects.filter(name__in=gone).delete()
    if gone:
        _tell("usage.asked_again", gone, by=by, now=now)
    return len(gone)


def _waiting(names: set[str]) -> list[str]:
    """Return which of some names events came with, and no account has."""
    waiting = sorted(names_seen(names) - claimed_names(names))
    if not waiting:
        raise NotUnclaimed
    return waiting


def _label(by: Actor) -> str:
    return by.label[:200] or by.kind


def _tell(
    verb: str, names: Sequence[str], *, by: Actor, now: datetime, account_id: int | None = None, label: str = ""
) -> None:
    details = {"count": len(names), "names": [_shown(name) for name in names[:SHOWN_IN_THE_JOURNAL]]}
    news = journal.News(verb, account_id=account_id, subject_kind="usage", subject_label=label, details=details)
    journal.write(news, by=by, now=now)


def _shown(name: str) -> str:
    return bare_name(name) if is_own_name(name) else name
