"""Saved views: a list of accounts as somebody filtered and sorted it, under a name, for themselves or for all."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max

from banso.accounts.actions.refusals import NameMissing, NameTaken, NotFound, NotYours
from banso.accounts.models import SavedView
from banso.accounts.queries import SavedViewRow
from banso.journal import actions as journal
from banso.people.access import Actor, User, actor_of, may
from banso.shared.text import clean, one_line

NAME_LENGTH: Final = 100
QUERY_LENGTH: Final = 2000


@transaction.atomic
def save_view(
    *, user: User, name: str, query: str, now: datetime, is_shared: bool = False, view_id: int | None = None
) -> SavedViewRow:
    """Keep a list's query string as a view of a user, or change one of theirs.

    Sharing needs the permission views.share. Raises NameMissing, NameTaken, NotFound, NotYours.
    """
    view = SavedView(owner=user) if view_id is None else _own(view_id, user)
    view.name = one_line(name)
    if not view.name or len(view.name) > NAME_LENGTH:
        raise NameMissing
    if SavedView.objects.filter(owner_id=view.owner_id, name=view.name).exclude(pk=view.pk or 0).exists():
        raise NameTaken
    if is_shared != view.is_shared and not may(user, "views.share"):
        raise NotYours
    view.query = clean(query).removeprefix("?")[:QUERY_LENGTH]
    view.is_shared = is_shared
    if view_id is None:
        view.position = (SavedView.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    view.save()
    _tell("view.saved", view, actor_of(user), now)
    return SavedViewRow(view.pk, view.name, view.query, view.owner_id, view.owner.name, view.is_shared)


@transaction.atomic
def delete_view(*, view_id: int, user: User, now: datetime) -> None:
    """Take one's own view away, or a shared one with the permission views.share; raises NotFound, NotYours."""
    view = _own(view_id, user)
    _tell("view.removed", view, actor_of(user), now)
    view.delete()


def _own(view_id: int, user: User) -> SavedView:
    view = SavedView.objects.select_for_update().filter(pk=view_id).first()
    if view is None or (view.owner_id != user.pk and not view.is_shared):
        raise NotFound
    if view.owner_id != user.pk and not may(user, "views.share"):
        raise NotYours
    return view


def _tell(verb: str, view: SavedView, by: Actor, now: datetime) -> None:
    news = journal.News(
        verb,
        subject_kind="view",
        subject_id=view.pk,
        subject_label=view.name,
        details={"is_shared": view.is_shared, "query": view.query},
    )
    journal.write(news, by=by, now=now)
