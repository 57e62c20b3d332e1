"""The door for permission: every page and every call says here what it needs, or that it is public."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from banso.people.models import User
from banso.people.rules import SCOPES, SEND_EVENTS, SYSTEM, Actor

__all__ = ["SCOPES", "SEND_EVENTS", "SYSTEM", "Actor", "User", "actor_of", "by_write_key", "may", "public", "requires"]

type View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request whose user is known to be signed-in staff; only views behind `requires` receive it."""

    user: User


class Guarded(Protocol):
    """A view that has said what it needs; the law test of the URLconf looks for this mark."""

    permission: str


def actor_of(user: User) -> Actor:
    """Return the author that the journal keeps for a signed-in user."""
    return Actor(kind="user", id=user.pk, label=user.name or user.email)


def may(user: User, permission: str) -> bool:
    """Return whether a user may do something, by role; an inactive user may do nothing."""
    return user.may(permission)


def requires(permission: str) -> Callable[[View], View]:
    """Let only staff with a permission through: others get the sign-in page, or 403 where they are signed in."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path())
            if not may(request.user, permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # the mark that the law test reads
        return guarded

    return guard


def public(view: View) -> View:
    """Mark a view as open to everyone, on purpose."""
    view.permission = "public"  # type: ignore[attr-defined]  # the mark that the law test reads
    return view


def by_write_key(view: View) -> View:
    """Mark a view that lets in whoever has a write key, and looks at the key itself."""
    view.permission = "write key"  # type: ignore[attr-defined]  # the mark that the law test reads
    return view
