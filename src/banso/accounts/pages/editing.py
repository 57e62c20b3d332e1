"""Adding an account, and changing what is said of it."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.accounts import actions, queries
from banso.accounts.forms import AccountForm, initial_of
from banso.accounts.pages.filled import account_or_404, account_page, done, is_saved, shown
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, may, requires


@requires("accounts.change")
def add(request: StaffRequest) -> HttpResponse:
    """Add one account; who may see only some accounts becomes the owner, so that they see it."""
    form = _form(request, is_new=True)
    saved: list[int] = []

    def save() -> None:
        row = form.row(form.cleaned_data["external_id"] or f"banso-{uuid4().hex[:12]}")
        by, now = actor_of(request.user), timezone.now()
        saved.append(actions.add_account(row, by=by, now=now, user=request.user))

    if form.is_bound and is_saved(form, save):
        return done(request, _("The account was added."), account_page(saved[0]))
    return shown(request, "accounts/account.html", form)


@requires("accounts.change")
def edit(request: StaffRequest, account_id: int) -> HttpResponse:
    """Change one account."""
    account = account_or_404(request, account_id)
    form = _form(request, is_new=False, initial=initial_of(account, queries.custom_fields()))

    def save() -> None:
        actions.save_account(
            form.row(account.external_id),
            by=actor_of(request.user),
            now=timezone.now(),
            visible=queries.visible_to(request.user),
        )

    if form.is_bound and is_saved(form, save):
        return done(request, _("The account was saved."), account_page(account_id))
    return shown(request, "accounts/account.html", form, account=account, back=account_page(account_id))


def _form(request: StaffRequest, *, is_new: bool, initial: dict[str, Any] | None = None) -> AccountForm:
    return AccountForm(
        request.POST or None,
        initial=initial,
        segments=queries.segments(),
        stages=queries.stages(),
        staff=people.staff(),
        custom=queries.custom_fields(),
        may_assign=may(request.user, "accounts.assign"),
        is_new=is_new,
    )
