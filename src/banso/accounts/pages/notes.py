"""Notes about an account: written, changed, taken away with a way back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts import actions, queries
from banso.accounts.forms import NoteForm
from banso.accounts.pages.filled import account_or_404, account_page, done, is_saved, next_page, refused, shown
from banso.accounts.queries import NoteRow
from banso.people.access import StaffRequest, actor_of, requires


@requires("accounts.note")
def add_note(request: StaffRequest, account_id: int) -> HttpResponse:
    """Write a note; from the account's page, or on a page of its own where something was wrong with it."""
    account = account_or_404(request, account_id)
    form = NoteForm(request.POST or None)
    by, now = actor_of(request.user), timezone.now()
    if form.is_bound and is_saved(
        form,
        lambda: actions.write_note(account_id=account_id, body=form.cleaned_data["body"], by=by, now=now),
    ):
        return done(request, _("The note was saved."), next_page(request, account_page(account_id)))
    return shown(request, "accounts/note.html", form, account=account, back=account_page(account_id))


@requires("accounts.note")
def note(request: StaffRequest, account_id: int, note_id: int) -> HttpResponse:
    """Change one's own note."""
    account = account_or_404(request, account_id)
    one = _own(request, account_id, note_id)
    form = NoteForm(request.POST or None, initial={"body": one.body})
    by, now = actor_of(request.user), timezone.now()
    if form.is_bound and is_saved(
        form, lambda: actions.change_note(note_id=note_id, body=form.cleaned_data["body"], by=by, now=now)
    ):
        return done(request, _("The note was saved."), account_page(account_id))
    return shown(request, "accounts/note.html", form, account=account, note=one, back=account_page(account_id))


@require_POST
@requires("accounts.note")
def remove_note(request: StaffRequest, account_id: int, note_id: int) -> HttpResponse:
    """Take one's own note away, and offer the way back."""
    account = account_or_404(request, account_id)
    _own(request, account_id, note_id)
    actions.remove_note(note_id=note_id, by=actor_of(request.user), now=timezone.now())
    context = {"account": account, "note_id": note_id, "back": account_page(account_id)}
    return render(request, "accounts/note_removed.html", context)


@require_POST
@requires("accounts.note")
def bring_note_back(request: StaffRequest, account_id: int, note_id: int) -> HttpResponse:
    """Undo taking a note away."""
    account_or_404(request, account_id)
    try:
        actions.bring_note_back(note_id=note_id, by=actor_of(request.user), now=timezone.now())
    except actions.AccountsRefusal as refusal:
        return refused(request, refusal, account_page(account_id))
    messages.success(request, _("The note is back."))
    return redirect(account_page(account_id))


def _own(request: StaffRequest, account_id: int, note_id: int) -> NoteRow:
    found = queries.note(account_id, note_id)
    if found is None or found.written_by_id != request.user.pk:
        raise Http404
    return found
