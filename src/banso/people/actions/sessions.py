"""Devices on which somebody is signed in: all but one are signed out."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from banso.people.actions.changes import write_down
from banso.people.models import User
from banso.people.rules import Actor


@transaction.atomic
def sign_out_elsewhere(*, user_id: int, keep: str, by: Actor, now: datetime) -> None:
    """End all sessions of a user but the one with the key `keep`."""
    user = User.objects.get(pk=user_id)
    others = list(UserSession.objects.filter(user=user).exclude(session_key=keep).order_by("pk"))
    if not others:
        return
    for session in others:
        session.end()
    write_down("user.signed_out_elsewhere", "user", user.pk, user.email, details={}, by=by, now=now)
