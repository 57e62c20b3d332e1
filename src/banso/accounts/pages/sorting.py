"""Settings: the segments and the stages."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts import actions, queries
from banso.accounts.forms import NameForm
from banso.accounts.pages.filled import done, is_saved, refused, shown
from banso.accounts.queries import SortRow
from banso.people.access import StaffRequest, actor_of, requires


@requires("company.change")
def sorts(request: StaffRequest, kind: actions.Kind) -> HttpResponse:
    """List segments or stages, and add one."""
    form = NameForm(request.POST or None)
    by, now = actor_of(request.user), timezone.now()
    if form.is_bound and is_saved(
        form, lambda: actions.create(kind=kind, name=form.cleaned_data["name"], by=by, now=now)
    ):
        return done(request, _("It was added."), _list(kind))
    return shown(request, "accounts/sorts.html", form, kind=kind, rows=_rows(kind))


@requires("company.change")
def rename(request: StaffRequest, kind: actions.Kind, sort_id: int) -> HttpResponse:
    """Give a segment or stage another name."""
    row = next((row for row in _rows(kind) if row.id == sort_id), None)
    if row is None:
        raise Http404
    form = NameForm(request.POST or None, initial={"name": row.name})
    by, now = actor_of(request.user), timezone.now()
    if form.is_bound and is_saved(
        form, lambda: actions.rename(kind=kind, id=sort_id, name=form.cleaned_data["name"], by=by, now=now)
    ):
        return done(request, _("It was renamed."), _list(kind))
    return shown(request, "accounts/sort.html", form, kind=kind, row=row)


@require_POST
@requires("company.change")
def step(request: StaffRequest, kind: actions.Kind, sort_id: int) -> HttpResponse:
    """Move a segment or stage one place up or down."""
    way = -1 if request.POST.get("way") == "up" else 1
    try:
        actions.reorder(kind=kind, id=sort_id, step=way, by=actor_of(request.user), now=timezone.now())
    except actions.AccountsRefusal as refusal:
        return refused(request, refusal, _list(kind))
    return done(request, _("The order was changed."), _list(kind))


@require_POST
@requires("company.change")
def remove(request: StaffRequest, kind: actions.Kind, sort_id: int) -> HttpResponse:
    """Take a segment or stage away that no account stands in."""
    try:
        actions.remove(kind=kind, id=sort_id, by=actor_of(request.user), now=timezone.now())
    except actions.AccountsRefusal as refusal:
        return refused(request, refusal, _list(kind))
    return done(request, _("It was deleted."), _list(kind))


def _rows(kind: actions.Kind) -> list[SortRow]:
    return queries.segments() if kind == "segment" else queries.stages()


def _list(kind: actions.Kind) -> str:
    return f"accounts:{kind}s"
