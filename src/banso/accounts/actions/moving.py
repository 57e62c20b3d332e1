"""Accounts change hands, stage or segment, one or many at once; and go back where that was a mistake."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Final, Literal

from django.db import transaction
from django.db.models import QuerySet

from banso.accounts.actions.refusals import NotFound
from banso.accounts.actions.telling import tell
from banso.accounts.models import Account, Segment, Stage
from banso.people import queries as people
from banso.people.access import Actor

type Column = Literal["owner", "stage", "segment"]
BATCH_ROWS: Final = 1000


@dataclass(frozen=True)
class Moved:
    """What a move did: how many accounts changed, and where each was before, so that it can be put back."""

    column: Column
    to: int | None
    before: Mapping[int, int | None] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        return len(self.before)


def assign_owner(
    *, account_ids: Iterable[int], owner_id: int | None, by: Actor, now: datetime, visible: QuerySet[Account]
) -> Moved:
    """Give accounts to an active user, or to nobody; raises NotFound. Accounts outside `visible` are passed over."""
    return move(column="owner", account_ids=account_ids, to=owner_id, by=by, now=now, visible=visible)


def move_to_stage(
    *, account_ids: Iterable[int], stage_id: int | None, by: Actor, now: datetime, visible: QuerySet[Account]
) -> Moved:
    """Move accounts to a stage, or to none; raises NotFound. Accounts outside `visible` are passed over."""
    return move(column="stage", account_ids=account_ids, to=stage_id, by=by, now=now, visible=visible)


def move_to_segment(
    *, account_ids: Iterable[int], segment_id: int | None, by: Actor, now: datetime, visible: QuerySet[Account]
) -> Moved:
    """Move accounts to a segment, or to none; raises NotFound. Accounts outside `visible` are passed over."""
    return move(column="segment", account_ids=account_ids, to=segment_id, by=by, now=now, visible=visible)


@transaction.atomic
def move(
    *,
    column: Column,
    account_ids: Iterable[int],
    to: int | None,
    by: Actor,
    now: datetime,
    visible: QuerySet[Account],
) -> Moved:
    """Give accounts to an owner, stage or segment, or to none; raises NotFound. Two queries for each thousand.

    Accounts outside `visible` are passed over, and so are those that are there already.
    """
    names = _NAMES[column]()
    if to is not None and to not in names:
        raise NotFound
    before: dict[int, int | None] = {}
    labels: dict[int, str] = {}
    for some in batched(account_ids, BATCH_ROWS):
        rows = visible.filter(pk__in=some).order_by("pk").values_list("pk", "name", f"{column}_id")
        moving = {pk: place for pk, name, place in rows if place != to and not labels.update({pk: name})}
        Account.objects.filter(pk__in=moving).update(**{f"{column}_id": to, "changed_at": now})
        before |= moving
    after = names.get(to) if to is not None else None
    tell(
        "account",
        (
            (pk, None, labels[pk], "changed", {column: [names.get(place) if place else None, after]})
            for pk, place in before.items()
        ),
        by,
        now,
    )
    return Moved(column, to, before)


@transaction.atomic
def put_back(*, moved: Moved, by: Actor, now: datetime, visible: QuerySet[Account]) -> int:
    """Undo a move and return how many accounts went back; those that moved on since, or whose place is gone, stay."""
    names = _NAMES[moved.column]()
    groups: dict[int | None, list[int]] = {}
    for account_id, place in moved.before.items():
        if place is None or place in names:
            groups.setdefault(place, []).append(account_id)
    still = visible.filter(**{f"{moved.column}_id": moved.to})
    return sum(
        move(column=moved.column, account_ids=ids, to=place, by=by, now=now, visible=still).changed
        for place, ids in groups.items()
    )


def _owners() -> dict[int, str]:
    return {person.id: person.name for person in people.staff()}


_NAMES: Final[Mapping[Column, Callable[[], dict[int, str]]]] = {
    "owner": _owners,
    "stage": lambda: dict(Stage.objects.order_by("pk").values_list("pk", "name")),
    "segment": lambda: dict(Segment.objects.order_by("pk").values_list("pk", "name")),
}
