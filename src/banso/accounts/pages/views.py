"""Saved views: keeping the list as it stands under a name, and tidying them up."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts import actions, queries
from banso.accounts.forms import ViewForm
from banso.accounts.pages.filled import done, is_saved, refused, shown
from banso.people.access import StaffRequest, may, requires


@requires("accounts.view")
def views(request: StaffRequest) -> HttpResponse:
    """Save the list that the address names as a view; list all views."""
    may_share = may(request.user, "views.share")
    # A form sends the fields that were left empty, too: they would say nothing, and fill the view's length.
    said = [(name, value) for name, values in request.GET.lists() for value in values if value]
    form = ViewForm(request.POST or None, initial={"query": urlencode(said)}, may_share=may_share)

    def save() -> None:
        given = form.cleaned_data
        actions.save_view(
            user=request.user,
            name=given["name"],
            query=given["query"],
            is_shared=given.get("is_shared", False),
            now=timezone.now(),
        )

    if form.is_bound and is_saved(form, save):
        return done(request, _("The view was saved."), f"/accounts/?{form.cleaned_data['query']}")
    found = queries.saved_views(request.user)
    return shown(request, "accounts/views.html", form, views=found, may_share=may_share)


@require_POST
@requires("accounts.view")
def delete_view(request: StaffRequest, view_id: int) -> HttpResponse:
    """Take a view away."""
    try:
        actions.delete_view(view_id=view_id, user=request.user, now=timezone.now())
    except actions.AccountsRefusal as refusal:
        return refused(request, refusal, "accounts:views")
    return done(request, _("The view was deleted."), "accounts:views")
