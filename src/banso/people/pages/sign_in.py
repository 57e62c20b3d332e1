"""How staff come in: by e-mail and password, made known by an administrator, with tries counted."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from banso.people import actions
from banso.people.access import User, public


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Nobody signs up by themselves: administrators make the users of an installation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        return False

    def can_delete_email(self, email_address: EmailAddress) -> bool:  # noqa: ARG002  # allauth's signature
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        actions.note_sign_in(user=user, now=timezone.now())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Failed tries are counted by account *and* address: by account alone, a stranger could lock a colleague out.
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"


@public
def elsewhere(_request: HttpRequest) -> HttpResponse:
    """Lead to one's own settings, where passwords are changed; who is not signed in, signs in on the way."""
    return redirect("people:password")
