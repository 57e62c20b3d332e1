"""Accounts that changed hands, stage or segment by mistake go back; the list of the desk moves them."""

from django.http import HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from banso.accounts import actions, queries
from banso.accounts.pages.filled import done, next_page
from banso.people.access import StaffRequest, actor_of, requires


@require_POST
@requires("accounts.change")
def put_back(request: StaffRequest) -> HttpResponse:
    """Undo a move by the signed token that it gave."""
    moved = actions.unsealed(request.POST.get("token", ""), user_id=request.user.pk)
    if moved is None:
        return HttpResponseBadRequest()
    visible = queries.visible_to(request.user)
    count = actions.put_back(moved=moved, by=actor_of(request.user), now=timezone.now(), visible=visible)
    text = ngettext("%(count)s account is back where it was.", "%(count)s accounts are back where they were.", count)
    return done(request, text % {"count": f"{count:,}"}, next_page(request, "/accounts/"))
