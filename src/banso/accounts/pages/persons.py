"""The people of an account: who they are, which roles are filled, and who left."""

from typing import Final
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.accounts import actions, queries
from banso.accounts.forms import PersonForm, initial_of_person
from banso.accounts.pages.filled import account_or_404, account_page, done, is_saved, shown
from banso.people.access import StaffRequest, actor_of, requires

ON_A_PAGE: Final = 50


@requires("accounts.change")
def persons(request: StaffRequest, account_id: int) -> HttpResponse:
    """List the people of an account, and add one."""
    account = account_or_404(request, account_id)
    form = PersonForm(request.POST or None, is_new=True)

    def save() -> None:
        given = form.cleaned_data
        row = form.row(account.external_id, given["external_id"] or given["email"] or f"banso-{uuid4().hex[:12]}")
        actions.add_person(row, by=actor_of(request.user), now=timezone.now())

    if form.is_bound and is_saved(form, save):
        return done(request, _("The person was added."), "accounts:people", account_id)
    page = Paginator(queries.people_found(account_id), ON_A_PAGE).get_page(request.GET.get("page"))
    return shown(
        request,
        "accounts/people.html",
        form,
        account=account,
        back=account_page(account_id),
        people=[queries.person_row(one) for one in page.object_list],
        page=page,
        gaps=[role for role, count in queries.coverage(account_id).items() if not count and role != "user"],
    )


@requires("accounts.change")
def person(request: StaffRequest, account_id: int, person_id: int) -> HttpResponse:
    """Change one person, or say when they left."""
    account = account_or_404(request, account_id)
    one = queries.person(account_id, person_id)
    if one is None:
        raise Http404
    form = PersonForm(request.POST or None, initial=initial_of_person(one), is_new=False)

    def save() -> None:
        row = form.row(account.external_id, one.external_id)
        actions.save_person(row, by=actor_of(request.user), now=timezone.now())

    if form.is_bound and is_saved(form, save):
        return done(request, _("The person was saved."), "accounts:people", account_id)
    return shown(request, "accounts/person.html", form, account=account, person=one, back=account_page(account_id))
