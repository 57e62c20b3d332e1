"""Accounts change hands, stage or segment from a list, and go back where that was a mistake."""

from typing import Any, Final

from django.core import signing
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from banso.accounts import actions, queries
from banso.accounts.actions import Moved
from banso.accounts.pages.filled import done, next_page, refused
from banso.people.access import StaffRequest, actor_of, requires

MOST_ROWS: Final = 20_000
SALT: Final = "banso.accounts.moved"
UNDO_SECONDS: Final = 24 * 3600


@require_POST
@requires("accounts.assign")
def assign(request: StaffRequest) -> HttpResponse:
    """Give the ticked accounts (`ids`) to a user (`to`; empty: to nobody)."""
    return _move(request, "owner")


@require_POST
@requires("accounts.change")
def move(request: StaffRequest, column: actions.Column) -> HttpResponse:
    """Move the ticked accounts (`ids`) to a stage or segment (`to`; empty: to none)."""
    return _move(request, column)


@require_POST
@requires("accounts.change")
def put_back(request: StaffRequest) -> HttpResponse:
    """Undo a move by the signed token that it gave."""
    try:
        said: Any = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return HttpResponseBadRequest()
    if said["user"] != request.user.pk:
        return HttpResponseBadRequest()
    before = {pk: place for place, ids in said["before"] for pk in ids}
    moved = Moved(said["column"], said["to"], before)
    visible = queries.visible_to(request.user)
    count = actions.put_back(moved=moved, by=actor_of(request.user), now=timezone.now(), visible=visible)
    text = ngettext("%(count)s account is back where it was.", "%(count)s accounts are back where they were.", count)
    return done(request, text % {"count": f"{count:,}"}, next_page(request, "/accounts/"))


def moved_page(request: StaffRequest, moved: Moved, *, back: str) -> HttpResponse:
    """Say how many accounts moved, with the way back; other lists of accounts answer with it too."""
    places: dict[int | None, list[int]] = {}
    for pk, place in moved.before.items():
        places.setdefault(place, []).append(pk)
    said = {"user": request.user.pk, "column": moved.column, "to": moved.to, "before": list(places.items())}
    token = signing.dumps(said, salt=SALT, compress=True)
    text = ngettext("%(count)s account was changed.", "%(count)s accounts were changed.", moved.changed)
    context = {"text": text % {"count": f"{moved.changed:,}"}, "token": token, "back": back, "count": moved.changed}
    return render(request, "accounts/moved.html", context)


def _move(request: StaffRequest, column: actions.Column) -> HttpResponse:
    given, to = request.POST.getlist("ids"), request.POST.get("to", "")
    if len(given) > MOST_ROWS or not all(_is_id(text) for text in given) or not (to == "" or _is_id(to)):
        return HttpResponseBadRequest()
    back = next_page(request, "/accounts/")
    try:
        moved = actions.move(
            column=column,
            account_ids=[int(text) for text in given],
            to=int(to) if to else None,
            by=actor_of(request.user),
            now=timezone.now(),
            visible=queries.visible_to(request.user),
        )
    except actions.NotFound as refusal:
        return refused(request, refusal, back)
    return moved_page(request, moved, back=back)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18  # noqa: PLR2004  # digits that a database id can have
