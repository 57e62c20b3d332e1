"""API keys: the list, making one (its secret is shown this once), revoking one."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.people import actions, queries
from banso.people.access import SCOPES, StaffRequest, actor_of, requires
from banso.people.forms import KeyForm
from banso.people.pages.filled import done, is_saved, shown
from banso.people.pages.staff import permission_words
from banso.people.rules import PERMISSIONS


@requires("keys.manage")
def keys(request: StaffRequest) -> HttpResponse:
    """List the keys, and make one."""
    form = KeyForm(request.POST or None)
    secrets: list[str] = []
    by, now = actor_of(request.user), timezone.now()

    def make(given: dict[str, Any]) -> None:
        expires_at = now + timedelta(days=given["lifetime"]) if given["lifetime"] else None
        _row, secret = actions.create_key(
            name=given["name"], scope=given["scope"], by=by, now=now, expires_at=expires_at
        )
        secrets.append(secret)

    if form.is_bound and is_saved(form, make):
        # No redirect: the secret must not be kept anywhere, not even in the session.
        shown_once = {"secret": secrets[0], "form": KeyForm(), **_listed()}
        response = render(request, "people/keys.html", shown_once)
        response.headers["Cache-Control"] = "no-store"
        return response
    return shown(request, "people/keys.html", form, **_listed())


@requires("keys.manage")
@require_POST
def revoke(request: StaffRequest, key_id: int) -> HttpResponse:
    """Make a key useless from now on."""
    try:
        actions.revoke_key(key_id=key_id, by=actor_of(request.user), now=timezone.now())
    except actions.NotOurs as gone:
        raise Http404 from gone
    return done(request, _("The key was revoked."), "people:keys")


@requires("keys.manage")
@require_POST
def dismiss(request: StaffRequest, refused_id: int) -> HttpResponse:
    """Take a refused write key off the list."""
    try:
        actions.dismiss_refused_key(refused_id=refused_id, by=actor_of(request.user), now=timezone.now())
    except actions.NotOurs as gone:
        raise Http404 from gone
    return done(
        request, _("The warning was taken off the list. It comes back if the key is used again."), "people:keys"
    )


def _listed() -> dict[str, Any]:
    now, made = timezone.now(), queries.keys()
    rows = [(key, key.is_usable(now)) for key in made]
    words = permission_words()
    scopes = [(name, [words[one] for one in PERMISSIONS if one in allowed]) for name, allowed in SCOPES.items()]
    return {"keys": rows, "refused": queries.refused_keys(), "scopes": scopes}
