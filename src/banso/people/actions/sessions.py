"""Devices on which somebody is signed in: one is signed out, or all but that in hand."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from banso.people.actions.changes import write_down
from banso.people.models import User
from banso.people.rules import Actor, device_of


@transaction.atomic
def sign_out_elsewhere(*, user_id: int, keep: str, only: int | None = None, by: Actor, now: datetime) -> None:
    """End the session `only` of a user, or all, but never the one with the key `keep`."""
    user = User.objects.get(pk=user_id)
    found = UserSession.objects.filter(user=user).exclude(session_key=keep).order_by("pk")
    others = list(found if only is None else found.filter(pk=only))
    if not others:
        return
    for session in others:
        session.end()
    details = {} if only is None else {"device": device_of(others[0].user_agent)}
    write_down("user.signed_out_elsewhere", "user", user.pk, user.email, details=details, by=by, now=now)
