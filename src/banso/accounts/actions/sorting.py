"""How accounts are sorted: segments and stages, added, renamed, reordered and taken away."""

from datetime import datetime
from typing import Any, Final, Literal

from django.db import transaction
from django.db.models import QuerySet

from banso.accounts.actions.refusals import InUse, NameMissing, NameTaken, NotFound
from banso.accounts.models import Account, Segment, Stage
from banso.accounts.queries import SortRow
from banso.journal import actions as journal
from banso.people.access import Actor
from banso.shared.text import fold, one_line

NAME_LENGTH: Final = 100

type Kind = Literal["segment", "stage"]


def create_segment(*, name: str, by: Actor, now: datetime) -> SortRow:
    """Add a segment at the end; raises NameMissing, NameTaken."""
    return create(kind="segment", name=name, by=by, now=now)


def create_stage(*, name: str, by: Actor, now: datetime) -> SortRow:
    """Add a stage at the end; raises NameMissing, NameTaken."""
    return create(kind="stage", name=name, by=by, now=now)


@transaction.atomic
def create(*, kind: Kind, name: str, by: Actor, now: datetime) -> SortRow:
    """Add a segment or a stage at the end; raises NameMissing, NameTaken."""
    made = _all(kind).create(name=_free_name(kind, name), position=_all(kind).count())
    _tell(f"{kind}.added", kind, made, {}, by=by, now=now)
    return SortRow(made.pk, made.name, made.position)


@transaction.atomic
def rename(*, kind: Kind, id: int, name: str, by: Actor, now: datetime) -> None:  # noqa: A002  # as rows call it
    """Give a segment or a stage another name; raises NotFound, NameMissing, NameTaken."""
    one = _one(kind, id)
    name = _free_name(kind, name, besides=id)
    if name == one.name:
        return
    before, one.name = one.name, name
    one.save(update_fields=["name"])
    _tell(f"{kind}.changed", kind, one, {"changes": {"name": [before, name]}}, by=by, now=now)


@transaction.atomic
def reorder(*, kind: Kind, id: int, by: Actor, now: datetime, step: int) -> None:  # noqa: A002  # as rows call it
    """Move a segment or a stage `step` places down (negative: up), as far as there is room; raises NotFound."""
    one = _one(kind, id)
    order = list(_all(kind).select_for_update().order_by("position", "pk"))
    place = next(place for place, other in enumerate(order) if other.pk == id)
    order.insert(min(max(0, place + step), len(order) - 1), order.pop(place))
    for position, other in enumerate(order):
        other.position = position
    _all(kind).bulk_update(order, ["position"])
    _tell(f"{kind}.moved", kind, one, {"step": step}, by=by, now=now)


@transaction.atomic
def remove(*, kind: Kind, id: int, by: Actor, now: datetime) -> None:  # noqa: A002  # as rows call it
    """Take a segment or a stage away; raises NotFound, and InUse while accounts stand in it."""
    one = _one(kind, id)
    count = Account.objects.filter(**{kind: id}).count()
    if count:
        raise InUse(count)
    _tell(f"{kind}.removed", kind, one, {}, by=by, now=now)
    one.delete()


def _all(kind: Kind) -> QuerySet[Any]:
    return Segment.objects.all() if kind == "segment" else Stage.objects.all()


def _one(kind: Kind, pk: int) -> Segment | Stage:
    one: Segment | Stage | None = _all(kind).select_for_update().filter(pk=pk).first()
    if one is None:
        raise NotFound
    return one


def _free_name(kind: Kind, name: str, *, besides: int | None = None) -> str:
    name = one_line(name)
    if not name or len(name) > NAME_LENGTH:
        raise NameMissing
    others = _all(kind).exclude(pk=besides or 0).order_by("pk").values_list("name", flat=True)
    if fold(name) in {fold(other) for other in others}:
        raise NameTaken
    return name


def _tell(verb: str, kind: Kind, one: Any, details: dict[str, object], *, by: Actor, now: datetime) -> None:
    news = journal.News(verb, subject_kind=kind, subject_id=one.pk, subject_label=one.name, details=details)
    journal.write(news, by=by, now=now)
