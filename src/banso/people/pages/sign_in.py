"""How staff come in: by e-mail and password, made known by an administrator, with tries counted."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from banso.people import actions
from banso.people.access import User, actor_of, public
from banso.people.forms import ForgottenForm
from banso.people.pages.filled import shown
from banso.people.rules import BEGAN, SEEN


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Nobody signs up by themselves: administrators make the users of an installation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        return False

    def can_delete_email(self, email_address: EmailAddress) -> bool:  # noqa: ARG002  # allauth's signature
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        now = timezone.now()
        request.session[BEGAN] = request.session[SEEN] = now.timestamp()
        actions.note_sign_in(user=user, now=now)

    def set_password(self, user: User, password: str) -> None:
        """Keep the password that somebody chose by a link that was mailed to them."""
        actions.set_password(user_id=user.pk, password=password, by=actor_of(user), now=timezone.now())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Failed tries are counted by account *and* address: by account alone, a stranger could lock a colleague out.
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"


@public
def forgotten(request: HttpRequest) -> HttpResponseBase:
    """Mail a link to choose a new password; the answer is the same whether or not anybody has the address."""
    form = ForgottenForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        return shown(request, "account/password_reset.html", form)
    email = form.cleaned_data["email"].lower()
    too_many: HttpResponse | None = ratelimit.consume_or_429(request, action="reset_password", key=email)
    if too_many:
        return too_many
    actions.ask_for_reset(email=email, site=request.build_absolute_uri("/"))
    return redirect("account_reset_password_done")


@public
def elsewhere(_request: HttpRequest) -> HttpResponse:
    """Lead to one's own settings, where passwords are changed; who is not signed in, signs in on the way."""
    return redirect("people:password")
