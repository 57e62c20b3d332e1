"""Notes about accounts: written, changed by who wrote them, taken away and brought back."""

from datetime import datetime

from django.db import transaction

from banso.accounts.actions.refusals import NoteEmpty, NoteTooLong, NotFound, NotYours
from banso.accounts.models import Account, Note, NoteVersion
from banso.accounts.queries import NoteRow, note_row
from banso.journal import actions as journal
from banso.people.access import Actor
from banso.shared.markdown import MOST_CHARACTERS
from banso.shared.text import clean


@transaction.atomic
def write_note(*, account_id: int, body: str, by: Actor, now: datetime) -> NoteRow:
    """Write a note (Markdown) about an account; raises NotFound, NoteEmpty, NoteTooLong."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    note = Note.objects.create(account=account, body=_checked(body), written_by_id=by.user_id, written_at=now)
    _tell("note.written", note, by, now)
    return note_row(note)


@transaction.atomic
def change_note(*, note_id: int, body: str, by: Actor, now: datetime) -> None:
    """Change one's own note and keep what it said; raises NotFound, NotYours, NoteEmpty, NoteTooLong."""
    note = _own(note_id, by, is_removed=False)
    body = _checked(body)
    if body == note.body:
        return
    NoteVersion.objects.create(note=note, body=note.body, replaced_at=now)
    note.body, note.changed_at = body, now
    note.save(update_fields=["body", "changed_at"])
    _tell("note.changed", note, by, now)


@transaction.atomic
def remove_note(*, note_id: int, by: Actor, now: datetime) -> None:
    """Take one's own note away; it can be brought back. Raises NotFound, NotYours."""
    note = _own(note_id, by, is_removed=False)
    note.removed_at, note.removed_by_id = now, by.id
    note.save(update_fields=["removed_at", "removed_by"])
    _tell("note.removed", note, by, now)


@transaction.atomic
def bring_note_back(*, note_id: int, by: Actor, now: datetime) -> None:
    """Bring one's own note back that was taken away; raises NotFound, NotYours."""
    note = _own(note_id, by, is_removed=True)
    note.removed_at = note.removed_by = None
    note.save(update_fields=["removed_at", "removed_by"])
    _tell("note.brought_back", note, by, now)


def _own(note_id: int, by: Actor, *, is_removed: bool) -> Note:
    found = Note.objects.select_for_update().filter(pk=note_id, removed_at__isnull=not is_removed)
    note = found.first()
    if note is None:
        raise NotFound
    if by.kind != "user" or note.written_by_id != by.id:
        raise NotYours
    return note


def _checked(body: str) -> str:
    body = clean(body).strip()
    if not body:
        raise NoteEmpty
    if len(body) > MOST_CHARACTERS:
        raise NoteTooLong
    return body


def _tell(verb: str, note: Note, by: Actor, now: datetime) -> None:
    # The text itself stays out of the journal, which nobody can edit: it may name a person who asks to be forgotten.
    news = journal.News(verb, account_id=note.account_id, subject_kind="note", subject_id=note.pk)
    journal.write(news, by=by, now=now)
